"""What the figure checker asks of a report: asked of the unit that knows, answered there, without seeing the rest."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.statistics import domain, rules
from binhyen.modules.statistics.forms import AnswerForm
from binhyen.modules.statistics.marking import label_of
from binhyen.modules.statistics.models import ReportQuestion
from binhyen.modules.statistics.pages.asking import authority_in


def questions_of(request: HttpRequest) -> Any:
    """Questions about reports of the person's units, and those that were put to them."""
    units = authority_in(request).unit_ids(OFFICERS)
    found = ReportQuestion.objects.filter(Q(report__unit_id__in=units) | Q(asked_unit_id__in=units))
    return found.select_related("report__unit", "asked_unit", "answered_by")


@open_to(*OFFICERS)
def question_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The sentence in question, and what to say to it."""
    question, authority = get_object_or_404(questions_of(request), pk=pk), authority_in(request)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"tra_loi": question.answer})
    if request.method == "POST" and form.is_valid():
        domain.answer(question, form.cleaned_data["tra_loi"], by=authority.user)
        messages.success(request, "Đã ghi câu trả lời.")
        mine = rules.may_report_for(authority, question.report.unit) is None
        return redirect(question.report if mine else question)
    own = question.report.unit
    units = Unit.objects.filter(path__startswith=own.path, depth__gt=own.depth).order_by("path")
    context = {
        "question": question,
        "label": label_of(question.kind),
        "form": form,
        "refusal": rules.may_answer(authority, question),
        "sees_report": rules.may_report_for(authority, question.report.unit) is None,
        "units": [each for each in units if each.is_open_on()],
        "around": _around(question),
    }
    return render(request, "statistics/question.html", context, status=422 if form.errors else 200)


def _around(question: ReportQuestion) -> tuple[str, str, str]:
    """The line of the text with the place in question: before, the place, after."""
    text = question.report.text
    first = text.rfind("\n", 0, question.start) + 1
    last = text.find("\n", question.end)
    return (
        text[first : question.start],
        text[question.start : question.end],
        text[question.end : last if last >= 0 else None],
    )


@require_POST
@open_to(*OFFICERS)
def question_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it to a unit."""
    question = get_object_or_404(questions_of(request), pk=pk)
    unit = get_object_or_404(Unit, code=request.POST.get("don_vi", ""))
    domain.ask_unit(question, unit, by=authority_in(request).user)
    messages.success(request, f"Đã hỏi {unit.name}. Báo cáo chờ câu trả lời.")
    return redirect(question.report)
