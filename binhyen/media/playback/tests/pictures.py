"""Small real H.264 and H.265 clips, encoded once per test session, and pumps that play them in real time."""

import asyncio
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from binhyen.contracts import Instant
from binhyen.media.codec import build_parameter_sets
from binhyen.media.packets import AccessUnit, Codec, ParameterSets
from binhyen.media.testcam.clip import Clip, nal_type, read_clip


def encode_clip(
    path: Path,
    *,
    codec: str = "libx264",
    seconds: float = 4.0,
    fps: int = 15,
    gop: int = 30,
    size: tuple[int, int] = (640, 360),
    bframes: int = 0,
    hue: int = 0,
) -> Clip:
    """A moving pattern whose left block's brightness tells the frame number modulo 16."""
    with av.open(str(path), "w") as container:
        options = {
            "preset": "ultrafast",
            "bf": str(bframes),
            "x264-params": f"scenecut=0:keyint={gop}:min-keyint={gop}",
        }
        if codec == "libx265":
            options = {"preset": "ultrafast", "x265-params": f"log-level=none:bframes={bframes}:keyint={gop}"}
        stream = container.add_stream(codec, rate=fps, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, 90_000)
        for number in range(int(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(picture(number, size, hue), format="rgb24")
            frame.pts = number * 90_000 // fps
            frame.time_base = Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return read_clip(path)


def picture(number: int, size: tuple[int, int], hue: int = 0) -> np.ndarray:
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    red = (columns * 255 // width + number * 3) % 256
    green = (rows * 255 // height + hue) % 256
    blue = np.full_like(red, (hue * 2) % 256)
    image = np.stack([red, green, blue], axis=2).astype(np.uint8)
    image[height // 4 : height // 2, : width // 4] = (number % 16) * 16
    return image


def parameter_sets(clip: Clip) -> ParameterSets:
    by_type: dict[int, list[bytes]] = {}
    for nal in clip.parameter_sets:
        by_type.setdefault(nal_type(clip.codec, nal), []).append(nal)
    if clip.codec is Codec.H264:
        return build_parameter_sets(clip.codec, sps=by_type[7], pps=by_type[8])
    return build_parameter_sets(clip.codec, vps=by_type[32], sps=by_type[33], pps=by_type[34])


def units(clip: Clip, *, start: Instant, loops: int = 1) -> list[AccessUnit]:
    """Access units as a source delivers them, arriving at their decoding times from `start` on."""
    made = []
    for loop in range(loops):
        for frame in clip.frames:
            body = b"".join(len(nal).to_bytes(4, "big") + nal for nal in frame.nals)
            arrived = Instant(start + (loop * clip.duration + frame.dts) * 100 // 9)
            made.append(AccessUnit([body], len(body), loop * clip.duration + frame.pts, frame.key, arrived))
    return made


class Camera:
    """What the recorder's feed server asks of a camera; plays a clip in real time."""

    def __init__(self, clip: Clip, publish) -> None:
        self.clip = clip
        self.sets: ParameterSets | None = parameter_sets(clip)
        self.watched = False
        self.silent = False
        self.sent = 0
        self._publish = publish
        self._gop: list[AccessUnit] = []

    def since_key(self) -> list[AccessUnit]:
        return self._gop

    async def play(self) -> None:
        started = time.monotonic()
        loop = 0
        while True:
            for frame in self.clip.frames:
                ticks = loop * self.clip.duration + frame.dts
                await asyncio.sleep(max(0.0, started + ticks / 90_000 - time.monotonic()))
                if not self.silent:
                    self._deliver(frame, loop)
            loop += 1

    def _deliver(self, frame, loop: int) -> None:
        body = b"".join(len(nal).to_bytes(4, "big") + nal for nal in frame.nals)
        arrived = Instant(time.time_ns() // 1000)
        unit = AccessUnit([body], len(body), loop * self.clip.duration + frame.pts, frame.key, arrived)
        if frame.key:
            self._gop = []
        self._gop.append(unit)
        self.sent += 1
        if self.watched:
            self._publish(unit)


class LoopReactor:
    """The feed server's Reactor on an asyncio loop."""

    def __init__(self, loop) -> None:
        self._loop = loop
        self._ready = {}

    def add(self, fd, ready, *, writing=False) -> None:
        self._ready[fd] = ready
        self._loop.add_reader(fd, ready, True, False)
        self.change(fd, writing=writing)

    def change(self, fd, *, writing) -> None:
        if writing:
            self._loop.add_writer(fd, self._ready[fd], False, True)
        else:
            self._loop.remove_writer(fd)

    def remove(self, fd) -> None:
        self._ready.pop(fd, None)
        self._loop.remove_reader(fd)
        self._loop.remove_writer(fd)
