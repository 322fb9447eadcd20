"""`binhyen bench export`: an hour of four cameras packed and signed, beside ffmpeg re-muxing the same files.

Both read the same minute files. What a user would pick instead is measured in the two ways people do it: one ffmpeg
that joins all files of a camera (`concat`), and one ffmpeg a file that re-muxes it before they are joined. Neither
hashes or signs. Writing to the page cache is the floor of all three.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import imageio_ffmpeg

from binhyen.bench.cameras import render_clip, scratch
from binhyen.contracts import Instant, SystemClock

CAMERAS = tuple(f"BENCH-{n}" for n in range(1, 5))
MINUTE_US = 60_000_000
START = Instant(1_795_284_000_000_000)  # 2026-11-22T02:00:00+07:00, a whole minute
SHORT_MINUTES = 10
ROUNDS = 2
"""Legs in turn, the best of each counts: what else the machine does is taken out as far as it can be."""
MIB = 1024 * 1024


def register(parser: argparse.ArgumentParser) -> None:
    """How much to pack."""
    parser.add_argument("--minutes", type=int, default=60, help="số phút hình của mỗi camera (mặc định 60)")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 0 whatever they are."""
    with scratch() as folder:
        size = _fill_store(folder, render_clip(folder, seconds=60), arguments.minutes)
        short = _packed(folder, SHORT_MINUTES)
        _packed(folder, arguments.minutes)  # not counted: the first to fill the page cache pays for its memory
        rounds = [
            (
                _packed(folder, arguments.minutes),
                _timed(lambda: _join(folder, folder / "store")),
                _timed(lambda: _remux_then_join(folder)),
            )
            for _ in range(ROUNDS)
        ]
        ours = min((packed for packed, _, _ in rounds), key=lambda packed: packed["seconds"])
        joined_s, remuxed_s = min(joined for _, joined, _ in rounds), min(remuxed for _, _, remuxed in rounds)
    report = {
        "cameras": len(CAMERAS),
        "minutes": arguments.minutes,
        "mib": round(size / MIB),
        "pack_and_sign_s": round(ours["seconds"], 2),
        "ffmpeg_join_s": round(joined_s, 2),
        "ffmpeg_remux_each_and_join_s": round(remuxed_s, 2),
        "speed_vs_ffmpeg": round(remuxed_s / ours["seconds"], 2),
        "speed_vs_one_ffmpeg_join": round(joined_s / ours["seconds"], 2),
        "peak_mib": round(ours["peak_bytes"] / MIB, 1),
        "memory_growth_mib": round((ours["peak_bytes"] - short["peak_bytes"]) / MIB, 1),
    }
    print(json.dumps(report))
    return 0


def _fill_store(folder: Path, clip: Path, minutes: int) -> int:
    """Minute files of every camera, made by our own muxer, and their index. Returns their bytes."""
    from binhyen.media.store import index_path, rebuild
    from binhyen.media.store.layout import SegmentName

    store = folder / "store"
    for number in range(minutes):
        opened = Instant(START + number * MINUTE_US)
        content = _minute_file(clip, opened)
        for camera in CAMERAS:
            path = store / SegmentName(camera, number + 1, opened).path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    rebuild(store, index_path(store, 0), cameras=list(CAMERAS), progress=lambda _: None)
    return sum(path.stat().st_size for path in store.rglob("*.mp4"))


def _minute_file(clip: Path, opened: Instant) -> bytes:
    from binhyen.media.codec import ParameterSetStore
    from binhyen.media.fmp4 import Fragmenter
    from binhyen.media.packets import TICKS_PER_SECOND, AccessUnit
    from binhyen.media.testcam.clip import read_clip

    playing = read_clip(clip)
    known = ParameterSetStore(playing.codec)
    for nal in playing.parameter_sets:
        known.take(nal)
    fragmenter = Fragmenter(known.current())
    groups: list[list[AccessUnit]] = []
    for frame in playing.frames:
        parts = [piece for nal in frame.nals for piece in (len(nal).to_bytes(4, "big"), nal)]
        at = Instant(opened + frame.pts * 1_000_000 // TICKS_PER_SECOND)
        unit = AccessUnit(parts, sum(map(len, parts)), frame.pts, frame.key, at)
        if frame.key:
            groups.append([])
        groups[-1].append(unit)
    following = [group[0].pts for group in groups[1:]] + [playing.duration]
    fragments = [
        fragmenter.fragment(group, next_pts=pts, wall_clock=group[0].arrived_at)
        for group, pts in zip(groups, following, strict=True)
    ]
    return b"".join([fragmenter.init, *fragments])


def _packed(folder: Path, minutes: int) -> dict[str, float]:
    """Seconds and peak memory of packing, in a process of its own."""
    command = [sys.executable, "-m", "binhyen.bench.export", str(folder), str(minutes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def pack(folder: Path, minutes: int) -> None:
    """Pack `minutes` of every camera as the station does, and print what it took."""
    import resource

    from binhyen.media.playback.shelf import Shelf
    from binhyen.modules.footage.evidence import SecretKey, build_package
    from binhyen.modules.footage.evidence.facts import CaseFacts, PackageFacts, Person, RequestFacts

    end = Instant(START + minutes * MINUTE_US)
    facts = PackageFacts(
        package_id="0000-0000-0000-0000",
        unit="Đo hiệu năng",
        case=CaseFacts("0001/2026/BENCH", "Đo hiệu năng", "không"),
        request=RequestFacts("1", "Đo hiệu năng", "không", START, end),
        made_by=Person("Đo hiệu năng"),
    )
    shelf, out = Shelf(folder / "store", SystemClock()), folder / f"goi-{minutes}.zip"
    began = time.perf_counter()
    key = SecretKey.generate(bytes(40))
    build_package(out, facts, _sources(shelf, end), signer=key, clock=SystemClock())
    seconds = time.perf_counter() - began
    shelf.close()
    out.unlink()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak_bytes": peak}))


def _sources(shelf: object, end: Instant) -> Iterator[object]:
    from binhyen.media.playback.clip import clip_pieces
    from binhyen.media.playback.piece import piece_bytes
    from binhyen.modules.footage.evidence import Buffers, ClipSource

    buffers = Buffers()
    for camera in CAMERAS:
        for piece in clip_pieces(shelf, camera, START, end):  # type: ignore[arg-type]  # a Shelf; imported late
            yield ClipSource(
                camera=camera,
                start=piece.start,
                end=piece.end,
                mark_in=START,
                mark_out=end,
                mime=piece.mime,
                content=lambda piece=piece: piece_bytes(piece, buffers),  # type: ignore[misc]  # a default binds the loop's piece
            )


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _join(folder: Path, store: Path) -> None:
    """One ffmpeg a camera reads all its files and writes one."""
    for camera in CAMERAS:
        listing, out = folder / f"{camera}.txt", folder / f"{camera}.mp4"
        listing.write_text("".join(f"file '{path}'\n" for path in sorted((store / camera).rglob("*.mp4"))))
        _ffmpeg("-f", "concat", "-safe", "0", "-i", str(listing), "-c", "copy", str(out))
        out.unlink()


def _remux_then_join(folder: Path) -> None:
    """One ffmpeg a file makes it an ordinary MP4, then one a camera joins them."""
    plain = folder / "plain"
    for path in sorted((folder / "store").rglob("*.mp4")):
        out = plain / path.relative_to(folder / "store")
        out.parent.mkdir(parents=True, exist_ok=True)
        _ffmpeg("-i", str(path), "-c", "copy", str(out))
    _join(folder, plain)


def _ffmpeg(*arguments: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-v", "error", *arguments]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), int(sys.argv[2]))
