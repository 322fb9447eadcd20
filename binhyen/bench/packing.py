"""One package made as the station makes it, in a process of its own: `bench export` counts what it took.

`direct` takes the clips where the live process cuts them, so that nothing but the packing is measured; `served` gets
them over HTTP from a live process, as an installation does.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from binhyen.contracts import Instant, SystemClock
from binhyen.media.playback.clip import clip_pieces
from binhyen.media.playback.piece import piece_bytes
from binhyen.media.playback.shelf import Shelf
from binhyen.modules.footage.evidence import Buffers, ClipSource, SecretKey, build_package
from binhyen.modules.footage.evidence.facts import CaseFacts, PackageFacts, Person, RequestFacts
from binhyen.modules.footage.node import Node

CAMERAS = tuple(f"BENCH-{n}" for n in range(1, 5))
MINUTE_US = 60_000_000
START = Instant(1_795_284_000_000_000)  # 2026-11-22T02:00:00+07:00, a whole minute
SECRET = SecretKey.generate(bytes(40))


def main(folder: Path, minutes: int, way: str) -> None:
    """Pack `minutes` of every camera and print seconds, processor seconds and peak memory."""
    end = Instant(START + minutes * MINUTE_US)
    with _direct(folder, end) if way == "direct" else _served(folder, end) as clips:
        out = folder / "package.zip"
        began, spent = time.perf_counter(), time.process_time()
        build_package(out, _facts(end), clips, signer=SECRET, clock=SystemClock())
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - spent
    out.unlink()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "peak_bytes": peak}))


def _facts(end: Instant) -> PackageFacts:
    return PackageFacts(
        package_id="0000-0000-0000-0000",
        unit="Đo hiệu năng",
        case=CaseFacts("0001/2026/BENCH", "Đo hiệu năng", "không"),
        request=RequestFacts("1", "Đo hiệu năng", "không", START, end),
        made_by=Person("Đo hiệu năng"),
    )


@contextmanager
def _direct(folder: Path, end: Instant) -> Iterator[Iterator[ClipSource]]:
    shelf = Shelf(folder / "store", SystemClock())
    yield _clips_of(shelf, end)
    shelf.close()


def _clips_of(shelf: Shelf, end: Instant) -> Iterator[ClipSource]:
    buffers = Buffers()
    for camera in CAMERAS:
        for piece in clip_pieces(shelf, camera, START, end):
            yield ClipSource(
                camera=camera,
                start=piece.start,
                end=piece.end,
                mark_in=START,
                mark_out=end,
                mime=piece.mime,
                content=lambda piece=piece: piece_bytes(piece, buffers),  # type: ignore[misc]  # a default binds the loop's piece
            )


@contextmanager
def _served(folder: Path, end: Instant) -> Iterator[Iterator[ClipSource]]:
    command = [sys.executable, "-m", "binhyen", "live", "--data", str(folder)]
    live = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        if live.stdout is None:
            raise RuntimeError("no pipe to the live process")
        port = json.loads(live.stdout.readline())["port"]
        node = Node(f"http://127.0.0.1:{port}", (folder / "run" / "live-token").read_text())
        yield (clip for camera in CAMERAS for clip in node.clips_of(camera, START, end, camera_name=""))
    finally:
        live.terminate()
        live.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
