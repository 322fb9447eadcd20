"""The file of a backup: written in one pass, with the hash of everything; read back only by names that it may have."""

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from binhyen.backups.faults import BackupError

FORMAT = 1
MANIFEST, KEYS, DUMP, JOURNAL, DATA = "manifest.json", "keys.sealed", "database.dump", "erasures", "data/"
CHUNK_BYTES = 1 << 20
MANIFEST_BYTES_MAX = 512 * 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """A file of the backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `rows` counts every table as it was in the snapshot; `lines` and `last_hash` are of
    the activity log; `migrations` are the steps of the schema; `gone` are files that were erased while it was taken."""

    taken_at: str
    version: str
    migrations: list[str]
    rows: dict[str, int]
    lines: int
    last_hash: str
    files: list[Entry]
    gone: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()

    @staticmethod
    def from_bytes(content: bytes) -> "Manifest":
        """Raises BackupError for one that this version does not understand."""
        try:
            told: dict[str, Any] = json.loads(content)
            if told["format"] != FORMAT:
                raise BackupError(
                    f"Bản sao lưu thuộc định dạng {told['format']}, bản phần mềm này đọc định dạng {FORMAT}. "
                    "Hãy dùng bản phần mềm mới hơn."
                )
            return Manifest(**{**told, "files": [Entry(**each) for each in told["files"]]})
        except (ValueError, KeyError, TypeError) as error:
            raise BackupError("Danh mục của bản sao lưu bị hỏng. Hãy dùng bản sao lưu khác.") from error


class ArchiveWriter:
    """Adds files one after another and remembers their hashes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.entries: list[Entry] = []

    def add(self, name: str, source: IO[bytes]) -> Entry:
        """Copy a stream, of whatever length."""
        digest, size = hashlib.sha256(), 0
        with self._archive.open(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), "w", force_zip64=True) as out:
            while chunk := source.read(CHUNK_BYTES):
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.entries.append(Entry(name, size, digest.hexdigest()))
        return self.entries[-1]

    def add_bytes(self, name: str, content: bytes) -> None:
        """A short file that is not part of the manifest: the manifest itself and what is bound to it."""
        self._archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content)


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Write `path`; it has its name only when it is complete and on the disk."""
    part = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True)
class Archive:
    """A backup that is being read."""

    path: Path
    file: zipfile.ZipFile
    manifest: Manifest
    manifest_sha256: str

    @property
    def has_keys(self) -> bool:
        return KEYS in self.file.namelist()

    def sealed_keys(self) -> bytes:
        return self.file.read(KEYS)

    def find_faults(self) -> Iterator[str]:
        """Every file that is missing, changed or not in the manifest, as a sentence."""
        inside = set(self.file.namelist())
        expected = {entry.name for entry in self.manifest.files}
        for name in sorted(inside - expected - {MANIFEST, KEYS}):
            yield f"Có tệp không nằm trong danh mục: {name}."
        for entry in self.manifest.files:
            if entry.name not in inside:
                yield f"Thiếu tệp {entry.name}."
            elif not self._is_whole(entry):
                yield f"Tệp {entry.name} không khớp mã băm trong danh mục."

    def _is_whole(self, entry: Entry) -> bool:
        digest, size = hashlib.sha256(), 0
        try:
            with self.file.open(entry.name) as source:
                while chunk := source.read(CHUNK_BYTES):
                    digest.update(chunk)
                    size += len(chunk)
                    if size > entry.size:
                        return False
        except (zipfile.BadZipFile, OSError, EOFError):
            return False
        return (digest.hexdigest(), size) == (entry.sha256, entry.size)

    def copy_out(self, entry: Entry, target: Path) -> None:
        """Write one file to `target`, checking it once more on the way. Raises BackupError."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with self.file.open(entry.name) as source, target.open("xb") as out:
            while chunk := source.read(CHUNK_BYTES):
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != entry.sha256:
            raise BackupError(f"Tệp {entry.name} trong bản sao lưu đã thay đổi khi đang đọc.")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Read the backup in `path`. Raises BackupError for what is none, or has names that lead elsewhere."""
    try:
        with zipfile.ZipFile(path) as file:
            for info in file.infolist():
                _check_member(info)
            if file.getinfo(MANIFEST).file_size > MANIFEST_BYTES_MAX:
                raise BackupError("Danh mục của bản sao lưu lớn bất thường. Hãy dùng bản sao lưu khác.")
            content = file.read(MANIFEST)
            yield Archive(path, file, Manifest.from_bytes(content), hashlib.sha256(content).hexdigest())
    except FileNotFoundError as error:
        raise BackupError(f"Không có tệp {path}. Hãy kiểm tra lại đường dẫn.") from error
    except (zipfile.BadZipFile, KeyError, IsADirectoryError) as error:
        raise BackupError(
            f"{path} không phải là bản sao lưu của Bình Yên, hoặc đã bị cắt cụt. Hãy dùng bản sao lưu khác."
        ) from error


def _check_member(info: zipfile.ZipInfo) -> None:
    """Names stay inside the folder, nothing is a link, nothing unfolds to more than it is."""
    parts = PurePosixPath(info.filename).parts
    leads_out = info.filename.startswith(("/", "\\")) or ".." in parts or "\\" in info.filename or "\0" in info.filename
    if leads_out or stat.S_ISLNK(info.external_attr >> 16):
        raise BackupError(f"Bản sao lưu có tên tệp không hợp lệ: {info.filename!r}. Chưa có gì bị thay đổi.")
    if info.compress_type != zipfile.ZIP_STORED:
        raise BackupError(f"Tệp {info.filename!r} trong bản sao lưu bị nén; bản sao lưu của Bình Yên không nén tệp.")
