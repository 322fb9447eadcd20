"""The three-tier camera network of Đại Từ: records that add up to what was published of it.

Units, people, places and every single record are made up; the sums are the published ones: 60 cameras of tier 1, 439 of
tier 2, 1.122 of tier 3, 1,5 tỷ đồng, launched on 15/10/2021. How the cost falls on sites is assumed, and all of it on
the station's: of a household's camera no register says a cost.

The cameras have no stream address: there is nothing behind them that a recorder could try to reach.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import localdate, now

from binhyen.commands.demo.stories.made_up import person, shares
from binhyen.contracts import SECOND, EventKind
from binhyen.kernel.accounts.models import User
from binhyen.kernel.history import acting
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.domain import open_unit
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.domain import CODE_LETTERS, HOUSEHOLD_CODE_LENGTH
from binhyen.modules.cameras.households import Household, seal_household
from binhyen.modules.cameras.models import HOUSEHOLD_NAME, Camera, CameraEvent, Tier
from binhyen.modules.cameras.network_map import publish_map
from binhyen.modules.cameras.wording import searchable
from binhyen.modules.consents.models import OFFERED, Consent
from binhyen.modules.consents.terms import terms_on
from binhyen.modules.network.checklist import DEFAULT_PASSWORD
from binhyen.modules.network.models import (
    CameraCertificate,
    CameraCluster,
    CameraPort,
    CameraSite,
    NetworkDevice,
    NetworkLine,
    NetworkService,
    SecurityCheck,
)
from binhyen.modules.network.outages import fold

CODE = "T97"
COMMUNES = (
    "thị trấn Bến Chè", "thị trấn Chợ Mới", "xã Đồi Thông", "xã Suối Bạc", "xã Khe Vàng", "xã Núi Xanh",
    "xã Bãi Dâu", "xã Cầu Gỗ", "xã Làng Nghè", "xã Gò Mít", "xã Đầm Sen", "xã Hồ Núi", "xã Ruộng Trên",
    "xã Ruộng Dưới", "xã Vực Sâu", "xã Thác Đá", "xã Đèo Gió", "xã Bản Lũng", "xã Nà Mận", "xã Nà Lê",
    "xã Phố Giang", "xã Giếng Đá", "xã Vườn Quế", "xã Rừng Vầu", "xã Đồng Bông", "xã Đồng Lúa", "xã Bình Khê",
    "xã Yên Khê", "xã Minh Khê", "xã An Khê",
)  # fmt: skip
LAUNCHED = date(2021, 10, 15)
OPENED = date(2021, 7, 1)
STEP_DONG = 50_000
TIER_1_PORTS, GATHERINGS = 16, 3
CENTRE = (21.60, 105.60)  # latitude, longitude: hills where no such commune is
OUTAGE_DAYS = 60
STILL_OUT = {70: 50, 200: 3}
"""Cameras that give no picture, by their place among the station's: for so many hours."""


@dataclass(frozen=True)
class Figures:
    """The published figures."""

    tier_1: int = 60
    tier_2: int = 439
    tier_3: int = 1_122
    dong: int = 1_500_000_000

    @property
    def cameras(self) -> int:
        return self.tier_1 + self.tier_2 + self.tier_3


PUBLISHED = Figures()


@dataclass(frozen=True)
class _Place:
    """A unit of the story with its cameras, sites and the switch at which they hang."""

    unit: Unit
    cameras: list[Camera]
    sites: list[CameraSite]


def load() -> Unit:
    """Make the story's records, once; returns the unit above all of them."""
    top = Unit.objects.filter(code=CODE).first()
    if top is not None:
        return top
    with transaction.atomic(), across_units(), acting(None, batch="demo:daitu"):
        top = open_unit(code=CODE, name="Công an khu vực Đại Bình", level="tinh", valid_from=OPENED)
        communes = [
            open_unit(code=f"X97{number:03}", name=f"Công an {place}", level="xa", valid_from=OPENED, below=top)
            for number, place in enumerate(COMMUNES, 1)
        ]
        places = _station_cameras(top, communes)
        _households(communes)
        _sites(places)
        _wire(places)
        _papers(places)
        _news([camera for place in places for camera in place.cameras])
        publish_map()
    return top


# --- cameras ---------------------------------------------------------------------------------------------------------
SPOTS = (
    "Ngã ba",
    "Cổng chợ",
    "Đầu cầu",
    "Cổng trường",
    "Trạm y tế",
    "Bến xe",
    "Dốc",
    "Ngã tư",
    "Bờ đập",
    "Nhà văn hóa",
)


def _station_cameras(top: Unit, communes: list[Unit]) -> list[_Place]:
    """Tier 1 at the top, tier 2 in the communes."""
    counts = [PUBLISHED.tier_1, *shares(PUBLISHED.tier_2, len(communes))]
    places = []
    for place, (unit, count) in enumerate(zip([top, *communes], counts, strict=True)):
        tier = Tier.COMMAND if unit == top else Tier.COMMUNE
        cameras = [_station_camera(unit, tier, place, number) for number in range(1, count + 1)]
        places.append(_Place(unit, Camera._base_manager.bulk_create(cameras), []))
    return places


def _station_camera(unit: Unit, tier: Tier, place: int, number: int) -> Camera:
    latitude = CENTRE[0] + (place % 6) * 0.03 + number % 7 * 0.002
    longitude = CENTRE[1] + (place // 6) * 0.03 + number % 5 * 0.003
    spot = SPOTS[(number + place) % len(SPOTS)]
    camera = Camera(
        code=f"{unit.code}-{number:03}", name=f"{spot} số {number}", unit=unit, tier=tier, url_sealed=b"",
        latitude=latitude, longitude=longitude, heading_degrees=number * 40.0 % 360, view_degrees=70.0,
        view_metres=60.0, notice_sign=number % 9 != 0, active_from=LAUNCHED,
    )  # fmt: skip
    camera.search_text = searchable(camera)
    return camera


def _households(communes: list[Unit]) -> None:
    """Homes that share a camera, agreed to in writing, each with an owner's account that nobody can sign in with."""
    nobody_s = make_password(None)
    homes = [unit for unit, part in zip(communes, shares(PUBLISHED.tier_3, len(communes), turn=4), strict=True)
             for _ in range(part)]  # fmt: skip
    owners = User.objects.bulk_create(
        User(username=f"hodan{number:04}", full_name=person(number), password=nobody_s)
        for number in range(1, len(homes) + 1)
    )
    Membership.objects.bulk_create(
        Membership(user=owner, unit=unit, role=Role.CAMERA_OWNER, valid_from=LAUNCHED)
        for owner, unit in zip(owners, homes, strict=True)
    )
    cameras = Camera._base_manager.bulk_create(
        Camera(code=code, name=HOUSEHOLD_NAME, unit=unit, tier=Tier.HOUSEHOLD, url_sealed=b"", active_from=LAUNCHED)
        for code, unit in zip(_random_codes(len(homes)), homes, strict=True)
    )
    for number, (camera, owner) in enumerate(zip(cameras, owners, strict=True)):
        place = CENTRE[0] + number % 97 * 0.0021, CENTRE[1] + number % 89 * 0.0017
        home = Household("Cổng nhà", f"Xóm {1 + number % 12}", *place, owner.full_name)
        seal_household(camera, home, owner=owner)
    _consents(cameras)


def _consents(cameras: list[Camera]) -> None:
    """Every home has agreed in writing, today, to bring footage when it is asked."""
    today = localdate()
    Consent._base_manager.bulk_create(
        Consent(camera=camera, state=Consent.State.GIVEN, purposes=[purpose.value for purpose in OFFERED],
                streams=False, terms=terms_on(today).version, given_on=today,
                expires_on=today + timedelta(days=365))
        for camera in cameras
    )  # fmt: skip


def _random_codes(count: int) -> set[str]:
    codes: set[str] = set()
    while len(codes) < count:
        codes.add("HG-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(HOUSEHOLD_CODE_LENGTH)))
    return codes


# --- sites and wires -------------------------------------------------------------------------------------------------
def _sites(places: list[_Place]) -> None:
    """A site for two cameras of tier 1, and for each of tier 2; together they cost what was published."""
    wanted = [(place, number) for place in places for number in range(1, 1 + _sites_of(place))]
    dong = iter(shares(PUBLISHED.dong // STEP_DONG, len(wanted), turn=2))
    clusters = {place.unit.pk: _clusters(place.unit) for place in places}
    made = [
        _site(place, number, next(dong) * STEP_DONG, clusters[place.unit.pk][number % 2]) for place, number in wanted
    ]
    for (place, _), site in zip(wanted, CameraSite._base_manager.bulk_create(made), strict=True):
        place.sites.append(site)


def _sites_of(place: _Place) -> int:
    return len(place.cameras) // 2 if place.cameras[0].tier == Tier.COMMAND else len(place.cameras)


def _clusters(unit: Unit) -> list[CameraCluster]:
    names = (("C1", "Cụm chợ và trung tâm"), ("C2", "Cụm đường vào"))
    return CameraCluster._base_manager.bulk_create(CameraCluster(unit=unit, code=c, name=name) for c, name in names)


def _site(place: _Place, number: int, dong: int, cluster: CameraCluster) -> CameraSite:
    mounts, powers = CameraSite.Mount.values, CameraSite.Power.values
    return CameraSite(
        unit=place.unit, code=f"D{number:02}", name=f"Điểm {number}", cluster=cluster,
        address=f"{SPOTS[number % len(SPOTS)]}, xóm {1 + number % 12}", mount=mounts[number % 3],
        power=powers[number % 3], backup_minutes=number % 4 * 60, notice_sign=number % 9 != 0,
        built_on=LAUNCHED - timedelta(days=number % 60), cost=dong,
        funding=CameraSite.Funding.DONATED if number % 4 == 3 else CameraSite.Funding.BUDGET,
        contractor="Công ty Ánh Sao",
    )  # fmt: skip


def _wire(places: list[_Place]) -> None:
    """The centre with two cores; communes on three gathering points; every third commune with a second way."""
    top, communes = places[0], places[1:]
    centre = _device(top.unit, "TT", "Trung tâm chỉ huy", "centre", 24)
    cores = [_device(top.unit, f"LOI{n}", f"Chuyển mạch lõi {n}", "switch", 48) for n in (1, 2)]
    recorder = _device(top.unit, "DG", "Đầu ghi trung tâm", "recorder", 8)
    gathering = [_device(top.unit, f"GOM{n}", f"Điểm gom {n}", "router", 24) for n in range(1, GATHERINGS + 1)]
    lines = [(top.unit, f"TT{n}", centre, core, "Nhà trung tâm") for n, core in enumerate(cores, 1)]
    lines += [
        (top.unit, "LOI", cores[0], cores[1], "Nhà trung tâm"),
        (top.unit, "DG", cores[0], recorder, "Nhà trung tâm"),
    ]
    for n, point in enumerate(gathering, 1):
        lines += [(top.unit, f"G{n}A", cores[0], point, f"Cột đường {n}"),
                  (top.unit, f"G{n}B", cores[1], point, "Cống bể phố chính")]  # fmt: skip
    switches = [_device(top.unit, f"SW{n}", f"Chuyển mạch tầng 1 số {n}", "switch", TIER_1_PORTS) for n in range(1, 5)]
    lines += [(top.unit, f"T{n}", cores[n % 2], switch, "Cống bể phố chính") for n, switch in enumerate(switches, 1)]
    _plug(top, switches, recorder)
    before = None
    for number, place in enumerate(communes):
        switch = _device(place.unit, "SW", f"Chuyển mạch {_short(place.unit)}", "switch", 32, carries_households=True)
        point = gathering[number // (len(communes) // GATHERINGS)]
        lines.append((place.unit, "VE", point, switch, f"Cột đường {number + 4}"))
        if number % 3 == 1 and before is not None:
            lines.append((place.unit, "NGANG", before, switch, f"Cột liên xã {number}"))
        _plug(place, [switch], recorder)
        NetworkService._base_manager.create(unit=place.unit, name="Mạng nội bộ công an xã", device=switch)
        before = switch
    NetworkLine._base_manager.bulk_create(_line(*each) for each in lines)


def _device(unit: Unit, code: str, name: str, kind: str, ports: int, **facts: Any) -> NetworkDevice:
    return NetworkDevice._base_manager.create(
        unit=unit, code=code, name=name, kind=kind, ports=ports, installed_on=LAUNCHED, **facts
    )


def _line(unit: Unit, code: str, a: NetworkDevice, b: NetworkDevice, duct: str) -> NetworkLine:
    return NetworkLine(
        unit=unit, code=code, name=_name_of(unit, code), a_end=a, b_end=b, duct=duct, megabits=1_000,
        opened_on=LAUNCHED, kind=NetworkLine.Kind.LEASED if code == "VE" else NetworkLine.Kind.FIBRE,
    )  # fmt: skip


def _name_of(unit: Unit, code: str) -> str:
    """How people call a line."""
    ways = {"VE": "Đường về", "NGANG": "Đường liên xã"}
    return f"{ways[code]} {_short(unit)}" if code in ways else f"Đường {code}"


def _short(unit: Unit) -> str:
    return unit.name.removeprefix("Công an ")


def _plug(place: _Place, switches: list[NetworkDevice], recorder: NetworkDevice) -> None:
    each = -(-len(place.cameras) // len(switches))
    CameraPort._base_manager.bulk_create(
        CameraPort(
            device=switches[at // each], port=1 + at % each, camera=camera, recorder=recorder,
            site=place.sites[at % len(place.sites)],
        )
        for at, camera in enumerate(place.cameras)
    )  # fmt: skip


# --- papers and news -------------------------------------------------------------------------------------------------
def _papers(places: list[_Place]) -> None:
    """Certificates of tier 1, a few of which run out soon, and what was tried at it."""
    today, cameras = localdate(), places[0].cameras
    CameraCertificate._base_manager.bulk_create(
        CameraCertificate(
            camera=camera, number=f"KD-{number:03}", issuer="Trung tâm Đo lường Bình Yên",
            issued_on=today - timedelta(days=360 - number * 5), expires_on=today + timedelta(days=5 + number * 5),
        )
        for number, camera in enumerate(cameras)
    )  # fmt: skip
    SecurityCheck._base_manager.bulk_create(
        SecurityCheck(camera=camera, item=DEFAULT_PASSWORD, outcome="fails" if number == 1 else "passes",
                      checked_on=today - timedelta(days=number))
        for number, camera in enumerate(cameras[:20])
    )  # fmt: skip


def _news(cameras: list[Camera]) -> None:
    """What recorders told of the last two months: outages that ended, and two that last."""
    CameraEvent._base_manager.bulk_create(
        CameraEvent(id=f"daitu-{camera.code}-{at:%Y%m%d%H%M%S}-{state}", kind=EventKind.CAMERA_STATE.value,
                    at=int(at.timestamp()) * SECOND, camera=camera, detail={"state": state, "error": ""})
        for camera, at, state in _changes(cameras)
    )  # fmt: skip
    fold()


def _changes(cameras: list[Camera]) -> Iterator[tuple[Camera, datetime, str]]:
    first = now().astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=OUTAGE_DAYS)
    for number in range(120):
        camera = cameras[number * 37 % len(cameras)]
        began = first + timedelta(hours=number * 11, minutes=number % 50)
        yield camera, began, ("failing", "silent")[number % 2]
        yield camera, began + timedelta(minutes=3 + number * number % 400), "recording"
    for place, hours in STILL_OUT.items():
        yield cameras[place], now() - timedelta(hours=hours), "failing"


def simulated() -> dict[str, Any]:
    """What a made-up recorder tells of the station's cameras: those that are out still are. Homes bring footage only
    when they are asked, so nobody records theirs."""
    with across_units():
        own = Camera._base_manager.filter(unit__code__regex=r"^(T97|X97\d{3})$", tier__lt=Tier.HOUSEHOLD)
        known = list(own.order_by("tier", "unit__path", "code").values_list("code", flat=True))
    return {"codes": known, "states": {known[place]: "failing" for place in STILL_OUT}}
