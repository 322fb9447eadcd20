"""Cameras to try addresses with: `home` is of the unit's first household, `neighbour` of another."""

from typing import Any

from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.domain import add_camera, add_household_camera
from binhyen.modules.cameras.models import Camera, VaultOpening


def _make(setting: Setting) -> dict[str, Any]:
    home = _household(setting.people[Role.CAMERA_OWNER], setting)
    neighbour = make_person(f"hang-xom.{setting.mark}", "Hàng Xóm", Role.CAMERA_OWNER, setting.unit)
    return {
        "camera": add_camera(
            by=None, unit=setting.unit, tier=2, name=f"Ngã tư {setting.mark}", url="rtsp://192.168.7.20/1",
            code=f"{setting.mark}-01", latitude=setting.at[0], longitude=setting.at[1],
        ),
        "home": home,
        "opening": VaultOpening.objects.create(
            camera=home, reason="tinh_mang", case="0001", asked_by=setting.people[Role.CHIEF], asked_at=now()
        ),
        "neighbour": _household(neighbour, setting),
    }  # fmt: skip


def _household(owner: User, setting: Setting) -> Camera:
    return add_household_camera(
        by=None, owner=owner, unit=setting.unit, name="Cổng nhà", url="rtsp://192.168.7.21/1", address="Số 7",
        latitude=setting.at[0], longitude=setting.at[1],
    )  # fmt: skip


def _station_camera(unit: Unit) -> Camera:
    """The one camera on which rows of other modules stand."""
    code = f"{unit.code}-VD"
    found = Camera._base_manager.filter(code=code).first()
    return found or add_camera(by=None, unit=unit, tier=2, name="Camera ví dụ", url="rtsp://192.168.7.22/1", code=code)


EXAMPLES = Examples(
    make=_make,
    stands_on={"Camera": _station_camera},
    parameters={"code": lambda things: things.camera.code},
    by_route={
        ("own_camera", "code"): lambda things: things.home.code,
        ("own_camera_words", "code"): lambda things: things.home.code,
        ("own_camera_end", "code"): lambda things: things.home.code,
        ("camera_opening_answer", "pk"): lambda things: things.opening.pk,
        ("camera_opening_read", "pk"): lambda things: things.opening.pk,
    },
    forms={
        "camera_look": {
            "live": lambda things: {"kind": "live", "purpose": "an_ninh"},
            "playback": lambda things: {
                "kind": "playback", "purpose": "vu_viec", "case": things.case.number,
                "from": things.request.start, "to": things.request.end,
            },
            "still": lambda things: {
                "kind": "snapshot", "purpose": "vu_viec", "case": things.case.number, "at": things.request.start,
            },
        },
        "camera_openings": {
            "ask": lambda things: {"code": things.home.code, "reason": "tinh_mang", "case": things.case.number},
        },
        "camera_opening_answer": {"grant": lambda things: {"answer": "grant"}},
    },
)  # fmt: skip
