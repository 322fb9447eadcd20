"""Real H.264 and H.265 made by real encoders, for the tests of whoever reads them."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import av
import numpy as np

from binhyen.contracts import Instant
from binhyen.media.codec import SYNTAX, ParameterSetStore, Role, annex_b_units
from binhyen.media.packets import AccessUnit, Codec, ParameterSets

FRAME_TICKS = 6000  # 15 frames/s


@dataclass(frozen=True)
class Picture:
    nals: tuple[bytes, ...]  # as the encoder made them, parameter sets included
    pts: int
    key: bool


@dataclass(frozen=True)
class Encoded:
    codec: Codec
    sets: ParameterSets
    pictures: tuple[Picture, ...]

    def units(self, arrived_at: int = 1_700_000_000_000_000) -> list[AccessUnit]:
        return [as_unit(self.codec, picture, Instant(arrived_at)) for picture in self.pictures]


def as_unit(codec: Codec, picture: Picture, arrived_at: Instant) -> AccessUnit:
    roles = SYNTAX[codec].roles
    kept = [nal for nal in picture.nals if roles[nal[0]] not in (Role.PARAMETER_SET, Role.DROPPED)]
    sample = b"".join(len(nal).to_bytes(4, "big") + nal for nal in kept)
    return AccessUnit([sample], len(sample), picture.pts, picture.key, arrived_at)


@lru_cache
def encoded(
    codec: Codec = Codec.H264,
    width: int = 98,
    height: int = 66,
    frames: int = 30,
    gop: int = 10,
    b_frames: int = 0,
    options: str = "",
    pixels: str = "yuv420p",
) -> Encoded:
    """`options` are x264's or x265's own, "name=value:name=value"."""
    own = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={b_frames}:b-adapt=0" + (f":{options}" if options else "")
    name = "libx264" if codec is Codec.H264 else "libx265"
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, pixels
    encoder.time_base, encoder.framerate = Fraction(1, 90_000), Fraction(15)
    encoder.options = {"preset": "veryfast", f"{name[3:]}-params": own + ":log-level=none" * (codec is Codec.H265)}
    noise = np.random.default_rng(7).integers(0, 255, (height, width, 3), dtype=np.uint8)
    packets = []
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(np.roll(noise, number * 3, axis=1), format="rgb24").reformat(format=pixels)
        frame.pts, frame.time_base = number * FRAME_TICKS, encoder.time_base
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    store = ParameterSetStore(codec)
    pictures = tuple(Picture(tuple(annex_b_units(bytes(each))), each.pts, each.is_keyframe) for each in packets)
    for nal in pictures[0].nals:
        if SYNTAX[codec].roles[nal[0]] == Role.PARAMETER_SET:
            store.take(nal)
    return Encoded(codec, store.current(), pictures)
