"""Real coded pictures for tests, made once: a moving square in H.264 or H.265."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

from binhyen.contracts import Instant
from binhyen.media.codec import annex_b_units, build_parameter_sets
from binhyen.media.packets import AccessUnit, Codec, ParameterSets
from binhyen.media.store.timing import ticks_to_us


@dataclass(frozen=True)
class Film:
    """A clip that can be played for ever: picture n has pts n * step (in decoding order with `reorder`)."""

    sets: ParameterSets
    pictures: tuple[tuple[bytes, bool, int], ...]  # bytes, key, ticks from the start
    step: int

    @property
    def length(self) -> int:
        return len(self.pictures) * self.step

    def units(self, start_us: int, *, pictures: int, first_pts: int = 0, late_us: int = 0) -> Iterator[AccessUnit]:
        """`pictures` pictures from the beginning, the first taken at `start_us`, each arriving `late_us` later."""
        for n in range(pictures):
            payload, key, ticks = self.pictures[n % len(self.pictures)]
            ticks += n // len(self.pictures) * self.length
            arrived = Instant(start_us + ticks_to_us(ticks) + late_us)
            yield AccessUnit([payload], len(payload), first_pts + ticks, key, arrived)


@functools.cache
def film(
    codec: str = "libx264",
    *,
    width: int = 320,
    height: int = 240,
    group: int = 15,
    fps: int = 15,
    b_frames: int = 0,
    noisy: bool = False,
) -> Film:
    """Four groups of pictures; `noisy` ones are large."""
    chance = np.random.default_rng(1)
    context = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.framerate, context.time_base = fps, Fraction(1, fps)
    context.gop_size, context.max_b_frames = group, b_frames
    closed = f"keyint={group}:min-keyint={group}:scenecut=0:open-gop=0:bframes={b_frames}:log-level=none"
    context.options = {"preset": "ultrafast", "x265-params" if "265" in codec else "x264-params": closed}
    packets = []
    for n in range(4 * group):
        picture = np.full((height, width, 3), 40, np.uint8)
        picture[20 : height // 2, n * 3 : n * 3 + 60] = 200
        if noisy:
            picture = chance.integers(0, 255, picture.shape, np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts = n
        packets += context.encode(frame)
    packets += context.encode(None)
    return _film(Codec.H265 if "265" in codec else Codec.H264, packets, fps)


def _film(codec: Codec, packets, fps: int) -> Film:
    found: dict[str, list[bytes]] = {"vps": [], "sps": [], "pps": []}
    pictures = []
    step = 90_000 // fps
    for packet in packets:
        payload = b""
        for nal in annex_b_units(bytes(packet)):
            role = _role(codec, nal)
            if role in found:
                found[role].append(nal)
            elif role == "picture":
                payload += len(nal).to_bytes(4, "big") + nal
        pictures.append((payload, packet.is_keyframe, packet.pts * step))
    sets = build_parameter_sets(codec, **{name: dict.fromkeys(nals) for name, nals in found.items()})
    return Film(sets, tuple(pictures), step)


def _role(codec: Codec, nal: bytes) -> str:
    if codec is Codec.H264:
        return {7: "sps", 8: "pps"}.get(nal[0] & 31, "picture" if nal[0] & 31 in (1, 5) else "other")
    kind = nal[0] >> 1 & 63
    return {32: "vps", 33: "sps", 34: "pps"}.get(kind, "picture" if kind < 32 else "other")
