"""What pages read of cameras. Everything here is bounded by the authority given."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import radians, tan
from pathlib import Path

from django.db.models import Q
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.contracts import SECOND
from binhyen.contracts.node import CameraState
from binhyen.kernel.measures import Figure, figures, measure_of
from binhyen.kernel.measures.periods import month
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras import rules
from binhyen.modules.cameras.access import case_book
from binhyen.modules.cameras.models import (
    STATE_LABELS,
    Camera,
    CameraEvent,
    CameraReport,
    FootageHold,
    Look,
    LookKind,
    Purpose,
    Tier,
)
from binhyen.modules.cameras.wording import unaccented

REPORT_LASTS = timedelta(seconds=30)  # a node reports every ten seconds; after three missed nothing is known
HOUSEHOLDS = "camera-ho-gia-dinh"  # the measure that counts them, and says which numbers are told: T02
UNKNOWN = "unknown"
BADGES = {
    CameraState.RECORDING: "done",
    CameraState.CONNECTING: "waiting",
    CameraState.SILENT: "late",
    CameraState.FAILING: "late",
    CameraState.NO_SPACE: "late",
    CameraState.DISABLED: "waiting",
}


@dataclass(frozen=True)
class Condition:
    """How a camera is now, in words. `badge` is one of the shell's four states."""

    state: str
    label: str
    badge: str
    since: datetime | None = None
    report: CameraReport | None = None


def condition_of(camera: Camera, at: datetime) -> Condition:
    """The last report where it is fresh; else that nothing is known, since when."""
    report = _report_of(camera)
    if not camera.is_active_on(localdate(at)):
        return Condition(CameraState.DISABLED, "đã ngừng", "waiting")
    if report is None:
        return Condition(UNKNOWN, "chưa có tin từ máy ghi", "waiting")
    if at - report.reported_at > REPORT_LASTS:
        return Condition(UNKNOWN, "máy ghi không báo", "late", report.reported_at, report)
    state = CameraState(report.state)
    return Condition(state, STATE_LABELS[state], BADGES[state], instant_moment(report.since), report)


CONDITION_CHOICES = [*((state.value, label) for state, label in STATE_LABELS.items()), (UNKNOWN, "không rõ")]


@dataclass(frozen=True)
class CameraRow:
    """A camera in a list."""

    camera: Camera
    condition: Condition


@dataclass(frozen=True)
class Asked:
    """What a list is filtered by; empty means everything."""

    words: str = ""
    unit: str = ""
    tier: str = ""
    state: str = ""


def find_cameras(authority: Authority, asked: Asked, *, at: datetime | None = None) -> list[CameraRow]:
    """Cameras of tiers 1 and 2 in the units where `authority` works, by name; words match without diacritics."""
    at = at or now()
    cameras = Camera.objects.filter(unit_id__in=working_units(authority), tier__lt=Tier.HOUSEHOLD)
    for word in unaccented(asked.words).split():
        cameras = cameras.filter(search_text__contains=word)
    if asked.unit:
        cameras = cameras.filter(unit__code=asked.unit)
    if asked.tier in ("1", "2"):
        cameras = cameras.filter(tier=int(asked.tier))
    rows = [CameraRow(camera, condition_of(camera, at)) for camera in cameras.select_related("unit", "report")]
    rows = [row for row in rows if not asked.state or row.condition.state == asked.state]
    return sorted(rows, key=lambda row: (unaccented(row.camera.name), row.camera.code))


def working_units(authority: Authority) -> list[int]:
    """Ids of the units whose register `authority` reads."""
    return authority.unit_ids(OFFICERS | {Role.IT_ADMIN})


def units_with_cameras(authority: Authority) -> list[Unit]:
    """For the filter."""
    return list(Unit.objects.filter(pk__in=working_units(authority), cameras__isnull=False).distinct().order_by("path"))


@dataclass(frozen=True)
class HouseholdCount:
    """How many households of a unit share a camera, as it may be said."""

    unit: Unit
    words: str
    count: int | None = None
    """None where it may not be said."""


FEW_WORDS = "ít, không nêu"


def household_counts(authority: Authority) -> list[HouseholdCount]:
    """Households by commune; few are not counted out loud, nor what would give them away."""
    today = localdate()
    active = Q(cameras__tier=Tier.HOUSEHOLD, cameras__active_from__lte=today) & (
        Q(cameras__active_until=None) | Q(cameras__active_until__gt=today)
    )
    units = Unit.objects.filter(pk__in=working_units(authority), numchild=0).filter(active).distinct().order_by("path")
    return [told_households(unit, figure) for unit, figure in _household_figures(units, authority)]


def household_total(authority: Authority) -> list[HouseholdCount]:
    """The same of each unit that no other of the person's stands above, with everything below it."""
    tops: list[Unit] = []
    for unit in Unit.objects.filter(pk__in=working_units(authority)).order_by("path"):  # those above come first
        if not (tops and tops[-1].covers(unit)):
            tops.append(unit)
    return [told_households(unit, figure) for unit, figure in _household_figures(tops, authority)]


def told_households(unit: Unit, figure: Figure) -> HouseholdCount:
    """A figure of households in words."""
    if figure.is_hidden or figure.value is None:
        return HouseholdCount(unit, FEW_WORDS)
    return HouseholdCount(unit, figure.text, int(figure.value))


def _household_figures(units: Iterable[Unit], authority: Authority) -> list[tuple[Unit, Figure]]:
    """What the measure said at the end of last month: the one rule of what is hidden, and no day on which somebody
    joined or left."""
    today = localdate()
    known, period, measure = list(units), month(today.year, today.month).previous(), measure_of(HOUSEHOLDS)
    found = figures([measure], known, [period], authority=authority)
    return [(unit, found[HOUSEHOLDS, unit.pk, period.code]) for unit in known]


@dataclass(frozen=True)
class MappedCamera:
    """A camera of tier 1 or 2 as a map shows it."""

    code: str
    name: str
    tier: int
    latitude: float
    longitude: float
    heading_degrees: float | None
    view_degrees: float | None
    view_metres: float | None


def mapped_cameras(authority: Authority) -> list[MappedCamera]:
    """Cameras of tiers 1 and 2 in the units of `authority` that have a place and are in use. Needs a unit scope."""
    cameras = Camera.objects.filter(
        unit_id__in=authority.unit_ids(), tier__lt=Tier.HOUSEHOLD, latitude__isnull=False, longitude__isnull=False
    )
    return [
        MappedCamera(c.code, c.name, c.tier, c.latitude, c.longitude, c.heading_degrees, c.view_degrees, c.view_metres)
        for c in cameras
        if c.is_active_on(localdate())
    ]


def watchable(authority: Authority, *, case: str) -> list[Camera]:
    """Cameras that `authority` may put on the wall now."""
    cameras = Camera.objects.filter(unit_id__in=authority.unit_ids(OFFICERS), tier__lt=Tier.HOUSEHOLD)
    offered = cameras.select_related("unit").order_by("unit__path", "name")
    return [camera for camera in offered if rules.may_watch_live(authority, camera, case=case) is None]


@dataclass(frozen=True)
class Seen:
    """A look as the owner of the camera is told of it: the unit and the purpose, neither person nor case."""

    opened_at: datetime
    who: str
    kind: str
    purpose: str
    window_start: datetime | None
    window_end: datetime | None


def looks_told_to_owner(camera: Camera, *, limit: int = 100) -> list[Seen]:
    """Looks of others through a household camera, without those of a case whose embargo stands."""
    with scopes_disabled():
        looks = list(Look.objects.filter(camera=camera, user__isnull=False)[: limit * 2])
    book = case_book()
    secret = {case for case in {look.case for look in looks if look.case} if book.is_embargoed(case)}
    return [_seen(look) for look in looks if look.case not in secret][:limit]


def _seen(look: Look) -> Seen:
    return Seen(
        opened_at=look.opened_at,
        who=look.viewer_unit or "Cơ quan công an",
        kind=LookKind(look.kind).label,
        purpose=Purpose(look.purpose).label,
        window_start=instant_moment(look.window_start or None),
        window_end=instant_moment(look.window_end or None),
    )


def recent_looks(camera: Camera, *, limit: int = 20) -> list[Look]:
    """The last looks through a camera of tier 1 or 2, for who answers for it."""
    return list(Look.objects.filter(camera=camera, user__isnull=False).select_related("user")[:limit])


def recent_events(camera: Camera, *, limit: int = 30) -> list[CameraEvent]:
    """News of a camera, newest first."""
    with scopes_disabled():  # the owner of a household camera need not work in its unit
        return list(CameraEvent.objects.filter(camera=camera)[:limit])


def active_holds(camera: Camera) -> int:
    """How many stretches of its footage are kept for cases."""
    return FootageHold.objects.filter(camera=camera, released_at=None).count()


# IEC 62676-4: pixels per metre on the target, and what such a picture can honestly be used for
PIXELS_PER_METRE = (
    (25, "Phát hiện có người"),
    (62, "Quan sát dáng, áo quần"),
    (125, "Nhận ra người đã biết"),
    (250, "Phân biệt người chưa biết"),
)


def usable_distances(camera: Camera, width_pixels: int) -> list[tuple[str, float]]:
    """Up to how many metres the picture serves each use; nothing where angle or width are not known."""
    if not camera.view_degrees or not width_pixels or not 1 <= camera.view_degrees < 179:
        return []
    spread = 2 * tan(radians(camera.view_degrees) / 2)
    return [(use, width_pixels / (spread * pixels)) for pixels, use in PIXELS_PER_METRE]


@dataclass(frozen=True)
class Technical:
    """The system page: states without a picture."""

    rows: list[CameraRow]
    news: list[CameraEvent]
    disk_total: int
    disk_free: int

    @property
    def last_heard_at(self) -> datetime | None:
        """When a recording node last reported any of them."""
        reports = [row.condition.report for row in self.rows if row.condition.report]
        return max((report.reported_at for report in reports), default=None)

    @property
    def ailing(self) -> int:
        """How many cameras need somebody."""
        return sum(row.condition.badge == "late" for row in self.rows)

    @property
    def recording(self) -> int:
        """How many record."""
        return sum(row.condition.state == CameraState.RECORDING for row in self.rows)


def technical_state(authority: Authority, data_folder: Path, *, at: datetime | None = None) -> Technical:
    """Every camera of the units, households by code alone, those in trouble first; news of the nodes; the disk."""
    at = at or now()
    cameras = Camera.objects.filter(unit_id__in=authority.unit_ids({Role.IT_ADMIN})).select_related("unit", "report")
    rows = [CameraRow(camera, condition_of(camera, at)) for camera in cameras]
    rows.sort(key=lambda row: (row.condition.badge != "late", row.camera.code))
    with scopes_disabled():
        news = list(CameraEvent.objects.filter(camera=None)[:20])
    disk = shutil.disk_usage(data_folder)
    return Technical(rows, news, disk.total, disk.free)


def instant_moment(instant: int | None) -> datetime | None:
    """A datetime of microseconds since 1970."""
    return None if instant is None else datetime.fromtimestamp(instant / SECOND, UTC)


def _report_of(camera: Camera) -> CameraReport | None:
    try:
        return camera.report
    except CameraReport.DoesNotExist:
        return None


def states_of(rows: Iterable[CameraRow]) -> dict[str, int]:
    """How many cameras are in each state."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.condition.label] = counts.get(row.condition.label, 0) + 1
    return counts
