"""The data folder of one installation: its layout, its lock, and what can be wrong with it."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAYOUT = "1"
"""Number of the folder's layout. It grows when a release keeps files elsewhere."""

RESTORING = "restoring"
"""Stands in place of the number while a backup is being brought back: nothing but the restore may use the folder."""

_PRIVATE = 0o700


class FolderError(Exception):
    """The data folder cannot be used; the message is a sentence for the person at the console."""


@dataclass(frozen=True)
class DataFolder:
    """Paths below `root`; `open` makes them and takes the lock. `restoring` is for the restore itself."""

    root: Path
    restoring: bool = False

    @property
    def postgres(self) -> Path:
        return self.root / "pg"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def backups(self) -> Path:
        """What is written before an upgrade; backups of the whole lie on another disk."""
        return self.root / "backups"

    @property
    def log(self) -> Path:
        return self.root / "log"

    def open(self) -> IO[str]:
        """Make the folder and return its lock, held as long as the returned file is open.

        Raises FolderError where it cannot be written, is in use, or is of another layout; nothing is
        touched then.
        """
        self._make(self.root)
        lock = self._lock()
        try:
            self._check_layout()
        except FolderError:
            lock.close()
            raise
        for folder in (self.store, self.spool, self.blobs, self.keys, self.run, self.log):
            self._make(folder)
        if os.geteuid() == 0:
            # PostgreSQL runs as another user there and has to pass through, not to look around.
            self.root.chmod(0o711)
            self.run.chmod(0o711)
        return lock

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        except (PermissionError, FileExistsError, NotADirectoryError, OSError) as error:
            raise FolderError(
                f"Không tạo được thư mục {folder}: {_reason(error)}. Hãy chọn thư mục khác bằng --data."
            ) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise FolderError(
                f"Không ghi được vào thư mục {folder}: không có quyền. "
                "Hãy cấp quyền ghi, hoặc chọn thư mục khác bằng --data."
            )

    def _lock(self) -> IO[str]:
        path = self.root / ".lock"
        try:
            lock = path.open("a+")
        except OSError as error:
            raise FolderError(
                f"Không ghi được vào thư mục {self.root}: {_reason(error)}. Hãy chọn thư mục khác bằng --data."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "không rõ"
            lock.close()
            raise FolderError(
                f"Thư mục dữ liệu {self.root} đang được một Bình Yên khác dùng (tiến trình {holder}). "
                "Hãy dừng bản đó, hoặc chọn thư mục khác bằng --data."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    def _check_layout(self) -> None:
        stamp = self.root / "LAYOUT"
        if not stamp.exists():
            stamp.write_text(LAYOUT + "\n")
            return
        found = stamp.read_text().strip()
        if found == RESTORING:
            if not self.restoring:
                raise FolderError(
                    f"Thư mục dữ liệu {self.root} đang được phục hồi dở dang. "
                    "Hãy xóa thư mục này rồi chạy lại: binhyen restore"
                )
        elif found != LAYOUT:
            direction = "mới hơn" if found.isdigit() and int(found) > int(LAYOUT) else "khác"
            raise FolderError(
                f"Thư mục dữ liệu {self.root} thuộc một bản phần mềm {direction} "
                f"(bố cục {found}, bản này dùng {LAYOUT}). "
                "Chưa có gì bị thay đổi. Hãy dùng đúng bản phần mềm đã tạo thư mục này."
            )


def mark_restoring(root: Path) -> None:
    """Say in an empty folder that a restore has begun."""
    (root / "LAYOUT").write_text(RESTORING + "\n")


def mark_restored(root: Path) -> None:
    """Say that the restore has come to its end: from now on the folder can be used."""
    beside = root / ".LAYOUT.new"
    beside.write_text(LAYOUT + "\n")
    beside.replace(root / "LAYOUT")


def is_in_use(root: Path) -> bool:
    """Whether a running installation holds the lock of `root`."""
    try:
        with (root / ".lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _reason(error: OSError) -> str:
    return {
        PermissionError: "không có quyền",
        FileExistsError: "có một tệp trùng tên",
        NotADirectoryError: "một phần của đường dẫn là tệp",
    }.get(type(error), error.strerror or str(error))
