"""Menu entries of footage, what waits for whom, and what stands on a case's page."""

from collections.abc import Iterator

from binhyen.kernel.audit.models import Line
from binhyen.kernel.screens import MenuEntry, WorkItem, add_menu_entry, add_work_source
from binhyen.kernel.units.authority import Authority, across_units
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cases.public import Case, Panel, add_case_panel, add_eraser, may_work_on
from binhyen.modules.footage import answers, requests
from binhyen.modules.footage.models import EvidencePackage, OwnerAsk
from binhyen.modules.footage.packages import erase_packages
from binhyen.modules.footage.queries import awaiting_cosign, packages_of, requests_of

LOOKS_SHOWN = 50

add_menu_entry(MenuEntry("Yêu cầu hình ảnh", "footage-requests", "photo-search", 60, frozenset(OFFICERS)))
add_menu_entry(MenuEntry("Yêu cầu gửi tôi", "owner-asks", "mail-question", 61, frozenset({Role.CAMERA_OWNER})))


@add_work_source
def waiting_asks(authority: Authority) -> Iterator[WorkItem]:
    """An owner's requests that wait for an answer."""
    if authority.user is None or not authority.holds({Role.CAMERA_OWNER}):
        return
    with across_units():
        asks = list(answers.asks_of(authority.user).filter(state=OwnerAsk.State.WAITING, request__state="open"))
    for ask in asks:
        url = f"/camera-cua-toi/yeu-cau/{ask.pk}/"
        yield WorkItem("Công an xin xem hình từ camera của anh/chị", url, "owner-ask", ask.due_at, ask.request.purpose)


@add_work_source
def waiting_signatures(authority: Authority) -> Iterator[WorkItem]:
    """Long windows that a chief is asked to sign."""
    if not authority.holds({Role.CHIEF}):
        return
    for request in awaiting_cosign(authority):
        label = f"Ký duyệt yêu cầu hình ảnh {request.number}"
        yield WorkItem(label, request.get_absolute_url(), "cosign", request.due_at, request.purpose)


@add_work_source
def packages_in_hand(authority: Authority) -> Iterator[WorkItem]:
    """Packages that could not be made, so that whoever asked for one tries again."""
    if authority.user is None or not authority.holds(OFFICERS):
        return
    failed = EvidencePackage.objects.filter(
        made_by=authority.user, state=EvidencePackage.State.FAILED, request__state="open"
    )
    for package in failed.select_related("request__case"):
        label = f"Không lập được gói chứng cứ của {package.request.number}"
        yield WorkItem(label, package.get_absolute_url(), "package", None, package.error)


@add_case_panel
def requests_panel(authority: Authority, case: Case) -> Panel:
    """The requests of the case."""
    context = {"requests": requests_of(case), "case": case, "may_ask": may_work_on(authority, case) is None}
    return Panel("Yêu cầu hình ảnh", "footage/_case_requests.html", 10, context)


@add_case_panel
def packages_panel(authority: Authority, case: Case) -> Panel:
    """The packages of the case."""
    return Panel("Gói chứng cứ", "footage/_case_packages.html", 20, {"packages": packages_of(case)})


@add_case_panel
def looks_panel(authority: Authority, case: Case) -> Panel:
    """Who looked at what for the case."""
    lines = Line.objects.filter(case=case.number, action__startswith="look.").order_by("-number")[:LOOKS_SHOWN]
    return Panel("Ai đã xem hình", "footage/_case_looks.html", 30, {"lines": lines, "shown": LOOKS_SHOWN})


@add_eraser
def erase_footage(case: Case) -> None:
    """Files of packages, what was asked and why, who answered. The numbers stay."""
    for request in requests_of(case):
        requests.close_clips(request, at=request.case.ended_at or request.created_at)
        erase_packages(request)
        request.asks.all().delete()
        request.clips.all().delete()
        request.area, request.area_m2, request.place, request.purpose, request.narrowing = {}, 0, "", "", {}
        request.save(update_fields=["area", "area_m2", "place", "purpose", "narrowing"])
