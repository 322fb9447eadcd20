"""“Tình trạng mạng”: every camera of the network on one page, by tier, unit and line."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from binhyen.kernel.sheets import Cell
from binhyen.modules.network.pages.shared import authority_in, for_readers, handed_out
from binhyen.modules.network.repairs import SPAN, open_outages
from binhyen.modules.network.rules import READERS
from binhyen.modules.network.state import NetworkState, Tally, state_of

LINES_SHOWN = 30
OPEN_SHOWN = 10
HEADER = (
    "Đơn vị", "Tầng 1", "Tầng 2", "Đang ghi", "Im lặng", "Mất kết nối", "Không rõ", "Đã tắt", "Camera hộ gia đình",
)  # fmt: skip


@require_safe
@for_readers
def state_page(request: HttpRequest) -> HttpResponse:
    """The whole page; htmx asks for its middle again every ten seconds."""
    authority = authority_in(request)
    state = state_of(authority)
    context = {
        "state": state,
        "lines": state.lines[:LINES_SHOWN],
        "more_lines": max(len(state.lines) - LINES_SHOWN, 0),
        "suspects": [line for line in state.lines if line.is_suspect],
        "open": open_outages(authority.unit_ids(READERS))[:OPEN_SHOWN],
        "span_days": SPAN.days,
    }
    middle = request.headers.get("HX-Request") == "true"
    return render(request, "network/_state.html" if middle else "network/state.html", context)


def export_as(kind: str) -> Any:
    """The view that gives the same as a file."""

    @require_safe
    @for_readers
    def export(request: HttpRequest) -> HttpResponse:
        state = state_of(authority_in(request))
        return handed_out(
            request, kind, title="Tình trạng mạng camera", slug="mang-camera", header=HEADER, lines=_lines(state)
        )

    return export


def _lines(state: NetworkState) -> list[list[Cell]]:
    lines: list[list[Cell]] = [
        [each.unit.name, each.tier_1, each.tier_2, *_counts(each.tally), _told(each.households)] for each in state.units
    ]
    tiers: list[Cell] = [tally.total for _, tally in state.tiers]
    households: Cell = state.households if state.households is not None else "ít, không nêu"
    return [*lines, ["Tổng cộng", *tiers, *_counts(state.tally), households]]


def _counts(tally: Tally) -> list[Cell]:
    return [count for _, count in tally.cells]


def _told(households: Any) -> Cell:
    if households is None:
        return 0
    return households.words if households.count is None else households.count
