"""What a user would pick instead of a package: ffmpeg copying the same minute files, with and without the rest."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import imageio_ffmpeg

from binhyen.bench.packing import CAMERAS, SECRET
from binhyen.kernel.signing.minisign import sign_file


def remux_each(folder: Path) -> None:
    """One ffmpeg a file makes it an ordinary MP4, under `plain`."""
    for path in sorted((folder / "store").rglob("*.mp4")):
        out = folder / "plain" / path.relative_to(folder / "store")
        out.parent.mkdir(parents=True, exist_ok=True)
        _ffmpeg("-i", str(path), "-c", "copy", str(out))


def join(folder: Path, source: str) -> None:
    """One ffmpeg a camera reads all its files below `source` and writes one, under `joined`."""
    for camera in CAMERAS:
        listing, out = folder / f"{camera}.txt", _joined(folder, camera)
        listing.write_text("".join(f"file '{path}'\n" for path in sorted((folder / source / camera).rglob("*.mp4"))))
        _ffmpeg("-f", "concat", "-safe", "0", "-i", str(listing), "-c", "copy", str(out))


def seal(folder: Path) -> None:
    """Make of the joined files what a package is: hashes, their signature, one stored ZIP."""
    paths = [_joined(folder, camera) for camera in CAMERAS]
    sums = "".join(f"{_sha256(path)}  {path.name}\n" for path in paths).encode()
    signature = sign_file(sums, subject="evidence", trusted_comment=hashlib.sha256(sums).hexdigest(), signer=SECRET)
    with zipfile.ZipFile(folder / "joined.zip", "w", zipfile.ZIP_STORED) as package:
        for path in paths:
            package.write(path, path.name)
        package.writestr("SHA256SUMS", sums)
        package.writestr("SHA256SUMS.minisig", signature.text())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(folder: Path) -> None:
    """The floor: the same bytes, one file a camera, through nothing."""
    for camera in CAMERAS:
        paths = sorted(map(str, (folder / "store" / camera).rglob("*.mp4")))
        with _joined(folder, camera).open("wb") as out:
            subprocess.run(["cat", *paths], stdout=out, check=True)


def _joined(folder: Path, camera: str) -> Path:
    path = folder / "joined" / f"{camera}.mp4"
    path.parent.mkdir(exist_ok=True)
    return path


def _ffmpeg(*arguments: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-v", "error", *arguments]
    subprocess.run(command, check=True)
