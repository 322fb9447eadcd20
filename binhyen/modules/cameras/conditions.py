"""How every camera of tiers 1 and 2 is now, in one question to the database; and how each came to be so."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.fields import CharField
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.contracts import EventKind
from binhyen.contracts.node import CameraState
from binhyen.kernel.units.authority import Authority
from binhyen.modules.cameras.models import STATE_LABELS, Camera, CameraEvent, Tier
from binhyen.modules.cameras.queries import BADGES, REPORT_LASTS, UNKNOWN, instant_moment, working_units

UNHEARD = "unheard"
"""No node has ever told of it."""
CONDITIONS: dict[str, tuple[str, str]] = {
    **{state.value: (STATE_LABELS[state], BADGES[state]) for state in CameraState},
    UNKNOWN: ("máy ghi không báo", "late"),
    UNHEARD: ("chưa có tin từ máy ghi", "waiting"),
}
"""The label and the badge of each condition, as `queries.condition_of` says them."""


@dataclass(frozen=True)
class StationCamera:
    """A camera of tier 1 or 2 that is in use, and its condition; `since` is when it came to be so, where known."""

    pk: int
    code: str
    name: str
    tier: int
    unit_id: int
    state: str
    since: datetime | None

    @property
    def label(self) -> str:
        return CONDITIONS[self.state][0]

    @property
    def badge(self) -> str:
        """One of the shell's four states."""
        return CONDITIONS[self.state][1]

    @property
    def is_recording(self) -> bool:
        return self.state == CameraState.RECORDING

    @property
    def is_ailing(self) -> bool:
        """Whether somebody has to look after it."""
        return self.badge == "late"


def station_cameras(authority: Authority, *, at: datetime | None = None) -> list[StationCamera]:
    """Every camera of tiers 1 and 2 that is in use in the units where `authority` reads the register, by code."""
    at = at or now()
    columns = "pk", "code", "name", "tier", "unit_id", "condition", "report__since", "report__reported_at"
    rows = _in_use(at).filter(unit_id__in=working_units(authority)).annotate(condition=_condition(at))
    return [
        StationCamera(pk, code, name, tier, unit_id, state, _since(state, since, reported_at))
        for pk, code, name, tier, unit_id, state, since, reported_at in rows.order_by("code").values_list(*columns)
    ]


def _in_use(at: datetime) -> "QuerySet[Camera]":
    today = localdate(at)
    still = Q(active_until=None) | Q(active_until__gt=today)
    return Camera.objects.filter(still, tier__lt=Tier.HOUSEHOLD, active_from__lte=today)


def _condition(at: datetime) -> Case:
    return Case(
        When(report=None, then=Value(UNHEARD)),
        When(report__reported_at__lt=at - REPORT_LASTS, then=Value(UNKNOWN)),
        default=F("report__state"),
        output_field=CharField(),
    )


def _since(state: str, since: int | None, reported_at: datetime | None) -> datetime | None:
    return reported_at if state == UNKNOWN else instant_moment(since)


@dataclass(frozen=True)
class StateChange:
    """What a node told of a camera of tier 1 or 2: from `at` on (microseconds UTC) it was in `state`."""

    camera_id: int
    at: int
    state: str


def state_changes(
    *, camera_ids: Collection[int] | None = None, since: int | None = None, received_from: datetime | None = None
) -> Iterator[StateChange]:
    """Changes in the order of time: of some cameras, from an instant on, that reached the centre from a moment on.
    Runs across units; a household's are never told."""
    with scopes_disabled():
        events = CameraEvent.objects.filter(kind=EventKind.CAMERA_STATE.value, camera__tier__lt=Tier.HOUSEHOLD)
        if camera_ids is not None:
            events = events.filter(camera_id__in=camera_ids)
        if since is not None:
            events = events.filter(at__gte=since)
        if received_from is not None:
            events = events.filter(received_at__gte=received_from)
        told = events.order_by("at", "pk").values_list("camera_id", "at", "detail__state")
        return iter([StateChange(*each) for each in told if each[2] is not None])
