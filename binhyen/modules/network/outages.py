"""Outages from the news of nodes: folded again from where news came in, however late and in whatever order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.db import transaction
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.contracts import SECOND
from binhyen.contracts.node import CameraState
from binhyen.modules.cameras.public import StateChange, state_changes
from binhyen.modules.network.models import FoldedTo, Outage

OVERLAP = timedelta(hours=2)
"""So much is read once more each time: news is stamped before its transaction ends, and a clock may be set back."""
BEGINS = frozenset({CameraState.SILENT.value, CameraState.FAILING.value, CameraState.NO_SPACE.value})
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """An outage in microseconds UTC; `end` None: still."""

    state: str
    begin: int
    end: int | None = None
    is_repaired: bool = False


def spans_of(changes: Iterable[StateChange], running: Span | None = None) -> list[Span]:
    """The outages that changes of one camera, in the order of time, come to; `running` lasts when they begin.

    An outage lasts through trying again (`connecting`) and through other troubles; pictures end it, or switching off.
    """
    found: list[Span] = []
    for change in changes:
        if change.state in BEGINS and running is None:
            running = Span(change.state, change.at)
        elif running is not None and change.state in (CameraState.RECORDING, CameraState.DISABLED):
            repaired = change.state == CameraState.RECORDING
            found.append(Span(running.state, running.begin, max(change.at, running.begin), repaired))
            running = None
    return [*found, running] if running is not None else found


@transaction.atomic
def fold(at: datetime | None = None) -> int:
    """Bring outages up to date with what nodes have told; how many cameras had news. Run twice it does the same."""
    at = at or now()
    with scopes_disabled():
        FoldedTo.objects.get_or_create(pk=1, defaults={"received_at": BEGINNING})
        mark = FoldedTo.objects.select_for_update().get(pk=1)
        first_news: dict[int, int] = {}
        for change in state_changes(received_from=mark.received_at - OVERLAP):
            first_news[change.camera_id] = min(change.at, first_news.get(change.camera_id, change.at))
        if first_news:
            _fold_again(first_news)
        mark.received_at = at
        mark.save()
    return len(first_news)


def _fold_again(first_news: dict[int, int]) -> None:
    """What lay before the first news of a camera stands; an outage that lasted then is where folding begins."""
    lasting: dict[int, Outage] = {}
    for outage in Outage.objects.filter(camera__in=first_news).order_by("began_at"):
        news = first_news[outage.camera_id]
        if instant_of(outage.began_at) < news and (outage.ended_at is None or instant_of(outage.ended_at) >= news):
            lasting[outage.camera_id] = outage
    changes: dict[int, list[StateChange]] = defaultdict(list)
    for change in state_changes(camera_ids=first_news, since=min(first_news.values())):
        if change.at >= first_news[change.camera_id]:
            changes[change.camera_id].append(change)
    for camera, news in first_news.items():
        begun = lasting.get(camera)
        running = Span(begun.state, instant_of(begun.began_at)) if begun else None
        _keep(camera, spans_of(changes[camera], running), since=running.begin if running else news)


def _keep(camera: int, spans: list[Span], *, since: int) -> None:
    begun = [moment_of(span.begin) for span in spans]
    Outage.objects.filter(camera=camera, began_at__gte=moment_of(since)).exclude(began_at__in=begun).delete()
    # The open one last: only one may be open at a time.
    for span in spans:
        Outage.objects.update_or_create(camera_id=camera, began_at=moment_of(span.begin), defaults=_values(span))


def _values(span: Span) -> dict[str, object]:
    ended = None if span.end is None else moment_of(span.end)
    minutes = 0 if span.end is None else ceil((span.end - span.begin) / (60 * SECOND))
    day = localdate(moment_of(span.begin))
    return {"state": span.state, "ended_at": ended, "is_repaired": span.is_repaired, "day": day, "minutes": minutes}


def moment_of(instant: int) -> datetime:
    """A datetime of microseconds since 1970, exactly."""
    seconds, rest = divmod(instant, SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def instant_of(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - BEGINNING) // timedelta(microseconds=1)
