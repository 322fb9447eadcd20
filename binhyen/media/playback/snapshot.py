"""A still picture of an instant, decoded where it can do no harm."""

import asyncio
import io
from dataclasses import dataclass

from binhyen.contracts import SECOND, Instant
from binhyen.media import fmp4
from binhyen.media.packets import TICKS_PER_SECOND
from binhyen.media.playback.piece import find_piece, piece_bytes
from binhyen.media.playback.shelf import Shelf
from binhyen.media.playback.still import HEADER
from binhyen.sandbox import Bounds, run_bounded

WORK = "binhyen.media.playback.still:jpeg_at"
AT_ONCE = 2
BOUNDS = Bounds(memory_mib=768, cpu_s=10, wall_s=15.0)


@dataclass(frozen=True, slots=True)
class Still:
    """A JPEG and the instant of the frame that it shows."""

    jpeg: bytes
    at: Instant


class Snapshots:
    """Makes stills, a few at a time."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._room = asyncio.Semaphore(AT_ONCE)

    async def still(self, camera: str, at: Instant) -> Still:
        """The frame shown at `at`; raises NothingRecorded or SandboxError."""
        async with self._room:
            frame_at, offset_s, mp4 = await asyncio.to_thread(_find, self._shelf, camera, at)
            jpeg = await run_bounded(WORK, HEADER.pack(offset_s) + mp4, bounds=BOUNDS)
        return Still(jpeg, frame_at)


def _find(shelf: Shelf, camera: str, at: Instant) -> tuple[Instant, float, bytes]:
    """(instant of the frame, its seconds in the MP4, the MP4 from the key frame up to it)."""
    piece = find_piece(shelf, camera, at, Instant(at + 1), length_us=1)
    mp4 = b"".join(piece_bytes(piece))
    ticks = _last_shown(mp4)
    return Instant(piece.zero + ticks * SECOND // TICKS_PER_SECOND), ticks / TICKS_PER_SECOND, mp4


def _last_shown(mp4: bytes) -> int:
    """Presentation time of the newest frame in the MP4, in ticks: the piece ends with the wanted instant."""
    scanned = fmp4.scan(io.BytesIO(mp4))
    return max(sample.presentation_time for fragment in scanned.fragments for sample in fragment.samples)
