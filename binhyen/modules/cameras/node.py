"""What recording nodes are told, and what is taken from them."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from math import isfinite
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.contracts import CameraSpec, CameraStatus, ContractError, Event, EventBatch, Hold, Instant, NodeSpec, dump
from binhyen.modules.cameras.consent import NOTHING_AGREED, Standing, consent_book
from binhyen.modules.cameras.domain import addresses_of
from binhyen.modules.cameras.models import Camera, CameraEvent, CameraReport, FootageHold

_ANY_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-fA-F]{1,4}:){2,}[0-9a-fA-F:.]*|::[0-9a-fA-F:.]+")
BIGINT_MAX = 2**63 - 1
INTEGER_MAX = 2**31 - 1
ID_CHARACTERS_MAX = 64
ERROR_CHARACTERS_MAX = 300
DETAIL_CHARACTERS_MAX = 2000
REPORTED = ("state", "since", "frames_per_second", "bits_per_second", "last_frame_at", "gaps_last_day",
            "clock_offset_us", "codec", "width", "height", "error")  # fmt: skip


def node_spec() -> NodeSpec:
    """Desired state: every camera in use, those that ended while their footage is still to be deleted, all holds.
    A household camera is recorded while its consent says so, to the minute: a node asks every two seconds."""
    today, at = localdate(), now()
    with scopes_disabled():
        cameras = [camera for camera in Camera.objects.order_by("code") if _concerns_node(camera, today)]
        agreed = consent_book().standings([camera.code for camera in cameras if camera.is_household], at)
        return NodeSpec(
            cameras=tuple(
                _home_spec(camera, today, agreed.get(camera.code, NOTHING_AGREED), at)
                if camera.is_household
                else _camera_spec(camera, today)
                for camera in cameras
            ),
            holds=held_footage(),
            quota_bytes=settings.BINHYEN_QUOTA_BYTES,
            forget=tuple(camera.code for camera in cameras if _has_withdrawn(camera, today)),
        )


def held_footage() -> tuple[Hold, ...]:
    """Everything that is kept for a reason now."""
    with scopes_disabled():
        holds = FootageHold.objects.filter(released_at=None).select_related("camera").order_by("start", "pk")
        return tuple(Hold(str(h.pk), h.camera.code, Instant(h.start), Instant(h.end)) for h in holds)


def spec_answer() -> tuple[bytes, str]:
    """`(body, ETag)` of the desired state."""
    body = json.dumps(dump(node_spec()), ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def take_events(batch: EventBatch) -> int:
    """Keep each event of `batch` once, however often it comes. Returns how many the centre now has of the batch.

    Raises ContractError for a value that cannot be kept.
    """
    with scopes_disabled():
        cameras = {camera.code: camera for camera in Camera.objects.filter(code__in={e.camera for e in batch.events})}
        rows = [_event_row(event, cameras.get(event.camera)) for event in batch.events]
        CameraEvent.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def take_statuses(statuses: Iterable[CameraStatus], *, at: datetime | None = None) -> int:
    """Keep the newest status of each known camera. Returns how many were kept. Raises ContractError."""
    newest = {status.camera: status for status in statuses}
    with scopes_disabled():
        cameras = Camera.objects.filter(code__in=newest)
        rows = [_report_row(camera, newest[camera.code], at or now()) for camera in cameras]
        CameraReport.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["camera"], update_fields=[*REPORTED, "reported_at"]
        )
    return len(rows)


def scrubbed(text: str, camera: Camera | None) -> str:
    """`text` without what a stream address holds: nodes may quote one in an error, and pages and dumps show errors.

    Of a household also the host goes, and every IP address (a name may have been resolved): they tell where it is.
    """
    if not text or camera is None:
        return text.replace("\x00", "")
    for url in filter(None, addresses_of(camera)):
        parts = urlsplit(url)
        secrets = [url, parts.netloc.rpartition("@")[0], parts.password or "", unquote(parts.password or "")]
        if camera.is_household:
            secrets += [parts.path.strip("/"), parts.hostname or "", parts.username or ""]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, "…")
    return (_ANY_ADDRESS.sub("…", text) if camera.is_household else text).replace("\x00", "")


def _concerns_node(camera: Camera, today: object) -> bool:
    if not camera.url_sealed:
        return False  # forgotten: see retention
    if camera.is_active_on(today):
        return True
    ended = camera.active_until
    return ended is not None and localdate() < ended + timedelta(days=camera.retention_days + 2)


def _has_withdrawn(camera: Camera, today: object) -> bool:
    return camera.is_household and not camera.is_active_on(today) and camera.active_until is not None


def _camera_spec(camera: Camera, today: object) -> CameraSpec:
    url, sub_url = addresses_of(camera)
    return CameraSpec(
        code=camera.code,
        url=url,
        sub_url=sub_url,
        retention_days=camera.retention_days,
        recording=camera.recording and camera.is_active_on(today),
    )


def _home_spec(camera: Camera, today: object, standing: Standing, at: datetime) -> CameraSpec:
    spec = _camera_spec(camera, today)
    return replace(spec, recording=spec.recording and standing.records_at(at))


def _event_row(event: Event, camera: Camera | None) -> CameraEvent:
    _expect(0 < len(event.id) <= ID_CHARACTERS_MAX and event.id.isprintable(), "id", event.id)
    _expect(0 <= event.at <= BIGINT_MAX, "at", event.at)
    detail = {
        name.replace("\x00", "")[:40]: scrubbed(v, camera)[:DETAIL_CHARACTERS_MAX] for name, v in event.detail.items()
    }
    if event.camera and camera is None:
        detail["camera"] = event.camera.replace("\x00", "")[:32]
    return CameraEvent(id=event.id, kind=event.kind.value, at=event.at, camera=camera, detail=detail)


def _report_row(camera: Camera, status: CameraStatus, at: datetime) -> CameraReport:
    for name in ("since", "bits_per_second", "last_frame_at", "clock_offset_us"):
        _expect(abs(getattr(status, name) or 0) <= BIGINT_MAX, name, getattr(status, name))
    _expect(isfinite(status.frames_per_second), "frames_per_second", status.frames_per_second)
    for name in ("gaps_last_day", "width", "height"):
        _expect(0 <= getattr(status, name) <= INTEGER_MAX, name, getattr(status, name))
    values = {name: getattr(status, name) for name in REPORTED}
    values |= {
        "state": status.state.value,
        "codec": status.codec.replace("\x00", "")[:40],
        "error": scrubbed(status.error, camera)[:ERROR_CHARACTERS_MAX],
    }
    return CameraReport(camera=camera, reported_at=at, **values)


def _expect(condition: bool, name: str, value: object) -> None:
    if not condition:
        raise ContractError(f"{name}: {str(value)[:60]!r} cannot be kept")
