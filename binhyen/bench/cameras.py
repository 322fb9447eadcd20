"""Simulated cameras in a process of their own, so that what they cost is nobody else's."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import imageio_ffmpeg

WIDTH, HEIGHT, FRAMES_PER_SECOND, KILOBITS_PER_SECOND, GROUP = 1280, 720, 15, 1500, 30
CLIP_SECONDS = 20
PHASES = 20  # so many groups of cameras whose key frames do not coincide


def render_clip(folder: Path, *, seconds: int = CLIP_SECONDS) -> Path:
    """720p at 15 frames/s and about 1.5 Mbit/s, encoded once."""
    clip = folder / "clip.mp4"
    rate = f"{KILOBITS_PER_SECOND}k"
    source = f"testsrc2=s={WIDTH}x{HEIGHT}:r={FRAMES_PER_SECOND}:d={seconds},noise=alls=12:allf=t"
    encoding = ["-c:v", "libx264", "-preset", "ultrafast", "-g", str(GROUP), "-bf", "0", "-pix_fmt", "yuv420p"]
    limits = ["-b:v", rate, "-maxrate", rate, "-bufsize", rate]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-f", "lavfi", "-i", source]
    subprocess.run([*command, *encoding, *limits, str(clip)], check=True)
    return clip


@contextmanager
def cameras(count: int, clip: Path) -> Iterator[list[str]]:
    """URLs of `count` cameras that play `clip` until the end of the block."""
    command = [sys.executable, "-m", "binhyen.bench.cameras", str(count), str(clip)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is None:
            raise RuntimeError("no pipe to the cameras")
        yield json.loads(server.stdout.readline())
    finally:
        server.communicate("")


def main() -> None:
    """Serve until standard input closes."""
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
        sys.stdin.read()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="binhyen-bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
