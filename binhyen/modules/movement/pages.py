"""Pages that are no register: lines to tasks, records to a nomination, lessons of everybody."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from binhyen.kernel.audit.record import record
from binhyen.kernel.screens import screens_of
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Authority, Refusal, Refused, across_units, open_to
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.movement import citing
from binhyen.modules.movement.forms import AdoptionForm, line_forms, wanted_in
from binhyen.modules.movement.models import Adoption, LessonCard, Meeting, Nomination
from binhyen.modules.movement.tasks import give_tasks, people_for
from binhyen.modules.movement.workflow import KEEPERS, WRITERS

LESSONS_SHOWN = 100


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def _row(model: Any, authority: Authority, pk: int) -> Any:
    """A row that the person may change; as if it were not there otherwise."""
    screens: Any = screens_of(model)
    return get_object_or_404(screens.rows(authority, Action.CHANGE), pk=pk)


@open_to(*WRITERS)
def tasks_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose lines of the minutes that become tasks; say who and by when."""
    meeting: Meeting = _row(Meeting, authority_in(request), pk)
    lines = line_forms(meeting, people_for(authority_in(request)), request.POST if request.method == "POST" else None)
    wrong = [line for line in lines if not line.is_valid()]  # each says what is wrong with it
    if request.method == "POST" and not wrong:
        made = give_tasks(meeting, wanted_in(lines), by=request.user)  # type: ignore[arg-type]  # open_to lets users in only
        if made:
            messages.success(request, f"Đã thành {len(made)} việc phải làm.")
        else:
            messages.info(request, "Chưa chọn dòng nào. Hãy đánh dấu dòng cần làm.")
        return redirect("meeting-detail", pk=pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "movement/tasks.html", {"meeting": meeting, "lines": lines}, status=status)


@open_to(*KEEPERS)
def citations_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick records of one register for a nomination."""
    authority = authority_in(request)
    nomination: Nomination = _row(Nomination, authority, pk)
    if nomination.state != "draft":
        sentence = f"Đề nghị {nomination} đã trình nên không đổi dẫn chứng được."
        raise Refused(Refusal(sentence, code="wrong_state", remedy="Hãy nhờ Trưởng công an trả lại để bổ sung."))
    registers = citing.registers()
    register = request.POST.get("so") or request.GET.get("so") or next(iter(registers))
    if register not in registers:
        raise BadRequest(f"no register {register!r}")
    rows = citing.citable(nomination, register, authority)
    if request.method == "POST":
        keys = {int(key) for key in request.POST.getlist("chon") if key.isdecimal() and len(key) < 19}
        chosen = [row for row in rows if row.pk in keys]
        citing.cite(nomination, register, chosen, shown=[row.pk for row in rows], by=request.user)  # type: ignore[arg-type]  # as above
        messages.success(request, f"Dẫn chứng hiện có: {citing.counted(nomination) or 'chưa có'}.")
        return redirect("nomination-detail", pk=pk)
    had = set(nomination.citations.filter(register=register).values_list("row", flat=True))
    screens = registers[register]
    columns = [column for column in screens.shown_columns if column.name != "unit"]
    lines = [(row, row.pk in had, [(column, column.shown(row)) for column in columns]) for row in rows]
    context = {
        "nomination": nomination, "registers": registers.values(), "chosen": screens, "columns": columns,
        "lines": lines, "is_cut": len(rows) == citing.SHOWN_MAX,
    }  # fmt: skip
    return render(request, "movement/citations.html", context)


@open_to(*OFFICERS)
def lessons_page(request: HttpRequest) -> HttpResponse:
    """Lessons that units share with everybody, those taken over most first."""
    authority = authority_in(request)
    with across_units():
        cards = LessonCard.objects.filter(shared=True).select_related("unit").prefetch_related("adoptions__unit")
        found = list(cards.order_by("-written_on", "-pk")[:LESSONS_SHOWN])
        lessons = [(card, list(card.adoptions.all()), AdoptionForm(units=_units(authority, card))) for card in found]
    lessons.sort(key=lambda lesson: -len(lesson[1]))
    may = authority.holds(KEEPERS)
    return render(request, "movement/lessons.html", {"lessons": lessons, "may": may})


@require_POST
@open_to(*KEEPERS)
def adopt_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's unit takes a lesson over."""
    authority, user = authority_in(request), request.user
    with across_units(), transaction.atomic():
        card = get_object_or_404(LessonCard.objects.filter(shared=True).select_related("unit"), pk=pk)
        form = AdoptionForm(request.POST, units=_units(authority, card))
        if not form.is_valid():
            raise Refused(Refusal("Đơn vị này không làm theo bài học được: là nơi viết ra nó, hoặc đã làm theo rồi.",
                                  code="cannot_adopt", remedy="Hãy chọn đơn vị khác của anh/chị."))  # fmt: skip
        unit, note = form.cleaned_data["unit"], form.cleaned_data["note"]
        Adoption.objects.create(card=card, unit=unit, by=user, adopted_on=localdate(), note=note)
        record("movement.lesson.adopt", by=user, subject=card.title[:120], unit=unit.code)  # type: ignore[arg-type]  # as above
    messages.success(request, f"{unit} làm theo “{card.title}”. {card.unit} sẽ thấy điều này.")
    return redirect("movement-lessons")


def _units(authority: Authority, card: LessonCard) -> Any:
    """The person's units that can take the lesson over."""
    screens: Any = screens_of(LessonCard)
    taken = Adoption._base_manager.filter(card=card).values("unit")
    return screens.policy.units(authority, Action.CHANGE).exclude(pk=card.unit_id).exclude(pk__in=taken)
