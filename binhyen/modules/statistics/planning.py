"""Reports that make themselves: when, for which period, once."""

import logging
from datetime import datetime, time

from django.db import transaction
from django.utils.timezone import localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.measures import Period
from binhyen.kernel.notify.sending import send
from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.kernel.workflow.working_time import add_working_days
from binhyen.modules.statistics import rules
from binhyen.modules.statistics.domain import Wanted, draft_report, refuse
from binhyen.modules.statistics.models import Report, ReportPlan
from binhyen.modules.statistics.notices import REPORT_DRAFTED
from binhyen.modules.statistics.spans import ended_before

log = logging.getLogger(__name__)


@transaction.atomic
def plan_report(wanted: Wanted, *, every: str, workday: int, by: User) -> ReportPlan:
    """Report this regularly: on the `workday`-th working day after each period. Raises Refused."""
    refuse(rules.may_report_for(authority_of(by), wanted.unit))
    plan = ReportPlan.objects.create(
        unit=wanted.unit, title=wanted.title, measures=list(wanted.measures), layout=wanted.layout, every=every,
        workday=workday, made_by=by,
    )  # fmt: skip
    record("statistics.plan.add", by=by, subject=plan.title, unit=plan.unit.code)
    return plan


@transaction.atomic
def end_plan(plan: ReportPlan, *, by: User) -> None:
    """Make no more of them; those that were made stay."""
    refuse(rules.may_report_for(authority_of(by), plan.unit))
    plan.ended_at = now()
    plan.save(update_fields=["ended_at"])
    record("statistics.plan.end", by=by, subject=plan.title, unit=plan.unit.code)


def due_on(plan: ReportPlan, period: Period) -> datetime:
    """When the day begins on which the report of `period` is made."""
    last_evening = datetime.combine(period.last, time(23, 59), VIETNAM)
    due_at = add_working_days(last_evening, plan.workday, unit=plan.unit)
    return localtime(due_at, VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def make_due_reports(at: datetime | None = None) -> list[Report]:
    """A draft for every plan whose day has come; each period once, however often this runs."""
    at = at or now()
    with across_units():
        plans = list(ReportPlan.objects.filter(ended_at=None).select_related("unit", "made_by"))
        made = [_make(plan, at) for plan in plans]
    return [report for report in made if report is not None]


@transaction.atomic
def _make(plan: ReportPlan, at: datetime) -> Report | None:
    period = ended_before(plan.every, localtime(at, VIETNAM).date())
    due = due_on(plan, period)
    is_due = localtime(plan.made_at, VIETNAM).date() <= due.date() and due <= at
    if not is_due or Report.objects.filter(plan=plan, period=period.code).exists():
        return None
    people = [plan.made_by, *_chiefs_of(plan)]
    able = [each for each in people if rules.may_report_for(authority_of(each), plan.unit) is None]
    if not able:
        log.warning("Báo cáo định kỳ %s chưa lập được: %s không còn ai lập báo cáo.", plan.pk, plan.unit.name)
        return None
    wanted = Wanted(plan.unit, plan.title, plan.measures, plan.layout, period)
    report = draft_report(wanted, by=able[0], plan=plan)
    send(
        REPORT_DRAFTED, to=able, subject="Một báo cáo định kỳ đã được lập",
        body=f"{report.title}, {period.label.lower()}. Hãy kiểm tra rồi trình ký.", url=report.get_absolute_url(),
        dedupe_key=f"drafted:{report.pk}", at=at,
    )  # fmt: skip
    return report


def _chiefs_of(plan: ReportPlan) -> list[User]:
    """Who goes on where whoever planned it serves elsewhere by now."""
    held = Membership.objects.valid_on().filter(unit=plan.unit, role=Role.CHIEF).select_related("user")
    return [each.user for each in held.order_by("pk")]
