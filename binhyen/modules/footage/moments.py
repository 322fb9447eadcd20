"""Instants (µs UTC) to and from the datetimes of Django."""

from datetime import UTC, datetime, timedelta

from binhyen.contracts import Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant_of(at: datetime) -> Instant:
    """Exact to the microsecond."""
    return Instant((at - _EPOCH) // _MICROSECOND)


def datetime_of(instant: int) -> datetime:
    """Aware, UTC."""
    return _EPOCH + instant * _MICROSECOND
