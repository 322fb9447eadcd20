"""Live frames as fMP4: one fragment per frame, or one per part."""

from collections.abc import Sequence
from typing import NamedTuple

from binhyen.media import fmp4
from binhyen.media.live.timing import FrameTime
from binhyen.media.packets import ParameterSets


class TimedFrame(NamedTuple):
    """A coded picture with its times in 90 kHz ticks of the channel's time line."""

    payload: bytes
    dts: int
    pts: int
    duration: int
    key: bool


class FramePacker:
    """Numbers the fragments of one player's stream."""

    def __init__(self) -> None:
        self._sequence = 0

    def init(self, sets: ParameterSets) -> bytes:
        """The init segment; fragments that follow it are numbered from one again."""
        self._sequence = 0
        return fmp4.init_segment(sets)

    def frame(self, payload: bytes, time: FrameTime, *, key: bool) -> bytes:
        """One frame as a fragment of its own."""
        return self.fragment((TimedFrame(payload, time.dts, time.pts, time.duration, key),))

    def fragment(self, frames: Sequence[TimedFrame]) -> bytes:
        """Frames in decoding order as one fragment."""
        self._sequence += 1
        samples = [fmp4.Sample(len(f.payload), f.duration, f.pts - f.dts, f.key) for f in frames]
        return fmp4.fragment(self._sequence, frames[0].dts, samples, [f.payload for f in frames])
