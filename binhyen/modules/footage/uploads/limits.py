"""How much an owner may send, and how long what is unfinished waits (S06, T07)."""

from datetime import timedelta

GIB = 1 << 30

FILE_BYTES_MAX = 16 * GIB
"""About nine hours of a camera at 4 Mbit/s."""

CHUNK_BYTES_MAX = 8 << 20
"""Of one request; with its headers below what the station takes of anybody (`web/body_limit`)."""

FREE_BYTES_MIN = 2 * GIB
"""What uploads leave free on the disk of the data folder: recording comes first."""

FILES_PER_ASK_MAX = 12
BYTES_PER_ASK_MAX = 3 * FILE_BYTES_MAX
"""Of one ask over all its files, cancelled ones included: nobody fills a disk by starting anew."""

UNFINISHED_AT_ONCE_MAX = 200
"""Of the whole station."""

UNFINISHED_KEPT = timedelta(days=3)
"""After the last byte; the end of the ask's time ends it sooner."""

ENDED_KEPT = timedelta(days=30)
"""After a shared part's right ended, as footage that cases held: one closed by mistake loses nothing."""
