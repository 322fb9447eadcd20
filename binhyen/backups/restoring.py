"""Bringing a backup back onto an empty folder. Until the first file is written everything is checked; what fails later
leaves the folder empty again."""

import shutil
from pathlib import Path

from binhyen.backups import archive, passphrase
from binhyen.backups.archive import Archive, Manifest
from binhyen.backups.faults import BackupError
from binhyen.backups.outcome import Restored, Say
from binhyen.backups.station import programs, started, use_django
from binhyen.supervisor.dumping import load_dump
from binhyen.supervisor.folder import DataFolder, mark_restored, mark_restoring

HEADROOM = 1.3
"""Free space wanted, as a share of what the backup holds: a database is larger than its dump."""


def check_before(found: Archive, root: Path, known_migrations: set[str]) -> None:
    """Everything that can be known before the first byte is written. Raises BackupError."""
    check_empty(root)
    unknown = sorted(each for each in found.manifest.migrations if _ours(each) and each not in known_migrations)
    if unknown:
        raise BackupError(
            f"Bản sao lưu thuộc một bản phần mềm mới hơn (có {', '.join(unknown[:3])}). Chưa có gì bị thay đổi. "
            f"Hãy cài bản phần mềm {found.manifest.version} rồi phục hồi."
        )
    needed = int(sum(entry.size for entry in found.manifest.files) * HEADROOM)
    here = next(path for path in (root, *root.parents) if path.exists())
    free = shutil.disk_usage(here).free
    if free < needed:
        raise BackupError(f"{here} còn {free / 2**30:.1f} GiB, cần {needed / 2**30:.1f} GiB. Hãy chọn ổ đĩa khác.")
    for fault in found.find_faults():
        raise BackupError(f"Bản sao lưu không nguyên vẹn: {fault} Chưa có gì bị thay đổi. Hãy dùng bản sao lưu khác.")


def check_empty(root: Path) -> None:
    """Raises BackupError where anything lies in `root`: a restore never covers what is there."""
    if root.exists() and not root.is_dir():
        raise BackupError(f"{root} là một tệp. Hãy chọn một thư mục trống bằng --data.")
    if root.is_dir() and any(root.iterdir()):
        raise BackupError(
            f"Thư mục {root} không trống. Phục hồi chỉ ghi vào thư mục trống, để không đè lên dữ liệu nào. "
            "Hãy chọn thư mục khác bằng --data."
        )


def restore(found: Archive, root: Path, keys: dict[str, bytes], *, journals: list[Path], say: Say) -> Restored:
    """Bring `found` back into the empty folder `root`. Raises BackupError, DumpError; the folder is then as before."""
    existed = root.is_dir()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark_restoring(root)
        passphrase.write_keys(root / "keys", keys)
        _copy_files(found, root, say)
        dump = root / archive.DUMP
        with started(DataFolder(root, restoring=True)) as url:
            say("Đang phục hồi cơ sở dữ liệu…")
            load_dump(dump, url, programs())
            dump.unlink()
            use_django(root, url)
            from binhyen.backups.afterwards import make_true

            restored = make_true(found, root, journals=journals, say=say)
        mark_restored(root)
        return restored
    except BaseException:
        _empty(root, keep=existed)
        raise


def _copy_files(found: Archive, root: Path, say: Say) -> None:
    files = found.manifest.files
    say(f"Đang phục hồi {len(files)} tệp…")
    for entry in files:
        if entry.name == archive.JOURNAL:
            continue
        found.copy_out(entry, root / entry.name.removeprefix(archive.DATA))


def _empty(root: Path, *, keep: bool) -> None:
    if keep:
        for path in root.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    else:
        shutil.rmtree(root, ignore_errors=True)


def known_migrations() -> set[str]:
    """The steps of the schema that this version has, found by their files: no database is needed for it."""
    here = Path(__file__).resolve().parents[1]
    return {
        f"{path.parents[1].name}.{path.stem}"
        for folder in ("kernel", "modules")
        for path in (here / folder).glob("*/migrations/[0-9]*.py")
    }


def _ours(migration: str) -> bool:
    here = Path(__file__).resolve().parents[1]
    app = migration.partition(".")[0]
    return any((here / folder / app / "migrations").is_dir() for folder in ("kernel", "modules"))


def describe(manifest: Manifest) -> str:
    """One line for a person."""
    size = sum(entry.size for entry in manifest.files)
    return (
        f"Sao lưu lúc {manifest.taken_at}, bản phần mềm {manifest.version}: {sum(manifest.rows.values())} dòng, "
        f"{len(manifest.files)} tệp, {size / 2**20:.1f} MiB, nhật ký tới dòng {manifest.lines}."
    )
