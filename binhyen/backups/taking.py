"""Taking a backup while the station works.

One snapshot of the database is exported: the dump, the counted rows and the list of what cases hold are of the same
moment. Files are copied after it; they are only ever added or erased, so a file that the snapshot tells of is there,
or its erasure is in the journal, which is read last.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from binhyen import __version__
from binhyen.backups import archive, passphrase
from binhyen.backups.archive import ArchiveWriter, Manifest
from binhyen.backups.faults import BackupError
from binhyen.backups.station import programs
from binhyen.contracts import Hold
from binhyen.kernel.upkeep.erasing import read_journal
from binhyen.kernel.upkeep.journal import text_of
from binhyen.kernel.upkeep.taken import Taken, note_gone, note_taken, read_taken
from binhyen.media.store import SegmentIndex, index_paths
from binhyen.modules.cameras.public import held_footage
from binhyen.supervisor.dumping import SHORT_LIVED, dumped

SUFFIX = ".binhyen-backup"
BLOBS, STORE = "blobs", "store"
SETTINGS_FILES = ("calendar.json",)
HEADROOM_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Snapshot:
    """What the database said at one moment."""

    name: str
    rows: dict[str, int]
    migrations: list[str]
    lines: int
    last_hash: str
    holds: tuple[Hold, ...]
    size_bytes: int


def take_backup(root: Path, target: Path, *, url: str, secret: str | None, now: datetime | None = None) -> Taken:
    """Back up the installation in `root` into `target` (a folder, or the file itself); Django is ready for it.

    `secret` seals the keys; None leaves them out. Raises BackupError, DumpError; nothing is left half written.
    """
    at = now or datetime.now(UTC)
    path = _path_of(root, target, at)
    if secret is not None:
        passphrase.check_passphrase(secret)
    with archive.new_archive(path) as writer:
        with _exported() as snapshot:  # no longer than the dump takes: an open look keeps the server from cleaning up
            files = list(_files(root, snapshot.holds))
            _check_space(path, snapshot.size_bytes + sum(_size(root / name) for name in files))
            with dumped(url, programs(), snapshot=snapshot.name) as stream:
                writer.add(archive.DUMP, stream)
        _write(writer, root, snapshot, files, secret=secret, at=at)
    return _checked(root, path, with_keys=secret is not None)


def rotate(root: Path, folder: Path, *, keep: int) -> list[Path]:
    """Delete the oldest backups in `folder` of those that this installation took, so that `keep` remain."""
    mine = [Path(each.file) for each in read_taken(root) if Path(each.file).parent == folder]
    there = [path for path in mine if path.exists()]
    surplus = there[: max(0, len(there) - keep)]
    for path in surplus:
        path.unlink()
    note_gone(root, {str(path) for path in surplus} | {str(path) for path in mine if path not in there})
    return surplus


def _path_of(root: Path, target: Path, at: datetime) -> Path:
    name = f"binhyen-{at:%Y%m%d-%H%M%S}{SUFFIX}"
    path = (target / name if target.is_dir() or target.suffix != SUFFIX else target).absolute()
    if path.resolve().is_relative_to(root.resolve()):
        raise BackupError(
            f"{path} nằm trong thư mục dữ liệu: hỏng ổ đĩa này sẽ mất cả hai. Hãy chọn một ổ đĩa hay máy khác."
        )
    if path.exists():
        raise BackupError(f"Tệp {path} đã có. Hãy chọn tên khác; bản sao lưu cũ không bị ghi đè.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"Không tạo được thư mục {path.parent}: {error.strerror}. Hãy chọn nơi khác.") from error
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise BackupError(f"Không ghi được vào thư mục {path.parent}: không có quyền. Hãy chọn nơi khác.")
    return path


@contextmanager
def _exported() -> Iterator[Snapshot]:
    """One repeatable-read transaction whose snapshot other connections can use as long as it lasts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield _read_snapshot(cursor, str(cursor.fetchone()[0]))


def _read_snapshot(cursor: Any, name: str) -> Snapshot:
    cursor.execute("SELECT pg_database_size(current_database())")
    size_bytes = int(cursor.fetchone()[0])
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    migrations = [row[0] for row in cursor.fetchall()]
    cursor.execute("SELECT number, hash FROM audit_line ORDER BY number DESC LIMIT 1")
    lines, last_hash = cursor.fetchone() or (0, "")
    return Snapshot(name, count_rows(cursor), migrations, lines, last_hash, held_footage(), size_bytes)


def count_rows(cursor: Any) -> dict[str, int]:
    """How many rows every table has that a backup brings along."""
    cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY relname")
    tables = [row[0] for row in cursor.fetchall() if row[0] not in SHORT_LIVED]
    counted = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (names of the database's own catalogue)
        counted[table] = int(cursor.fetchone()[0])
    return counted


def _files(root: Path, holds: tuple[Hold, ...]) -> Iterator[str]:
    """Paths below `root`: what modules keep as files, footage that is held, the station's own settings."""
    yield from (name for name in SETTINGS_FILES if (root / name).is_file())
    for folder, _, names in os.walk(root / BLOBS):
        below = Path(folder).relative_to(root)
        yield from (str(below / name) for name in sorted(names) if not name.startswith(".") and not _unfinished(name))
    yield from (f"{STORE}/{path}" for path in sorted(_held_segments(root / STORE, holds)))


def _held_segments(store: Path, holds: tuple[Hold, ...]) -> set[str]:
    found: set[str] = set()
    for path in index_paths(store):
        index = SegmentIndex(path, readonly=True)
        try:
            for hold in holds:
                found |= {each.path for each in index.find_segments(hold.camera, hold.start, hold.end)}
        finally:
            index.close()
    return found


def _unfinished(name: str) -> bool:
    return name.endswith((".part", ".new", ".tmp"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _check_space(path: Path, needed: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < needed + HEADROOM_BYTES:
        raise BackupError(
            f"Nơi sao lưu {path.parent} còn {free / 2**30:.1f} GiB, cần khoảng {needed / 2**30:.1f} GiB. "
            "Hãy giải phóng chỗ hoặc chọn nơi khác."
        )


def _write(
    writer: ArchiveWriter, root: Path, snapshot: Snapshot, files: list[str], *, secret: str | None, at: datetime
) -> None:
    """All that follows the dump: files, the journal as it is by then, the manifest, the keys."""
    gone = [name for name in files if not _copied(writer, root, name)]
    writer.add(archive.JOURNAL, BytesIO(text_of(read_journal()).encode()))
    manifest = Manifest(
        taken_at=at.isoformat(timespec="seconds"),
        version=__version__,
        migrations=snapshot.migrations,
        rows=snapshot.rows,
        lines=snapshot.lines,
        last_hash=snapshot.last_hash,
        files=writer.entries,
        gone=gone,
    ).to_bytes()
    writer.add_bytes(archive.MANIFEST, manifest)
    if secret is not None:
        digest = hashlib.sha256(manifest).hexdigest()
        writer.add_bytes(archive.KEYS, passphrase.seal_keys(root / "keys", secret, manifest_sha256=digest))


def _copied(writer: ArchiveWriter, root: Path, name: str) -> bool:
    """False where the file was erased since it was listed."""
    try:
        with (root / name).open("rb") as source:
            writer.add(archive.DATA + name, source)
    except FileNotFoundError:
        return False
    return True


def _checked(root: Path, path: Path, *, with_keys: bool) -> Taken:
    """Read what was written back from the disk; only then is it a backup."""
    with archive.open_archive(path) as written:
        faults = list(written.find_faults())
        if faults:
            path.unlink()
            raise BackupError(f"Đọc lại bản sao lưu thấy sai, nên đã bỏ: {faults[0]} Hãy kiểm tra ổ đĩa {path.parent}.")
        taken = Taken(
            str(path), written.manifest.taken_at, path.stat().st_size, written.manifest_sha256, with_keys=with_keys
        )
    note_taken(root, taken)
    return taken
