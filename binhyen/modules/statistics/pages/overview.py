"""“Thống kê”: every measure of a unit in a period, by subject; each figure opens its rows, each name its own page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from binhyen.kernel.measures import Figure, Measure, figures, registered
from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.statistics.charts import Point, spark
from binhyen.modules.statistics.comparing import Change, change
from binhyen.modules.statistics.pages.asking import COMPARED_WITH, Asked, asked, authority_in
from binhyen.modules.statistics.pages.taking import Line, answer
from binhyen.modules.statistics.spans import children_of, run_of
from binhyen.modules.statistics.subjects import by_subject
from binhyen.modules.statistics.tables import Cell, cell_of, measure_url

PERIODS_SHOWN = 6


@dataclass(frozen=True)
class Card:
    """One measure: its figure, what it was, how it moved."""

    measure: Measure
    now: Cell
    before: Cell
    change: Change
    url: str
    picture: SafeString


def cards_of(measures: list[Measure], question: Asked, request: HttpRequest) -> list[Card]:
    """In few queries, however many measures."""
    run = run_of(question.period, PERIODS_SHOWN)
    periods = list(dict.fromkeys([*run, question.before]))
    found = figures(measures, [question.unit], periods, authority=authority_in(request))

    def shown(measure: Measure, code: str) -> Figure:
        return found[measure.code, question.unit.pk, code]

    def card(measure: Measure) -> Card:
        now, before = shown(measure, question.period.code), shown(measure, question.before.code)
        points = [point_of(each.label, shown(measure, each.code)) for each in run]
        url = measure_url(measure.code, question.unit.code, question.period.code)
        picture = spark(points, title=f"{measure.name}, {PERIODS_SHOWN} kỳ", name=f"hinh-{measure.code}")
        return Card(measure, cell_of(now), cell_of(before), change(measure, now, before), url, picture)

    return [card(measure) for measure in measures]


def point_of(label: str, figure: Figure, url: str = "") -> Point:
    """A figure as a chart draws it; a hidden one has no length."""
    return Point(label, figure.text, None if figure.is_hidden else figure.value, url)


@require_safe
@open_to(*OFFICERS)
def overview(request: HttpRequest) -> HttpResponse:
    """All measures of a unit and a period."""
    question = asked(request)
    cards = {card.measure.code: card for card in cards_of(registered(), question, request)}
    context: dict[str, Any] = {
        "asked": question,
        "subjects": [(name, [cards[each.code] for each in found]) for name, found in by_subject(registered())],
        "below": children_of(question.unit, question.period),
        "against_words": COMPARED_WITH[question.against].lower(),
        "query": request.GET.urlencode(),
    }
    return render(request, "statistics/overview.html", context, status=422 if question.problem else 200)


def export_as(kind: str) -> Any:
    """The view that gives the same as a file."""

    @require_safe
    @open_to(*OFFICERS)
    def export(request: HttpRequest) -> HttpResponse:
        question = asked(request)
        header = ["Lĩnh vực", "Chỉ số", question.period.label, question.before.label, "Tăng, giảm", "Tăng, giảm %"]
        cards = {card.measure.code: card for card in cards_of(registered(), question, request)}
        lines: list[Line] = [
            [subject, each.name, *_cells(cards[each.code])]
            for subject, measures in by_subject(registered())
            for each in measures
        ]
        title = f"Thống kê {question.unit.name}, {question.period.label}"
        return answer(request, kind, title=title, slug="thong-ke", header=header, lines=lines)

    return export


def _cells(card: Card) -> list[str | Cell]:
    return [card.now, card.before, card.change.difference, card.change.percent]
