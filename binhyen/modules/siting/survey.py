"""The survey of a person's units: what cameras are good for, which roads nobody sees, which sites would."""

from collections.abc import Sequence
from dataclasses import dataclass

from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.models import Unit
from binhyen.modules.cameras.public import REGISTRARS, Camera, add_view_rule, shared_cameras
from binhyen.modules.siting.models import PrivateZone, Relief, Road
from binhyen.modules.siting.optics import Ring, Use, reach_metres, rings
from binhyen.modules.siting.sight import Coverage, Eye, Plane, Sampled, cover, sampled
from binhyen.modules.siting.suggesting import Suggestion, suggest
from binhyen.modules.siting.zones import Zone, covered_zones

ASSUMED_WIDTH_PIXELS = 1920
"""Of a camera that has not reported yet; said so on the page."""
ASSUMED_VIEW_DEGREES = 80.0
SUGGESTIONS_MAX = 5
MASKED_MAX_M = 300.0
"""Nobody is told from a picture farther away than this, whatever its pixels: air, light, leaves."""


@dataclass(frozen=True)
class Looking:
    """A camera of the station and what it is good for. `eye` is None where it has not said enough of itself."""

    camera: Camera
    width_pixels: int
    is_assumed: bool
    rings: list[Ring]
    eye: Eye | None


@dataclass(frozen=True)
class Survey:
    """All of it, for one use: “seen” means good enough for that."""

    use: Use
    plane: Plane
    cameras: list[Looking]
    lines: list[Sampled]
    masks: list[object]
    coverage: Coverage
    suggestions: list[Suggestion]
    zones: list[Zone]
    relief: Relief | None

    @property
    def blind(self) -> list[Looking]:
        """Cameras that cannot be reckoned with."""
        return [each for each in self.cameras if each.eye is None]


def survey(authority: Authority, use: Use) -> Survey:
    """What the roads of the person's units are seen of. Needs a unit scope."""
    units = authority.unit_ids()
    roads = list(Road.objects.filter(unit__in=units))
    looking = [_looking(camera, use) for camera in shared_cameras(authority).select_related("unit", "report")]
    plane = _plane(roads, looking)
    lines = [sampled(road.name, line, plane) for road in roads for line in road.lines]
    eyes = [each.eye for each in looking if each.eye is not None]
    relief = Relief.objects.filter(unit__in=units).order_by("-pk").first()
    terrain = relief.terrain if relief is not None else None
    coverage, masks = cover(lines, eyes, plane, terrain)
    zones = [row.zone for row in PrivateZone.objects.filter(unit__in=units)]
    like = Eye("đề xuất", 0.0, 0.0, 0.0, ASSUMED_VIEW_DEGREES, _usual_reach(use))
    found = suggest(lines, masks, plane, like, zones, terrain, count=SUGGESTIONS_MAX) if lines else []
    return Survey(use, plane, looking, lines, list(masks), coverage, found, zones, relief)


def may_see_zones(authority: Authority, unit: Unit | None = None) -> bool:
    """Registrars: those who keep the register of cameras."""
    return authority.holds(REGISTRARS, unit)


def _usual_reach(use: Use) -> float:
    return min(reach_metres(ASSUMED_WIDTH_PIXELS, ASSUMED_VIEW_DEGREES, use), MASKED_MAX_M)


def _looking(camera: Camera, use: Use) -> Looking:
    report = getattr(camera, "report", None)
    told = report.width if report is not None else 0
    width = told or ASSUMED_WIDTH_PIXELS
    found = rings(width, camera.view_degrees, camera.view_metres or MASKED_MAX_M)
    return Looking(camera, width, not told, found, _eye(camera, next((r for r in found if r.use is use), None)))


def _eye(camera: Camera, ring: Ring | None) -> Eye | None:
    if ring is None or camera.latitude is None or camera.longitude is None or camera.heading_degrees is None:
        return None
    return Eye(
        camera.name, camera.longitude, camera.latitude, camera.heading_degrees, camera.view_degrees or 0.0, ring.metres
    )


def _plane(roads: Sequence[Road], looking: Sequence[Looking]) -> Plane:
    points = [point for road in roads for line in road.lines for point in line]
    points += [[each.eye.longitude, each.eye.latitude] for each in looking if each.eye is not None]
    if not points:
        return Plane(0.0, 0.0)
    return Plane(*(sum(point[axis] for point in points) / len(points) for axis in (0, 1)))


@add_view_rule
def zone_refusal(camera: Camera) -> Refusal | None:
    """A camera of the station that would see into a private zone of its unit, as far as it makes out that somebody is
    there. One that does not say where it looks is taken to look all around."""
    zones = [row.zone for row in PrivateZone._base_manager.filter(unit=camera.unit_id)]
    if not zones or camera.latitude is None or camera.longitude is None:
        return None
    report = getattr(camera, "report", None)
    width = (report.width if report is not None else 0) or ASSUMED_WIDTH_PIXELS
    degrees = camera.view_degrees or 360.0
    reach = min(camera.view_metres or MASKED_MAX_M, MASKED_MAX_M)
    if camera.view_degrees:
        reach = min(reach, reach_metres(width, camera.view_degrees, Use.MONITOR))
    eye = Eye(camera.name, camera.longitude, camera.latitude, camera.heading_degrees or 0.0,
              degrees if camera.heading_degrees is not None else 360.0, reach)  # fmt: skip
    covered = covered_zones(eye, zones, Plane(camera.longitude, camera.latitude))
    if not covered:
        return None
    numbers = ", ".join(f"số {zone.number}" for zone in covered)
    return Refusal(
        f"Góc nhìn này phủ lên vùng riêng tư {numbers}.",
        code="private_zone",
        remedy="Hãy xoay hướng nhìn, thu hẹp góc hoặc tầm nhìn, hoặc đặt camera ở chỗ khác.",
    )
