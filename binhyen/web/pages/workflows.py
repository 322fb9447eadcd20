"""“Quy trình”: every workflow as a picture and a table, how many things stand where, and what is late.

Every member of staff sees the pictures; counts are of the own units alone, and what is late is named only to those who
may read it.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, now

from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.diagram import Counted, diagram, turns_back
from binhyen.kernel.workflow.overdue import Standing, overdue, standing
from binhyen.kernel.workflow.registry import Registered, workflow_named, workflows
from binhyen.kernel.workflow.table import Step, guard_words
from binhyen.kernel.workflow.working_time import opening_at, vietnam

LATE_SHOWN = 20

for_staff = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF, Role.AUDITOR, Role.IT_ADMIN)


@dataclass(frozen=True)
class StepRow:
    """One step as the table beneath the picture tells it."""

    number: int
    step: Step
    sources: list[str]
    target: str
    who: str
    within: str


@dataclass(frozen=True)
class StateRow:
    """One state as the table tells it: what it is to the clock, what is in it."""

    label: str
    times: str
    total: int
    late: int


@for_staff
def workflow_list(request: HttpRequest) -> HttpResponse:
    """Every workflow, what is in progress, what is late in all of them."""
    authority, at = _authority(request), now()
    shown = [standing(registered, authority, at=at) for registered in workflows()]
    late = overdue(authority, at=at, limit=LATE_SHOWN)
    context = {"standings": shown, "late": late, "late_total": sum(each.late_total for each in shown)}
    return render(request, "web/workflows.html", context | {"opening": opening_at(at)})


@for_staff
def workflow_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One workflow: picture, table, what is late."""
    try:
        registered = workflow_named(name)
    except KeyError as error:
        raise Http404 from error
    authority, at = _authority(request), now()
    stands = standing(registered, authority, at=at)
    context = {
        "registered": registered,
        "standing": stands,
        "wide": _picture(stands, "right"),
        "tall": _picture(stands, "down"),
        "steps": step_rows(registered),
        "states": state_rows(stands),
        "turns_back": any(turns_back(registered.workflow, step) for step in registered.workflow.steps),
        "escalations": [each.words for each in registered.workflow.escalations],
        "late": overdue(authority, at=at, of=[registered], limit=LATE_SHOWN),
        "may_read_late": authority.holds(registered.workflow.readers),
    }
    return render(request, "web/workflow.html", context)


@for_staff
def working_calendar(request: HttpRequest) -> HttpResponse:
    """Working hours and days off of a year, each with its legal basis."""
    calendar, today = vietnam(), localdate()
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    year = min(max(year, calendar.first_day.year), today.year + 10)
    context = {
        "year": year,
        "years": (year - 1 if year > calendar.first_day.year else None, year + 1 if year < today.year + 10 else None),
        "days": list(calendar.off_in(year).values()),
        "swaps": [swap for swap in calendar.days_off.swaps if swap.worked.year == year],
        "undecided": calendar.days_off.undecided(year),
        "hours": [row for row in calendar.hours if row.in_force.holds_on(max(calendar.first_day, today))],
        "opening": opening_at(now()),
    }
    return render(request, "web/working_calendar.html", context)


def _authority(request: HttpRequest) -> Authority:
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def _picture(stands: Standing, direction: str) -> SafeString:
    counts = {state: Counted(total, stands.late[state]) for state, total in stands.counts.items()}
    title = f"Sơ đồ quy trình: {stands.registered.label}. Bảng bên dưới nói cùng nội dung bằng lời."
    drawn = diagram(stands.registered.workflow, title=title, direction=direction, counts=counts)
    return mark_safe(drawn)  # noqa: S308 - `diagram` escapes every word that it draws


def step_rows(registered: Registered) -> list[StepRow]:
    """The steps in order, in words."""
    workflow = registered.workflow
    return [
        StepRow(
            number,
            step,
            [workflow.states[source] for source in step.source],
            workflow.states[step.target],
            guard_words(step.allowed),
            _within_words(step),
        )
        for number, step in enumerate(workflow.steps, 1)
    ]


def _within_words(step: Step) -> str:
    if step.within is None:
        return ""
    return f"thêm {step.within.words} vào hạn đang có" if step.extends else step.within.words


def state_rows(stands: Standing) -> list[StateRow]:
    """The states in order, in words."""
    workflow = stands.registered.workflow
    rows = []
    for state, label in workflow.states.items():
        times = " hoặc ".join(within.words for within in workflow.times_in(state))
        if state in workflow.done:
            times = "đã xong, không còn hạn"
        elif state in workflow.paused:
            times = "dừng tính hạn; khi tiếp tục thì tính phần thời gian còn lại"
        elif state in workflow.lapsing:
            times = f"{times} (hạn của người khác; hết hạn không tính là trễ)"
        rows.append(StateRow(label, times or "không đặt hạn", stands.counts[state], stands.late[state]))
    return rows
