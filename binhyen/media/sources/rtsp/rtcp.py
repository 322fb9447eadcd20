"""RTCP (RFC 3550 section 6): the camera's own clock out of sender reports."""

import struct

from binhyen.contracts import SECOND, Instant
from binhyen.media.fmp4.wall_clock import instant_from_ntp

_SENDER_REPORT = 200
_FIVE_YEARS_US = 5 * 366 * 86_400 * SECOND


def find_sender_clock(packet: bytes, arrived_at: Instant) -> Instant | None:
    """The camera's wall clock in the first sender report of a compound packet; None where it has none.

    Cameras that do not know the time send zero or seconds since boot; read as NTP that is 2036 and later.
    """
    at = 0
    while at + 8 <= len(packet):
        head, kind, words = struct.unpack_from(">BBH", packet, at)
        if head >> 6 != 2:
            return None
        if kind == _SENDER_REPORT and at + 16 <= len(packet):
            told = instant_from_ntp(*struct.unpack_from(">Q", packet, at + 8))
            return told if told < arrived_at + _FIVE_YEARS_US else None
        at += 4 * (words + 1)
    return None
