"""“Cắt đường này”: what would go dark. Changes nothing, so everything stands in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from binhyen.kernel.sheets import Cell
from binhyen.modules.network.drawing import picture
from binhyen.modules.network.graph.reaching import Cut
from binhyen.modules.network.pages.shared import authority_in, for_readers, handed_out
from binhyen.modules.network.what_if import Darkness, darkness_of
from binhyen.modules.network.wiring import Wiring, wiring_for

LINES, DEVICES, DUCT = "duong", "thiet-bi", "tuyen"
NAMES_SHOWN = 4
HEADER = ("Loại", "Tên", "Đơn vị", "Đấu ở", "Ảnh hưởng")


@require_safe
@for_readers
def cut_page(request: HttpRequest) -> HttpResponse:
    """Choose lines, devices or a whole duct; see what hangs on them."""
    wiring = wiring_for(authority_in(request))
    cut, problem = _asked(request, wiring)
    context: dict[str, Any] = {
        "wiring": wiring,
        "lines": _sorted(wiring.lines.values()),
        "devices": _sorted(wiring.devices.values()),
        "ducts": sorted({line.duct for line in wiring.lines.values() if line.duct}),
        "cut": cut,
        "duct": request.GET.get(DUCT, ""),
        "problem": problem,
        "query": request.GET.urlencode(),
    }
    if cut:
        dark = darkness_of(wiring, cut)
        context |= {"dark": dark, "picture": picture(wiring, cut), "named": _named(wiring, cut)}
    return render(request, "network/cut.html", context, status=422 if problem else 200)


def export_as(kind: str) -> Any:
    """The view that gives the same as a file."""

    @require_safe
    @for_readers
    def export(request: HttpRequest) -> HttpResponse:
        wiring = wiring_for(authority_in(request))
        cut, _ = _asked(request, wiring)
        return handed_out(
            request, kind, title="Nếu cắt " + (", ".join(_named(wiring, cut))[:200] or "chưa chọn gì"),
            slug="cat-duong", header=HEADER, lines=_lines(darkness_of(wiring, cut)),
        )  # fmt: skip

    return export


def _sorted(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: (row.unit.path, row.code))


def _asked(request: HttpRequest, wiring: Wiring) -> tuple[Cut, str]:
    """The cut that the address names, and what is wrong with it. What the person may not know of is as if it were not
    there."""
    lines, bad_lines = _known(request.GET.getlist(LINES), wiring.lines)
    devices, bad_devices = _known(request.GET.getlist(DEVICES), wiring.devices)
    duct = request.GET.get(DUCT, "").strip()
    in_duct = {pk for pk, line in wiring.lines.items() if duct and line.duct == duct}
    problems = [
        f"Không có đường truyền “{bad_lines[0][:20]}” trong mạng của anh/chị." if bad_lines else "",
        f"Không có thiết bị “{bad_devices[0][:20]}” trong mạng của anh/chị." if bad_devices else "",
        f"Không có đường nào đi theo tuyến “{duct[:60]}”." if duct and not in_duct else "",
    ]
    said = " ".join(filter(None, problems))
    cut = Cut(frozenset(lines | in_duct), frozenset(devices))
    return cut, f"{said} Hãy chọn lại trong danh sách." if said else ""


def _known(asked: list[str], known: Any) -> tuple[set[int], list[str]]:
    named = {text for text in asked if text.strip()}
    good = {text for text in named if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) in known}
    return {int(text) for text in good}, sorted(named - good)


def _named(wiring: Wiring, cut: Cut) -> list[str]:
    lines = [wiring.lines[pk] for pk in cut.lines]
    devices = [wiring.devices[pk] for pk in cut.nodes]
    names = [row.name for row in (*_sorted(lines), *_sorted(devices))]
    rest = len(names) - NAMES_SHOWN
    return [*names[:NAMES_SHOWN], f"và {rest} mục nữa"] if rest > 0 else names


def _lines(dark: Darkness) -> list[list[Cell]]:
    cameras: list[list[Cell]] = [
        ["Camera", f"{each.camera.name} ({each.camera.code})", each.unit.name, each.way, each.words]
        for each in dark.cameras
    ]
    units: list[list[Cell]] = [["Đơn vị", each.unit.name, each.unit.name, "", _unit_words(each)] for each in dark.units]
    services: list[list[Cell]] = [
        ["Dịch vụ", each.name, each.unit.name, each.device.name if each.device_id else "", "mất"]
        for each in dark.services
    ]
    return [*units, *services, *cameras]


def _unit_words(each: Any) -> str:
    said = f"{each.dark}/{each.total} camera mất xem" if each.dark else ""
    homes = f"camera hộ gia đình không vào được: {each.households.words}" if each.households else ""
    return "; ".join(filter(None, [said, homes]))
