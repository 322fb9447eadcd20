"""What makes a restored installation true: the same rows, the schema of this version, erasures done again."""

from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from binhyen.backups import archive
from binhyen.backups.archive import Archive
from binhyen.backups.faults import BackupError
from binhyen.backups.outcome import Restored, Say
from binhyen.backups.taking import STORE, count_rows
from binhyen.contracts import Segment
from binhyen.kernel.audit.models import Line
from binhyen.kernel.audit.record import record, verify
from binhyen.kernel.upkeep.erasing import Noted, erase_again, forget_all
from binhyen.kernel.upkeep.journal import JournalError, journal_from
from binhyen.media.store import SegmentIndex, index_path, rebuild
from binhyen.media.store.index import held
from binhyen.media.store.layout import cameras_on_disk
from binhyen.modules.cameras.public import held_footage


def make_true(found: Archive, root: Path, *, journals: list[Path], say: Say) -> Restored:
    """Raises BackupError where the rows are not those of the backup or a journal cannot be trusted."""
    manifest = found.manifest
    _check_rows(found)
    journal = _read_journals(found, journals)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    say("Đang xóa lại những gì đã được xóa sau khi sao lưu…")
    erased = erase_again(journal)
    forget_all()
    removed = _drop_unheld(root / STORE, {e.name.removeprefix(archive.DATA) for e in manifest.files})
    _rebuild_index(root / STORE)
    record(
        "upkeep.restore",
        by=None,
        subject=f"{manifest.taken_at}",
        detail={"manifest": found.manifest_sha256, "lines": str(manifest.lines), "erased": str(sum(erased.values()))},
    )
    faults = [each.sentence for each in verify()]
    return Restored(
        rows=sum(manifest.rows.values()),
        files=len(manifest.files),
        lines=Line.objects.count(),
        erased=erased,
        footage_removed=removed,
        faults=faults,
    )


def _check_rows(found: Archive) -> None:
    with connection.cursor() as cursor:
        counted = count_rows(cursor)
        cursor.execute("SELECT number, hash FROM audit_line ORDER BY number DESC LIMIT 1")
        last = cursor.fetchone() or (0, "")
    differing = sorted(
        f"{table} ({found.manifest.rows.get(table, 0)} → {counted.get(table, 0)})"
        for table in {*counted, *found.manifest.rows}
        if counted.get(table, 0) != found.manifest.rows.get(table, 0)
    )
    if differing:
        raise BackupError(f"Số dòng sau khi phục hồi khác với bản sao lưu: {', '.join(differing[:5])}.")
    if tuple(last) != (found.manifest.lines, found.manifest.last_hash):
        raise BackupError("Dòng cuối của nhật ký sau khi phục hồi khác với bản sao lưu.")


def _read_journals(found: Archive, journals: Iterable[Path]) -> list[Noted]:
    try:
        read = journal_from(found.file.read(archive.JOURNAL).decode(), name="trong bản sao lưu")
        for path in journals:
            read += journal_from(path.read_text(encoding="utf-8"), name=str(path))
    except JournalError as error:
        raise BackupError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"Không đọc được sổ xóa: {error}.") from error
    return read


def _drop_unheld(store: Path, restored: set[str]) -> int:
    """Footage that came back only because a case held it goes where nothing holds it any more.

    The index is made from the files, before and after.
    """
    holds = held_footage()
    _rebuild_index(store)
    removed = 0
    for segment in _indexed(store):
        if f"{STORE}/{segment.path}" in restored and not held(segment, holds):
            (store / segment.path).unlink()
            removed += 1
    return removed


def _indexed(store: Path) -> list[Segment]:

    path = index_path(store, 0)
    if not path.exists():
        return []
    index = SegmentIndex(path, readonly=True)
    try:
        return index.find_segments()
    finally:
        index.close()


def _rebuild_index(store: Path) -> None:
    cameras = cameras_on_disk(store)
    if cameras:
        rebuild(store, index_path(store, 0), cameras=cameras)
