"""Who may look through which camera. Each rule answers None (yes) or says why not, who can allow it, what to do.

Luật 91/2025/QH15, Điều 32; household cameras enter only through a request that their owner approved
(cần pháp chế kiểm tra). Rules ask the modules above afresh every time: a closed case ends access at once.
"""

from django.utils.timezone import localdate, now

from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras.access import Access, Window, case_book
from binhyen.modules.cameras.consent import find_accesses, standing_of
from binhyen.modules.cameras.households import is_owner
from binhyen.modules.cameras.models import Camera, LookKind

WATCHERS = frozenset({Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.CHIEF})
"""Who watches tier 1 and 2 live by office; an investigator needs an open case."""

REGISTRARS = frozenset({Role.COMMUNE_OFFICER, Role.CHIEF, Role.IT_ADMIN})
"""Who keeps the register of tiers 1 and 2."""

NOT_FOUND = Refusal(
    "Không có camera này hoặc anh/chị không có quyền xem.",
    code="not_found",
    remedy="Hãy kiểm tra lại mã camera, hoặc đề nghị Trưởng công an đơn vị quản lý camera.",
)
"""One answer for a camera that does not exist, lies in another unit, or belongs to a household: it tells nothing."""

CASE_NEEDED = Refusal(
    "Xem lại, chụp ảnh và trích xuất cần một vụ việc đang mở của đơn vị.",
    code="case_needed",
    remedy="Hãy chọn một vụ việc đang mở hoặc lập vụ việc mới. Trưởng công an có thể mở lại vụ việc đã đóng.",
)
INVESTIGATOR_LIVE = Refusal(
    "Điều tra viên xem trực tiếp khi có vụ việc đang mở.",
    code="case_needed",
    remedy="Hãy chọn một vụ việc đang mở, hoặc đề nghị Trực ban xem giúp.",
)
HOUSEHOLD_LIVE = Refusal(
    "Camera hộ gia đình không xem trực tiếp được: chỉ chủ camera xem được.",
    code="household_live",
    remedy="Nếu cần hình đã ghi, hãy lập yêu cầu hình ảnh trong một vụ việc đang mở.",
)
OUTSIDE_WINDOW = Refusal(
    "Khoảng thời gian này nằm ngoài phần được phép xem.",
    code="outside_window",
    remedy="Hãy chọn thời gian trong phần đã được duyệt, hoặc lập yêu cầu hình ảnh cho thời gian khác.",
)
TECHNICIAN = Refusal(
    "Quản trị kỹ thuật xem được tình trạng thiết bị nhưng không xem được hình.",
    code="no_picture",
    remedy="Nếu cần người xem hình để chỉnh camera, hãy đề nghị Trực ban.",
)
AUDITOR = Refusal(
    "Người giám sát xem được nhật ký nhưng không xem được hình.",
    code="no_picture",
    remedy="Nếu cần đối chiếu hình với nhật ký, hãy đề nghị Trưởng công an đơn vị.",
)


def may_look(authority: Authority, camera: Camera, kind: str, *, window: Window, case: str) -> Refusal | None:
    """The rule for `kind`; `window` counts for everything but live."""
    if kind == LookKind.LIVE:
        return may_watch_live(authority, camera, case=case)
    return may_play(authority, camera, window=window, case=case)


def may_watch_live(authority: Authority, camera: Camera, *, case: str = "") -> Refusal | None:
    """Tier 1 and 2: by office, or as an investigator with an open case. Tier 3: the owner, and where the household
    agreed to it those for whom it opened a window, under that case."""
    if owns(authority, camera):
        return _ended(camera)
    if camera.is_household:
        return _may_watch_home(authority, camera, case)
    refusal = _no_office(authority, camera) or _ended(camera) or (_case_refusal(authority, case) if case else None)
    if refusal or authority.holds(WATCHERS, camera.unit):
        return refusal
    return None if case else INVESTIGATOR_LIVE


def _may_watch_home(authority: Authority, camera: Camera, case: str) -> Refusal | None:
    accesses = find_accesses(authority, camera.code)
    if not accesses or not authority.holds(OFFICERS):
        return NOT_FOUND
    standing = standing_of(camera.code)
    if not standing.live or not standing.records_at(now()):
        return HOUSEHOLD_LIVE
    if case not in {access.case for access in accesses}:
        return CASE_NEEDED
    return _case_refusal(authority, case) or _ended(camera)


def may_play(authority: Authority, camera: Camera, *, window: Window, case: str) -> Refusal | None:
    """Recorded footage. Tier 1 and 2: officers of the unit under an open case. Tier 3: the owner, and officers inside
    a window that an approved request of an open case opened. An approved window opens tiers 1 and 2 as well."""
    if owns(authority, camera):
        return None
    accesses = find_accesses(authority, camera.code)
    if camera.is_household or (accesses and not authority.holds(OFFICERS, camera.unit)):
        return _may_play_granted(authority, accesses, window=window, case=case)
    refusal = _no_office(authority, camera)
    if refusal:
        return refusal
    return _case_refusal(authority, case) if case else CASE_NEEDED


def _may_play_granted(authority: Authority, accesses: list[Access], *, window: Window, case: str) -> Refusal | None:
    mine = [access for access in accesses if not case or access.case == case]
    if not accesses or not authority.holds(OFFICERS):
        return NOT_FOUND
    if not case:
        return CASE_NEEDED
    refusal = _case_refusal(authority, case)
    if refusal:
        return refusal
    inside = any(access.window.start <= window.start and window.end <= access.window.end for access in mine)
    return None if inside and not window.is_empty else OUTSIDE_WINDOW


def permitted_window(authority: Authority, camera: Camera, asked: Window, *, case: str) -> Window:
    """The part of `asked` that one look may cover; empty where it is none. Says nothing of the right itself."""
    if owns(authority, camera):
        return asked
    if not camera.is_household and authority.holds(OFFICERS, camera.unit):
        return asked
    parts = [asked.within(a.window) for a in find_accesses(authority, camera.code) if a.case == case]
    return max(parts, key=lambda part: part.end - part.start, default=Window(asked.start, asked.start))


def may_know(authority: Authority, camera: Camera) -> bool:
    """Whether `authority` may learn that this camera exists: the register of the own units, the own household
    camera, or one that an approved request opened."""
    if camera.is_household:
        return owns(authority, camera) or bool(find_accesses(authority, camera.code))
    registered = authority.holds(OFFICERS | REGISTRARS | {Role.AUDITOR}, camera.unit)
    return registered or bool(find_accesses(authority, camera.code))


def may_keep_register(authority: Authority, camera: Camera) -> Refusal | None:
    """Changing the facts of a camera: registrars for tiers 1 and 2, the owner for the own household camera."""
    if camera.is_household:
        return None if owns(authority, camera) else NOT_FOUND
    if not may_know(authority, camera):
        return NOT_FOUND
    return None if authority.holds(REGISTRARS, camera.unit) else REGISTER_KEEPERS


REGISTER_KEEPERS = Refusal(
    "Thông tin camera do Cán bộ công an xã, Trưởng công an hoặc Quản trị kỹ thuật của đơn vị sửa.",
    code="wrong_role",
    remedy="Hãy báo cho một trong những người ấy.",
)


def owns(authority: Authority, camera: Camera) -> bool:
    """Whether it is the household camera of this very person, who still takes part."""
    return authority.holds({Role.CAMERA_OWNER}) and is_owner(authority.user, camera)


def _no_office(authority: Authority, camera: Camera) -> Refusal | None:
    if authority.holds(OFFICERS, camera.unit):
        return None
    if authority.holds({Role.IT_ADMIN}, camera.unit):
        return TECHNICIAN
    if authority.holds({Role.AUDITOR}, camera.unit):
        return AUDITOR
    return NOT_FOUND


def _case_refusal(authority: Authority, case: str) -> Refusal | None:
    return case_book().refusal(authority, case)


def _ended(camera: Camera) -> Refusal | None:
    if camera.is_active_on(localdate()):
        return None
    since = camera.active_until if camera.active_until and camera.active_until <= localdate() else None
    sentence = (
        f"Camera đã ngừng từ {since:%d/%m/%Y}." if since else f"Camera hoạt động từ {camera.active_from:%d/%m/%Y}."
    )
    return Refusal(sentence, code="camera_ended", remedy="Hình đã ghi, nếu còn, xem được trong một vụ việc đang mở.")
