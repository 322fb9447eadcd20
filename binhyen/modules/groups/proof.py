"""When did it happen? What a telephone that was offline says, what can be known of it, and what cannot.

A device has a clock on its wall, which anybody can set, and one that only counts up since the page was opened
(`performance.now`, W3C High Resolution Time), which stops while some telephones sleep but never runs back or fast. The
station signs the time into an anchor whenever the two meet, and a check-in carries the newest one: it cannot be older
than its anchor, nor younger than its arrival. Pure; times are aware datetimes, device times milliseconds since 1970.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

AGREE_WITHIN = timedelta(seconds=5)
"""Two measurements of one age that differ by less agree: an answer takes seconds on a bad line."""


class Basis(StrEnum):
    """What the time rests on; the values of `CheckIn.Proof`."""

    MEASURED = "measured"
    BY_CLOCK = "by_clock"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class DeviceTime:
    """Both clocks of a device at one moment. `run` names the life of the page: counts of two runs do not compare."""

    wall_ms: int
    count_ms: float
    run: str


@dataclass(frozen=True)
class Proof:
    """`at` is the best estimate; it was certainly not before `earliest` nor after `latest`, whoever set which clock."""

    at: datetime
    earliest: datetime
    latest: datetime
    basis: Basis
    offset_ms: int


def proof_of(then: DeviceTime, sent: DeviceTime, *, received: datetime, anchor: datetime) -> Proof:
    """Of something that happened at `then`, sent at `sent`, with a station's `anchor` from before it happened."""
    offset_ms = sent.wall_ms - round(received.timestamp() * 1000)
    latest = received
    if then.run == sent.run:
        latest -= timedelta(milliseconds=max(0.0, sent.count_ms - then.count_ms))
    guess = received - timedelta(milliseconds=sent.wall_ms - then.wall_ms)
    anchor = min(anchor, latest)
    if then.run == sent.run and abs(latest - guess) <= AGREE_WITHIN and latest >= anchor:
        return Proof(latest, max(anchor, latest - AGREE_WITHIN), latest, Basis.MEASURED, offset_ms)
    if anchor - AGREE_WITHIN <= guess <= latest + AGREE_WITHIN:
        return Proof(_between(anchor, guess, latest), anchor, latest, Basis.BY_CLOCK, offset_ms)
    return Proof(_between(anchor, guess, latest), anchor, latest, Basis.DOUBTFUL, offset_ms)


def device_moment(wall_ms: int) -> datetime:
    """What the device's clock showed, as it was."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC)


def _between(low: datetime, value: datetime, high: datetime) -> datetime:
    return max(low, min(value, high))
