"""Clips of a folder as simulated cameras play them: H.264 as it is, all else and every sub-stream encoded once."""

import hashlib
import os
import resource
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from binhyen.media.testcam.clip import Clip, ClipError, coding_of, read_clip

CLIP_ENDINGS = frozenset({".mp4", ".mkv", ".avi", ".mov", ".ts", ".m4v", ".webm", ".h264", ".264", ".h265", ".hevc"})
LONGEST_S, MEMORY_BYTES, CPU_S = 120, 2 * 1024**3, 240
SUB_WIDTH = 640


@dataclass(frozen=True, slots=True)
class LibraryClip:
    """One clip and its sub-stream, under a name that fits into an address."""

    name: str
    title: str
    main: Clip
    sub: Clip


def load_folder(folder: Path, cache: Path, *, say: Callable[[str], None]) -> list[LibraryClip]:
    """Every clip of `folder` that can be played, in the order of names; what cannot is said by name and left out."""
    found = []
    for number, path in enumerate(sorted(p for p in folder.iterdir() if p.suffix.lower() in CLIP_ENDINGS), 1):
        try:
            found.append(_load(path, f"clip{number}", cache, say))
        except ClipError as error:
            say(str(error))
    return found


def _load(path: Path, name: str, cache: Path, say: Callable[[str], None]) -> LibraryClip:
    playable = path if coding_of(path) in ("h264", "hevc") else _encoded(path, cache, say, width=0)
    return LibraryClip(name, path.stem, read_clip(playable), read_clip(_encoded(path, cache, say, width=SUB_WIDTH)))


def _encoded(path: Path, cache: Path, say: Callable[[str], None], *, width: int) -> Path:
    """`path` as H.264, at most `width` pixels wide (0: as it is), made once and kept in `cache`."""
    facts = path.stat()
    key = hashlib.sha256(f"{path.absolute()}|{facts.st_size}|{facts.st_mtime_ns}|{width}".encode()).hexdigest()[:16]
    made = cache / f"{path.stem[:40]}-{key}.mp4"
    if made.is_file():
        return made
    cache.mkdir(parents=True, exist_ok=True)
    say(f"Đang chuyển mã {path.name}{' (luồng phụ)' if width else ''}…")
    beside = cache / f".{os.getpid()}.{made.name}"
    scale = f"scale='min({width},iw)':-2" if width else "scale=trunc(iw/2)*2:trunc(ih/2)*2"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-t", str(LONGEST_S), "-i", str(path)]
    command += ["-an", "-vf", scale, "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-bf", "0"]
    command += ["-force_key_frames", "expr:gte(t,n_forced*2)", "-threads", "2", str(beside)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_bounded, timeout=CPU_S)
    if done.returncode:
        beside.unlink(missing_ok=True)
        raise ClipError(f"Không chuyển mã được {path.name}: {done.stderr.strip()[-200:]}")
    beside.replace(made)
    return made


def _bounded() -> None:
    # The clip is somebody's file: its decoder gets a bound on memory and time (promise S10).
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    os.nice(5)
