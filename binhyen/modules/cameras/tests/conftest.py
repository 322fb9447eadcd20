"""Cameras of the small world, and a case book that a test writes in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from binhyen.contracts import SECOND, Instant
from binhyen.kernel.testing.world import SINCE, World, make_person
from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras import access
from binhyen.modules.cameras.access import Access, CaseChoice, Window
from binhyen.modules.cameras.domain import add_camera, add_household_camera
from binhyen.modules.cameras.models import Camera

HOUR = 3600 * SECOND
SECRETS = {
    "name": "Cổng nhà bà Lụa",
    "owner": "Phạm Thị Lụa",
    "username": "lua.pham",
    "address": "Ngõ 7 thôn Đông Khê",
    "latitude": "21.0734567",
    "longitude": "105.8123456",
    "password": "mat-khau-ho-dan",
    "host": "10.77.66.55",
}
STATE_PASSWORD = "mat-khau-nga-ba"


@dataclass
class Book:
    """Open cases by number, with the path of their unit; closed ones say so."""

    open: dict[str, str] = field(default_factory=dict)
    embargoed: set[str] = field(default_factory=set)

    def refusal(self, authority: Authority, number: str) -> Refusal | None:
        path = self.open.get(number)
        mine = [held for role in OFFICERS for held in authority.paths.get(role, ())]
        if path is not None and any(path.startswith(held) for held in mine):
            return None
        return Refusal(f"Không xem được: vụ việc {number} đã đóng.", code="case_closed")

    def open_cases(self, authority: Authority) -> list[CaseChoice]:
        return [CaseChoice(n, "Trộm xe máy") for n in sorted(self.open) if self.refusal(authority, n) is None]

    def is_embargoed(self, number: str) -> bool:
        return number in self.embargoed


@dataclass(frozen=True)
class Park:
    """One camera of each tier in commune A, one in commune B; `owner` shares the household one."""

    tier1: Camera
    tier2: Camera
    household: Camera
    elsewhere: Camera
    owner: object


@pytest.fixture
def book(world: World, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The case book of the test, with case 1 open in commune A and case 2 in commune B."""
    book = Book({"0001/2026/X99001": world.commune_a.path, "0001/2026/X99002": world.commune_b.path})
    monkeypatch.setattr(access, "_case_book", book)
    monkeypatch.setattr(access, "_access_sources", [])
    return book


@pytest.fixture
def grants(book: Book, monkeypatch: pytest.MonkeyPatch) -> list[Access]:
    """Accesses that an approved request gave; a test adds and removes them."""
    given: list[Access] = []
    officers_only = lambda authority, code: [  # noqa: E731  # one line, one source
        grant
        for grant in given
        if grant.camera == code and authority.holds(OFFICERS) and not book.refusal(authority, grant.case)
    ]
    monkeypatch.setattr(access, "_access_sources", [officers_only])
    return given


@pytest.fixture
def park(world: World, book: Book) -> Park:
    """The cameras."""
    owner = make_person(SECRETS["username"], SECRETS["owner"], Role.CAMERA_OWNER, world.commune_a)
    common = {"by": None, "active_from": SINCE}
    place = {"latitude": 21.03, "longitude": 105.85}
    return Park(
        tier1=add_camera(
            unit=world.commune_a, tier=1, name="Ngã tư Bưu điện", url="rtsp://10.1.0.1/1", **place, **common
        ),
        tier2=add_camera(
            unit=world.commune_a, tier=2, name="Ngã ba Chợ Đồn", url=f"rtsp://xem:{STATE_PASSWORD}@10.1.0.2/1",
            sub_url="rtsp://10.1.0.2/2", **place, **common,
        ),
        household=add_household_camera(
            owner=owner, unit=world.commune_a, name=SECRETS["name"], address=SECRETS["address"],
            latitude=float(SECRETS["latitude"]), longitude=float(SECRETS["longitude"]),
            url=f"rtsp://nha:{SECRETS['password']}@{SECRETS['host']}/cong", **common,
        ),
        elsewhere=add_camera(unit=world.commune_b, tier=2, name="Cầu Treo", url="rtsp://10.2.0.1/1", **common),
        owner=owner,
    )  # fmt: skip


@pytest.fixture
def last_hour() -> Window:
    """The hour before 21/11/2026 15:00 in Vietnam."""
    end = Instant(1_795_248_000 * SECOND)
    return Window(Instant(end - HOUR), end)


@pytest.fixture
def today() -> Iterator[date]:
    """The real today."""
    return date.today()


PersonByRole = Callable[[str], object]
