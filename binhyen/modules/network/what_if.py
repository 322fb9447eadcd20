"""“Cắt đường này”: what would go dark if some lines and devices were gone. Changes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras.public import HouseholdCount, StationCamera
from binhyen.modules.network.graph.reaching import Cut
from binhyen.modules.network.models import NetworkDevice, NetworkLine, NetworkService
from binhyen.modules.network.wiring import Hanging, Wiring


@dataclass(frozen=True)
class DarkCamera:
    """A camera that loses something: `loses_sight`, nobody at a centre sees it; `loses_recording`, its recorder gets
    no picture. `way` is where it hangs."""

    camera: StationCamera
    unit: Unit
    way: str
    loses_sight: bool
    loses_recording: bool

    @property
    def words(self) -> str:
        if self.loses_sight and self.loses_recording:
            return "mất xem và mất ghi"
        return "mất xem, vẫn ghi tại chỗ" if self.loses_sight else "vẫn xem, mất ghi"


@dataclass(frozen=True)
class DarkUnit:
    """A unit with cameras that go dark, of how many. `households` of it come in by what is cut."""

    unit: Unit
    dark: int
    total: int
    households: HouseholdCount | None = None

    @property
    def is_all_dark(self) -> bool:
        return self.total > 0 and self.dark == self.total


@dataclass(frozen=True)
class Darkness:
    """What a cut does. `before` are cameras that led to no centre already."""

    cut: Cut
    devices: list[NetworkDevice]
    cameras: list[DarkCamera]
    units: list[DarkUnit]
    services: list[NetworkService]
    before: list[StationCamera]
    kept_alive: list[NetworkLine]
    """Lines cut without which everything still leads to a centre: another path stands in for them."""

    @property
    def unseen(self) -> int:
        """How many cameras nobody at a centre would see."""
        return sum(each.loses_sight for each in self.cameras)

    @property
    def unrecorded(self) -> int:
        """How many cameras would not be recorded."""
        return sum(each.loses_recording for each in self.cameras)


def darkness_of(wiring: Wiring, cut: Cut) -> Darkness:
    """What would go dark with `cut`, and would not without."""
    graph = wiring.graph
    lit, still_lit = graph.reached(), graph.reached(cut)
    parts, parts_left = _parts(wiring), _parts(wiring, cut)
    cameras = [
        dark
        for each in wiring.hanging
        if (dark := _camera(each, wiring, lit, still_lit, parts, parts_left)) is not None
    ]
    gone = lit - still_lit
    return Darkness(
        cut=cut,
        devices=[wiring.devices[pk] for pk in wiring.devices if pk in gone],
        cameras=sorted(cameras, key=lambda each: (each.unit.path, each.camera.code)),
        units=_units(wiring, cameras, gone),
        services=[each for each in wiring.services if each.device_id in gone],
        before=[each.camera for each in wiring.hanging if each.device not in lit],
        kept_alive=[wiring.lines[pk] for pk in sorted(cut.lines) if pk in wiring.lines and not gone],
    )


def _camera(
    hung: Hanging,
    wiring: Wiring,
    lit: set[int],
    still_lit: set[int],
    parts: dict[int, int],
    parts_left: dict[int, int],
) -> DarkCamera | None:
    loses_sight = hung.device in lit and hung.device not in still_lit
    if hung.recorder is None:
        loses_recording = loses_sight
    else:
        loses_recording = _together(hung, parts) and not _together(hung, parts_left)
    if not (loses_sight or loses_recording):
        return None
    device = wiring.devices[hung.device]
    way = f"{device.name}, cổng {hung.port}"
    return DarkCamera(hung.camera, wiring.units[hung.camera.unit_id], way, loses_sight, loses_recording)


def _together(hung: Hanging, parts: dict[int, int]) -> bool:
    part = parts.get(hung.device)
    return part is not None and part == parts.get(hung.recorder or 0)


def _parts(wiring: Wiring, cut: Cut = Cut()) -> dict[int, int]:  # noqa: B008 - frozen
    """For each device that is left, a number that those have in common between which pictures pass."""
    found: dict[int, int] = {}
    for device in wiring.devices:
        if device not in found and device not in cut.nodes:
            found |= dict.fromkeys(wiring.graph.reached(cut, starts=[device]), device)
    return found


def _units(wiring: Wiring, cameras: list[DarkCamera], gone: set[int]) -> list[DarkUnit]:
    totals = Counter(camera.unit_id for camera in wiring.cameras)
    dark = Counter(each.camera.unit_id for each in cameras if each.loses_sight)
    homes = _households(wiring, gone)
    found = [
        DarkUnit(wiring.units[pk], dark[pk], totals[pk], homes.get(pk)) for pk in {*dark, *homes} if pk in wiring.units
    ]
    return sorted(found, key=lambda each: (not each.is_all_dark, each.unit.path))


def _households(wiring: Wiring, gone: set[int]) -> dict[int, HouseholdCount]:
    """Units whose households' cameras come in by devices of which none is left; as many as may be told."""
    doors: dict[int, list[int]] = defaultdict(list)
    for pk, device in wiring.devices.items():
        if device.carries_households:
            doors[device.unit_id].append(pk)
    closed = [unit for unit, devices in doors.items() if all(pk in gone for pk in devices)]
    return {unit: wiring.households[unit] for unit in closed if unit in wiring.households}
