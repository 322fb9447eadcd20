"""The state of the whole network on one page: by tier, unit and line, counted from one look at every camera."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.timezone import localdate, now

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras.public import (
    CONDITIONS,
    HouseholdCount,
    StationCamera,
    Tier,
    household_total,
    station_cameras,
)
from binhyen.modules.network.graph.reaching import hanging_behind
from binhyen.modules.network.models import CameraSite, NetworkLine
from binhyen.modules.network.papers import CertificateState, ItemState, certificate_state, item_states
from binhyen.modules.network.repairs import Repairs, repairs_in
from binhyen.modules.network.rules import READERS
from binhyen.modules.network.wiring import Wiring, wiring_for

ALL_OUT_FROM = 2
"""So many cameras behind one line, none of which records, point at the line and not at the cameras."""


@dataclass(frozen=True)
class Tally:
    """How many cameras, and how many in each condition."""

    total: int
    by_state: Counter[str]

    @property
    def recording(self) -> int:
        return self.by_state["recording"]

    @property
    def silent(self) -> int:
        return self.by_state["silent"]

    @property
    def failing(self) -> int:
        """Not reached, or nowhere to write."""
        return self.by_state["failing"] + self.by_state["no_space"]

    @property
    def disabled(self) -> int:
        return self.by_state["disabled"]

    @property
    def unknown(self) -> int:
        """No fresh news, or trying to connect."""
        return self.by_state["unknown"] + self.by_state["unheard"] + self.by_state["connecting"]

    @property
    def ailing(self) -> int:
        """How many need somebody."""
        return sum(count for state, count in self.by_state.items() if CONDITIONS[state][1] == "late")

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each column's label with its count."""
        return [
            ("Đang ghi", self.recording), ("Im lặng", self.silent), ("Mất kết nối", self.failing),
            ("Không rõ", self.unknown), ("Đã tắt", self.disabled),
        ]  # fmt: skip


def tally(cameras: list[StationCamera]) -> Tally:
    """Count them."""
    return Tally(len(cameras), Counter(camera.state for camera in cameras))


@dataclass(frozen=True)
class UnitState:
    """A unit with cameras of its own, by tier, and as many of its households as may be told."""

    unit: Unit
    tier_1: int
    tier_2: int
    tally: Tally
    households: HouseholdCount | None


@dataclass(frozen=True)
class LineState:
    """A line on which cameras hang alone."""

    line: NetworkLine
    ends: str
    tally: Tally

    @property
    def is_suspect(self) -> bool:
        """Whether everything behind it is out at once."""
        return self.tally.total >= ALL_OUT_FROM and self.tally.ailing == self.tally.total


@dataclass(frozen=True)
class NetworkState:
    """What the page shows. `households` are those of all the person's units together, None where few."""

    at: datetime
    tiers: list[tuple[str, Tally]]
    tally: Tally
    units: list[UnitState]
    lines: list[LineState]
    safe_lines: int
    """Lines without which nothing would go dark."""
    households: int | None
    has_households: bool
    cost: int
    repairs: Repairs
    unplugged: int
    checks: list[ItemState]
    certificates: CertificateState
    wiring: Wiring = field(repr=False)

    @property
    def whole(self) -> int | None:
        """All cameras of the three tiers, where the households may be told."""
        return self.tally.total + self.households if self.households is not None else None


def state_of(authority: Authority, *, at: datetime | None = None) -> NetworkState:
    """The network of the person's units at `at` (now). Needs a unit scope."""
    at = at or now()
    cameras = station_cameras(authority, at=at)
    wiring = wiring_for(authority, cameras=cameras)
    unit_ids = authority.unit_ids(READERS)
    totals = household_total(authority)
    behind = hanging_behind(wiring.graph)
    told, known = [each.count for each in totals], [camera.pk for camera in cameras]
    return NetworkState(
        at=at,
        tiers=[(Tier(tier).label, tally([c for c in cameras if c.tier == tier])) for tier in (1, 2)],
        tally=tally(cameras),
        units=_units(cameras, wiring),
        lines=_lines(wiring, behind),
        safe_lines=len(wiring.lines) - len(behind),
        households=sum(each for each in told if each is not None) if None not in told else None,
        has_households=bool(wiring.households),
        cost=_cost(unit_ids),
        repairs=repairs_in(unit_ids, at=at),
        unplugged=len(wiring.unplugged),
        checks=item_states(known),
        certificates=certificate_state(known),
        wiring=wiring,
    )


def _units(cameras: list[StationCamera], wiring: Wiring) -> list[UnitState]:
    by_unit: dict[int, list[StationCamera]] = defaultdict(list)
    for camera in cameras:
        by_unit[camera.unit_id].append(camera)
    shown = [wiring.units[pk] for pk in {*by_unit, *wiring.households} if pk in wiring.units]
    return [
        _unit(unit, by_unit[unit.pk], wiring.households.get(unit.pk)) for unit in sorted(shown, key=lambda u: u.path)
    ]


def _unit(unit: Unit, cameras: list[StationCamera], households: HouseholdCount | None) -> UnitState:
    tiers = Counter(camera.tier for camera in cameras)
    return UnitState(unit, tiers[Tier.COMMAND], tiers[Tier.COMMUNE], tally(cameras), households)


def _lines(wiring: Wiring, behind: dict[int, frozenset[int]]) -> list[LineState]:
    at_device = wiring.at_device()
    found = [
        LineState(
            wiring.lines[pk],
            _ends(wiring.lines[pk], wiring),
            tally([each.camera for node in nodes for each in at_device.get(node, ())]),
        )
        for pk, nodes in behind.items()
    ]
    order = sorted(found, key=lambda each: (not each.is_suspect, -each.tally.ailing, -each.tally.total, each.line.pk))
    return [each for each in order if each.tally.total]


def _ends(line: NetworkLine, wiring: Wiring) -> str:
    return " – ".join(wiring.devices[end].name for end in (line.a_end_id, line.b_end_id) if end is not None)


def _cost(unit_ids: list[int]) -> int:
    """What the sites in use have cost, in đồng."""
    sites = CameraSite.objects.filter(unit__in=unit_ids, built_on__lte=localdate(), removed_on=None)
    return int(sites.aggregate(sum=Sum("cost"))["sum"] or Decimal(0))
