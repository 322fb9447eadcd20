"""Undoing an upgrade: the database that was written before it takes the place of today's, which is kept aside."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from binhyen.backups.faults import BackupError
from binhyen.backups.outcome import Say
from binhyen.backups.station import programs, started
from binhyen.supervisor.dumping import DumpError, load_dump
from binhyen.supervisor.folder import DataFolder, is_in_use
from binhyen.supervisor.upgrade import CHUNK_BYTES, digest_file


def put_back(dump: Path, root: Path, *, say: Say) -> Path:
    """Bring `dump` back into the standing installation in `root`; returns where today's database was put aside.

    Raises BackupError; today's database is then in its place again.
    """
    _check(dump, root)
    today, aside = root / "pg", root / f"pg.replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    today.rename(aside)
    try:
        with started(DataFolder(root)) as url:
            say("Đang phục hồi cơ sở dữ liệu…")
            load_dump(dump, url, programs())
    except (BackupError, DumpError) as error:
        if today.exists():
            today.rename(root / f"{aside.name}.failed")
        aside.rename(today)
        raise BackupError(f"{error} Cơ sở dữ liệu hiện tại đã được giữ nguyên.") from error
    return aside


def _check(dump: Path, root: Path) -> None:
    if not (root / "pg" / "PG_VERSION").exists():
        raise BackupError(f"Không có dữ liệu Bình Yên trong {root}. Hãy kiểm tra --data.")
    if is_in_use(root):
        raise BackupError(f"Bình Yên đang chạy trên {root}. Hãy dừng rồi chạy lại.")
    try:
        told = digest_file(dump).read_text().split()[0]
        digest = hashlib.sha256()
        with dump.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
    except (OSError, IndexError) as error:
        raise BackupError(f"Không đọc được {dump} và mã băm {digest_file(dump).name} nằm cạnh nó.") from error
    if digest.hexdigest() != told:
        raise BackupError(f"{dump} không khớp mã băm nằm cạnh nó. Chưa có gì bị thay đổi. Hãy dùng bản khác.")
