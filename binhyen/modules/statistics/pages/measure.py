"""One measure for a unit and a period: by the units below, by periods, by kinds; each with its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from binhyen.kernel.measures import Figure, Measure, Period, figures, measure_of
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.statistics.charts import bars, line
from binhyen.modules.statistics.comparing import Change, change
from binhyen.modules.statistics.pages.asking import COMPARED_WITH, Asked, asked, authority_in
from binhyen.modules.statistics.pages.overview import point_of
from binhyen.modules.statistics.pages.taking import Line, answer
from binhyen.modules.statistics.spans import children_of, run_of
from binhyen.modules.statistics.subjects import subject_of
from binhyen.modules.statistics.tables import Cell, cell_of, measure_url

PERIODS_SHOWN = 6


@dataclass(frozen=True)
class Compared:
    """A line of a table: a unit, a period or a kind, its figure, what it was, how they differ. `url` drills down."""

    label: str
    now: Cell
    before: Cell
    change: Change
    url: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Part:
    """A question that the page answers: a chart and, always beneath it, its table."""

    title: str
    head: str
    picture: SafeString
    lines: Sequence[Compared]
    now_label: str
    before_label: str


def measure_for(code: str) -> Measure:
    """The measure that the address names; 404 for one that there is not."""
    try:
        return measure_of(code)
    except KeyError as error:
        raise Http404 from error


@require_safe
@open_to(*OFFICERS)
def measure_page(request: HttpRequest, code: str) -> HttpResponse:
    """The figure, and what it is made of."""
    measure, question, authority = measure_for(code), asked(request), authority_in(request)
    by_unit = _by_unit(measure, question, authority)
    parts = [
        by_unit if len(by_unit.lines) > 1 else None,
        _by_period(measure, question, authority),
        _by_kind(measure, question, authority) if measure.kind_choices else None,
    ]
    context: dict[str, Any] = {
        "measure": measure,
        "subject": subject_of(measure),
        "asked": question,
        "own": by_unit.lines[0],
        "parts": [part for part in parts if part is not None],
        "above": [(unit, measure_url(measure.code, unit.code, question.period.code)) for unit in question.above],
        "against_words": COMPARED_WITH[question.against].lower(),
        "query": request.GET.urlencode(),
        "definition_url": reverse("measure", args=[measure.code]),
    }
    return render(request, "statistics/measure.html", context, status=422 if question.problem else 200)


def _by_unit(measure: Measure, question: Asked, authority: Authority) -> Part:
    below = children_of(question.unit, question.period)
    periods = [question.period, question.before]
    found = figures([measure], [question.unit, *below], periods, authority=authority)

    def compared(unit: Unit) -> Compared:
        now, before = (found[measure.code, unit.pk, each.code] for each in periods)
        url = measure_url(measure.code, unit.code, question.period.code) if unit != question.unit else ""
        return _line(measure, unit.name, now, before, url=url, is_own=unit == question.unit)

    lines = [compared(unit) for unit in (question.unit, *below)]
    points = [point_of(unit.name, found[measure.code, unit.pk, question.period.code],
                       measure_url(measure.code, unit.code, question.period.code)) for unit in below]  # fmt: skip
    picture = bars(points, title=f"{measure.name} theo đơn vị, {question.period.label}", name="theo-don-vi")
    return Part("Theo đơn vị", "Đơn vị", picture, lines, question.period.label, question.before.label)


def _by_period(measure: Measure, question: Asked, authority: Authority) -> Part:
    run = run_of(question.period, PERIODS_SHOWN + 1)
    found = figures([measure], [question.unit], run, authority=authority)

    def shown(period: Period) -> Figure:
        return found[measure.code, question.unit.pk, period.code]

    def url(period: Period) -> str:
        return measure_url(measure.code, question.unit.code, period.code)

    pairs = list(zip(run[1:], run[:-1], strict=True))
    lines = [_line(measure, now.label, shown(now), shown(before), url=url(now)) for now, before in reversed(pairs)]
    points = [point_of(_short(each), shown(each), url(each)) for each in run[1:]]
    picture = line(points, title=f"{measure.name} theo kỳ, {question.unit.name}", name="theo-ky")
    return Part("Theo kỳ", "Kỳ", picture, lines, "Số liệu", "Kỳ liền trước")


def _by_kind(measure: Measure, question: Asked, authority: Authority) -> Part:
    periods = [question.period, question.before]

    def both(kind: str) -> list[Figure]:
        found = figures([measure], [question.unit], periods, kind=kind, authority=authority)
        return [found[measure.code, question.unit.pk, each.code] for each in periods]

    choices = [(label, *both(kind)) for kind, label in measure.kind_choices]
    lines = [_line(measure, label, now, before) for label, now, before in choices]
    points = [point_of(label, now, now.rows_url or "") for label, now, _ in choices]
    picture = bars(points, title=f"{measure.name} theo loại, {question.period.label}", name="theo-loai")
    return Part("Theo loại", "Loại", picture, lines, question.period.label, question.before.label)


def _line(
    measure: Measure, label: str, now: Figure, before: Figure, *, url: str = "", is_own: bool = False
) -> Compared:
    return Compared(label, cell_of(now), cell_of(before), change(measure, now, before), url, is_own)


def _short(period: Period) -> str:
    """What fits under a dot: 03/2022, Q1/2022."""
    return period.label.removeprefix("Tháng ").removeprefix("Năm ").split(" (")[0]


def export_as(kind: str) -> Any:
    """The view that gives the figures by unit as a file."""

    @require_safe
    @open_to(*OFFICERS)
    def export(request: HttpRequest, code: str) -> HttpResponse:
        measure, question = measure_for(code), asked(request)
        part = _by_unit(measure, question, authority_in(request))
        header = ["Đơn vị", part.now_label, part.before_label, "Tăng, giảm", "Tăng, giảm %"]
        lines: list[Line] = [
            [each.label, each.now, each.before, each.change.difference, each.change.percent] for each in part.lines
        ]
        title = f"{measure.name}, {question.unit.name}, {question.period.label}"
        return answer(request, kind, title=title, slug=f"thong-ke-{measure.code}", header=header, lines=lines)

    return export
