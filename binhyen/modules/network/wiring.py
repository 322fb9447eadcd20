"""The network as the registers say it is today, read for one person: a graph with what hangs at it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras.public import HouseholdCount, StationCamera, household_counts, station_cameras
from binhyen.modules.network.graph.reaching import Edge, Graph
from binhyen.modules.network.models import CameraPort, NetworkDevice, NetworkLine, NetworkService
from binhyen.modules.network.rules import READERS


@dataclass(frozen=True)
class Hanging:
    """A camera at its port. `recorder` is the device that keeps its pictures, None where the centre does."""

    camera: StationCamera
    device: int
    port: int
    recorder: int | None


@dataclass(frozen=True)
class Wiring:
    """What one person may know of the network. Devices of other units to which own lines lead stand as roots: what lies
    beyond them is taken to work."""

    graph: Graph
    devices: dict[int, NetworkDevice]
    lines: dict[int, NetworkLine]
    hanging: list[Hanging]
    services: list[NetworkService]
    units: dict[int, Unit]
    cameras: list[StationCamera]
    households: dict[int, HouseholdCount]
    loose_lines: list[NetworkLine] = field(default_factory=list)
    """Lines whose far end is not recorded."""

    @property
    def unplugged(self) -> list[StationCamera]:
        """Cameras of which no register says where they hang."""
        plugged = {each.camera.pk for each in self.hanging}
        return [camera for camera in self.cameras if camera.pk not in plugged]

    def at_device(self) -> dict[int, list[Hanging]]:
        """What hangs at each device."""
        found: dict[int, list[Hanging]] = defaultdict(list)
        for each in self.hanging:
            found[each.device].append(each)
        return found


def wiring_for(authority: Authority, *, day: date | None = None, cameras: list[StationCamera] | None = None) -> Wiring:
    """The network of the person's units on `day` (today), in few queries. Needs a unit scope."""
    day, unit_ids = day or localdate(), authority.unit_ids(READERS)
    cameras = station_cameras(authority) if cameras is None else cameras
    lines = list(_open(NetworkLine.objects.filter(unit__in=unit_ids), "opened_on", "closed_on", day))
    own = {d.pk: d for d in _open(NetworkDevice.objects.filter(unit__in=unit_ids), "installed_on", "removed_on", day)}
    devices = own | _beyond(lines, own, day)
    joined = [line for line in lines if line.a_end_id in devices and line.b_end_id in devices]
    centres = {pk for pk, device in devices.items() if device.kind == NetworkDevice.Kind.CENTRE or pk not in own}
    edges = tuple(Edge(line.pk, line.a_end_id, line.b_end_id or 0) for line in joined)
    units = Unit.objects.filter(pk__in={*unit_ids, *(device.unit_id for device in devices.values())})
    return Wiring(
        graph=Graph(frozenset(devices), edges, frozenset(centres)),
        devices=devices,
        lines={line.pk: line for line in joined},
        hanging=_hanging(devices, cameras),
        services=list(
            NetworkService.objects.filter(device__in=devices).select_related("unit", "device").order_by("name")
        ),
        units={unit.pk: unit for unit in units},
        cameras=cameras,
        households={each.unit.pk: each for each in household_counts(authority)},
        loose_lines=[line for line in lines if line.b_end_id is None],
    )


def _open(rows: "QuerySet", start: str, end: str, day: date) -> "QuerySet":  # type: ignore[type-arg]  # of either table
    begun = Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": day})
    still = Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day})
    return rows.filter(begun, still).select_related("unit").order_by("unit__path", "code")


def _beyond(lines: list[NetworkLine], own: dict[int, NetworkDevice], day: date) -> dict[int, NetworkDevice]:
    """Devices of other units at the far end of own lines."""
    ends = {end for line in lines for end in (line.a_end_id, line.b_end_id) if end is not None} - set(own)
    return {each.pk: each for each in _open(NetworkDevice._base_manager.filter(pk__in=ends), "installed_on",
                                            "removed_on", day)} if ends else {}  # fmt: skip


def _hanging(devices: dict[int, NetworkDevice], cameras: list[StationCamera]) -> list[Hanging]:
    known = {camera.pk: camera for camera in cameras}
    ports = CameraPort._base_manager.filter(device__in=devices, camera__in=known)
    told = ports.order_by("device", "port").values_list("camera_id", "device_id", "port", "recorder_id")
    return [
        # A recorder beyond the own units is where the own lines lead: it is kept as long as they do.
        Hanging(known[camera], device, port, recorder if recorder in devices else None)
        for camera, device, port, recorder in told
    ]
