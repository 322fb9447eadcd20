"""NTP timestamps (RFC 5905 section 6) for `prft` boxes and RTCP sender reports."""

from binhyen.contracts import Instant

_SECONDS_1900_TO_1970 = 2_208_988_800
_ERA_SECONDS = 1 << 32
_MICROSECONDS = 1_000_000


def ntp_from_instant(at: Instant) -> int:
    """`at` as 32.32 fixed point; exact to the microsecond both ways."""
    seconds, microseconds = divmod(at, _MICROSECONDS)
    return (seconds + _SECONDS_1900_TO_1970) % _ERA_SECONDS << 32 | (microseconds << 32) // _MICROSECONDS


def instant_from_ntp(timestamp: int) -> Instant:
    """The instant of a 32.32 timestamp, read as one between 1970 and 2106 (NTP wraps in 2036)."""
    seconds, fraction = timestamp >> 32, timestamp & 0xFFFFFFFF
    if seconds < _SECONDS_1900_TO_1970:
        seconds += _ERA_SECONDS
    microseconds = (fraction * _MICROSECONDS + (1 << 31)) >> 32
    return Instant((seconds - _SECONDS_1900_TO_1970) * _MICROSECONDS + microseconds)
