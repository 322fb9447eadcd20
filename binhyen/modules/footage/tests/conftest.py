"""A commune with two street cameras, one household camera in the area and one outside it, and an open case."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.testing.world import World, make_person
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import Camera, add_camera, add_household_camera
from binhyen.modules.cases.public import Case, CaseFacts, open_case
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import OwnerAsk
from binhyen.modules.footage.requests import Asked, ask_for_footage, ask_owners
from binhyen.modules.footage.tests.uploading import Device
from binhyen.modules.footage.uploads import links

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
MIDDLE = (21.63, 105.64)
AREA = circle(*MIDDLE, 200)
HOME = "Số 7 ngõ 3 thôn Đồng Mây"
OWNER = "Phạm Thị Sen"


@dataclass
class Street:
    world: World
    near: Camera
    far: Camera
    home: Camera
    owner: User
    case: Case

    @property
    def officer(self) -> User:
        return self.world.people["investigator"]

    @property
    def chief(self) -> User:
        return self.world.people["chief"]

    def asked(self, hours: float = 2, **changes) -> Asked:
        facts = {
            "area": AREA,
            "start": NOW - timedelta(hours=hours + 1),
            "end": NOW - timedelta(hours=1),
            "purpose": "Tìm xe máy bị lấy trộm",
            "legal_basis": "Bộ luật Tố tụng hình sự 2015, Điều 147",
        }
        return Asked(**{**facts, **changes})


def add_home(world, owner, *, at=MIDDLE):
    return add_household_camera(
        by=None, owner=owner, unit=world.commune_a, name="Camera cổng", url="rtsp://192.168.7.21/1",
        address=HOME, latitude=at[0], longitude=at[1],
    )  # fmt: skip


@pytest.fixture
def street(world, all_units) -> Street:
    def add(code, latitude):
        return add_camera(
            by=None, unit=world.commune_a, tier=2, name=f"Ngã tư {code}", url="rtsp://192.168.7.20/1", code=code,
            latitude=latitude, longitude=MIDDLE[1],
        )  # fmt: skip

    near, far = add("CAM-GAN", MIDDLE[0]), add("CAM-XA", MIDDLE[0] + 0.1)
    owner = make_person("sen", OWNER, Role.CAMERA_OWNER, world.commune_a)
    home = add_home(world, owner)
    case = open_case(
        CaseFacts("trom-cap", "Mất xe máy"), unit=world.commune_a, by=world.people["investigator"],
        at=NOW - timedelta(hours=2),
    )  # fmt: skip
    return Street(world, near, far, home, owner, case)


@pytest.fixture
def home(street):
    """The household records for itself: the station knows no stream of its camera, and asked it this morning."""
    street.home.recording, street.home.url_sealed = False, b""
    street.home.save()
    asked = street.asked(start=now() - timedelta(hours=3), end=now() - timedelta(hours=1))
    request = ask_for_footage(street.case, asked, by=street.officer, later=lambda _: None)
    ask_owners(request.pk)
    ask = OwnerAsk.objects.get()
    return SimpleNamespace(street=street, ask=ask, request=request, owner=street.owner, officer=street.officer)


@pytest.fixture
def device(home):
    """The computer beside the recorder, after the link was opened there."""
    made = Device(Client())
    made.open(links.make_link(home.ask.pk, at=now()))
    return made
