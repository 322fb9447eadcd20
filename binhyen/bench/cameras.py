"""Simulated cameras in a process of their own, so that what they cost is nobody else's."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import imageio_ffmpeg

WIDTH, HEIGHT, FRAMES_PER_SECOND, KILOBITS_PER_SECOND, GROUP = 1280, 720, 15, 1500, 30
CLIP_SECONDS = 20
PHASES = 20  # so many groups of cameras whose key frames do not coincide


def render_clip(folder: Path, *, seconds: int = CLIP_SECONDS, kbits: int = KILOBITS_PER_SECOND) -> Path:
    """720p at 15 frames/s and about `kbits` (1.5 Mbit/s), encoded once."""
    clip = folder / "clip.mp4"
    rate = f"{kbits}k"
    source = f"testsrc2=s={WIDTH}x{HEIGHT}:r={FRAMES_PER_SECOND}:d={seconds},noise=alls=12:allf=t"
    encoding = ["-c:v", "libx264", "-preset", "ultrafast", "-g", str(GROUP), "-bf", "0", "-pix_fmt", "yuv420p"]
    limits = ["-b:v", rate, "-maxrate", rate, "-bufsize", rate]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-f", "lavfi", "-i", source]
    subprocess.run([*command, *encoding, *limits, str(clip)], check=True)
    return clip


@dataclass(frozen=True, slots=True)
class Street:
    """Cameras in a process of their own: `pid` is theirs, `urls` in the order of their numbers."""

    pid: int
    urls: list[str]
    _orders: IO[str]
    _answers: IO[str]

    def set_faults(self, faults: Mapping[int, str]) -> None:
        """From now on the camera of this number has this fault ("none" heals it); returns when all have."""
        self._order({f"cam{n}": fault for n, fault in faults.items()})

    def sent_bytes(self) -> list[int]:
        """What each camera has sent to who plays it now."""
        return self._order({})

    def _order(self, faults: dict[str, str]) -> list[int]:
        self._orders.write(json.dumps(faults) + "\n")
        self._orders.flush()
        return list(json.loads(self._answers.readline()))


@contextmanager
def street(count: int, clip: Path) -> Iterator[Street]:
    """`count` cameras that play `clip` until the end of the block, and do worse when told."""
    command = [sys.executable, "-m", "binhyen.bench.cameras", str(count), str(clip)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("no pipe to the cameras")
        yield Street(server.pid, json.loads(server.stdout.readline()), server.stdin, server.stdout)
    finally:
        server.communicate("")


@contextmanager
def cameras(count: int, clip: Path) -> Iterator[list[str]]:
    """URLs of `count` cameras that play `clip` until the end of the block."""
    with street(count, clip) as made:
        yield made.urls


def main() -> None:
    """Serve until standard input closes; each line of it is a JSON object of camera and fault.

    The answer to a line is how many bytes each camera has sent.
    """
    from binhyen.media.testcam import Fault
    from binhyen.media.testcam.clip import read_clip
    from binhyen.media.testcam.server import TestCameraServer

    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("clip", type=Path)
    arguments = parser.parse_args()
    clip = read_clip(arguments.clip)
    with TestCameraServer() as server:
        for n in range(arguments.count):
            server.add(f"cam{n}", clip, phase_s=n % PHASES * CLIP_SECONDS / PHASES)
        print(json.dumps([server.url(name) for name in server.names]), flush=True)
        for line in sys.stdin:
            for name, fault in json.loads(line).items():
                server.set_fault(name, Fault(fault))
            print(json.dumps([server.sent_bytes(name) for name in server.names]), flush=True)


@contextmanager
def scratch(within: Path | None = None) -> Iterator[Path]:
    """A folder that is gone afterwards, among the system's temporary ones where not told."""
    with tempfile.TemporaryDirectory(prefix="binhyen-bench-", dir=within) as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
