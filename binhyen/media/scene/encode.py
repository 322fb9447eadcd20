"""A scene as two H.264 clips (main and sub) whose top band is a slice of its own, with the truth beside them."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TextIO

import av
import numpy as np

from binhyen.media.scene.ground import HEIGHT, WIDTH
from binhyen.media.scene.render import Scene, SceneFrame
from binhyen.media.scene.slices import MACROBLOCK

FRAMES_PER_SECOND = 10
KEY_EVERY_S = 2
BAND_ROWS = 2
"""Macroblock rows of the band at the top of both clips: 32 pixels."""


@dataclass(frozen=True, slots=True)
class Format:
    """Size and quality of one clip; the main one comes to about 1.5 Mbit/s with traffic."""

    suffix: str
    width: int
    height: int
    quality: int


MAIN = Format("", WIDTH, HEIGHT, 26)
SUB = Format(".sub", WIDTH // 2, HEIGHT // 2, 28)


@dataclass(frozen=True, slots=True)
class SceneFiles:
    """Where the clips and the truth of one scene lie."""

    main: Path
    sub: Path
    truth: Path

    @property
    def complete(self) -> bool:
        return all(path.is_file() for path in (self.main, self.sub, self.truth))


def files_of(folder: Path, name: str) -> SceneFiles:
    """The files of the scene `name` in `folder`."""
    return SceneFiles(folder / f"{name}.mp4", folder / f"{name}.sub.mp4", folder / f"{name}.truth.jsonl")


def encode_scene(scene: Scene, folder: Path, name: str, *, duration_s: float) -> SceneFiles:
    """Render and encode; files appear whole or not at all."""
    files = files_of(folder, name)
    beside = [path.with_name(f".{os.getpid()}.{path.name}") for path in (files.main, files.sub, files.truth)]
    with (
        av.open(str(beside[0]), "w", "mp4") as main,
        av.open(str(beside[1]), "w", "mp4") as sub,
        beside[2].open("w") as truth,
    ):
        _encode(scene.frames(FRAMES_PER_SECOND, duration_s), main, sub, truth)
    for made, path in zip(beside, (files.main, files.sub, files.truth), strict=True):
        made.replace(path)
    return files


def _encode(
    frames: Iterator[SceneFrame],
    main: "av.container.OutputContainer",
    sub: "av.container.OutputContainer",
    truth: TextIO,
) -> None:
    streams = [(container, _stream(container, kind), kind) for container, kind in ((main, MAIN), (sub, SUB))]
    for number, frame in enumerate(frames):
        truth.write(json.dumps({"frame": number, **frame.truth}, ensure_ascii=False) + "\n")
        whole = av.VideoFrame.from_ndarray(np.asarray(frame.picture), format="rgb24")
        for container, stream, kind in streams:
            picture = whole.reformat(width=kind.width, height=kind.height, format="yuv420p")
            _hide_band(picture)
            picture.pts = number
            container.mux(stream.encode(picture))
    for container, stream, _ in streams:
        container.mux(stream.encode(None))


def _stream(container: "av.container.OutputContainer", kind: Format) -> "av.VideoStream":
    stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
    stream.width, stream.height, stream.pix_fmt = kind.width, kind.height, "yuv420p"
    stream.codec_context.time_base = Fraction(1, FRAMES_PER_SECOND)
    macroblocks = kind.width // MACROBLOCK * BAND_ROWS
    # What slices.py can continue: baseline (CAVLC), one slice a band, no deblocking across slices, whole-pixel motion.
    parameters = {
        "slice-max-mbs": macroblocks,
        "no-deblock": 1,
        "subme": 0,
        "me": "dia",
        "keyint": FRAMES_PER_SECOND * KEY_EVERY_S,
        "min-keyint": FRAMES_PER_SECOND * KEY_EVERY_S,
        "scenecut": 0,
        "ref": 1,
        "threads": 1,
        "aud": 0,
    }
    text = ":".join(f"{key}={value}" for key, value in parameters.items())
    stream.options = {"preset": "ultrafast", "profile": "baseline", "crf": str(kind.quality), "x264-params": text}
    return stream


def _hide_band(picture: av.VideoFrame) -> None:
    """A fine chequerboard in the band: nothing below resembles it, so no motion search points there, and it does not
    change, so that it costs nothing to encode."""
    plane = picture.planes[0]
    samples = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: BAND_ROWS * MACROBLOCK]
    samples[:] = (np.indices(samples.shape).sum(axis=0) % 2 * 255).astype(np.uint8)
