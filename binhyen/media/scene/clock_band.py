"""The wall clock in the top band of a clip, drawn at the moment each picture is sent."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image

from binhyen.contracts import SECOND, Instant
from binhyen.media.packets import Codec
from binhyen.media.scene.encode import BAND_ROWS
from binhyen.media.scene.fonts import text_mask
from binhyen.media.scene.slices import MACROBLOCK, Band, BandError, CodingTools, SliceHeader, changed_band, whole_band
from binhyen.media.testcam.clip import Clip, nal_type

GROUND, INK = 28, 235
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_TEXT_LEFT_PX = 12
_SEI = 6  # the encoder's own remarks, which stand before the band


@dataclass(frozen=True)
class ClockBand:
    """An overlay (`testcam.clip.Overlay`) of `title` and the time to the second."""

    title: str
    width: int
    headers: tuple[SliceHeader, ...]

    def start(self) -> Callable[[int, Instant], bytes]:
        before: Band | None = None
        shown, drawn = "", self._draw("")

        def draw(index: int, now: Instant) -> bytes:
            nonlocal before, shown, drawn
            text = datetime.fromtimestamp(now // SECOND, VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
            if text != shown:
                shown, drawn = text, self._draw(text)
            header = self.headers[index]
            nal = (
                whole_band(header, drawn, GROUND)
                if header.intra or before is None
                else changed_band(header, drawn, before)
            )
            before = drawn
            return nal

        return draw

    def _draw(self, time: str) -> Band:
        height = BAND_ROWS * MACROBLOCK
        image = Image.new("L", (self.width, height), GROUND)
        size = height * 5 // 9
        right = text_mask(time, size, weight=700)
        for mask, left in (
            (text_mask(self.title, size), _TEXT_LEFT_PX),
            (right, self.width - right.width - _TEXT_LEFT_PX),
        ):
            image.paste(INK, (left, (height - mask.height) // 2), mask)
        return np.asarray(image, np.uint8)


def with_clock(clip: Clip, title: str) -> Clip:
    """`clip`, which `encode_scene` made, with the true time burnt in. Raises BandError for any other clip."""
    if clip.codec is not Codec.H264:
        raise BandError("the band is written for H.264 alone")
    sps = next(each for each in clip.parameter_sets if nal_type(clip.codec, each) == 7)
    pps = next(each for each in clip.parameter_sets if nal_type(clip.codec, each) == 8)
    tools = CodingTools.of(sps, pps)
    frames = tuple(
        replace(frame, nals=tuple(nal for nal in frame.nals if nal_type(clip.codec, nal) != _SEI))
        for frame in clip.frames
    )
    headers = tuple(SliceHeader.read(frame.nals[0], tools) for frame in frames)
    return replace(clip, frames=frames, overlay=ClockBand(title, clip.width, headers))
