"""The few calls by which footage reaches a disk; passed in, so that a test can make a disk slow, full or broken."""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Space:
    """What a file system has, for an ordinary user."""

    free_bytes: int
    total_bytes: int


class Disk(Protocol):
    """Every call raises OSError as the system does."""

    def create(self, path: Path) -> int:
        """Open a new file for writing, its folder made if need be; FileExistsError when it is there."""
        ...

    def write(self, fd: int, content: bytes) -> None:
        """All of `content`, or an error."""
        ...

    def truncate(self, fd: int, size: int) -> None: ...

    def close(self, fd: int) -> None: ...

    def rename(self, old: Path, new: Path) -> None: ...

    def unlink(self, path: Path) -> None: ...

    def space(self, folder: Path) -> Space: ...

    def sync(self, folder: Path) -> None:
        """Have the system write out what it holds back for this file system."""
        ...


class SystemDisk:
    """The machine's own."""

    def create(self, path: Path) -> int:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        try:
            return os.open(path, flags, 0o640)
        except FileNotFoundError:
            # Camera and day, never the volume itself: a disk that is not mounted must not be written around.
            path.parent.parent.mkdir(exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            return os.open(path, flags, 0o640)

    def write(self, fd: int, content: bytes) -> None:
        written = os.write(fd, content)
        while written < len(content):
            written += os.write(fd, memoryview(content)[written:])

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)
        os.lseek(fd, size, os.SEEK_SET)

    def close(self, fd: int) -> None:
        os.close(fd)

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def space(self, folder: Path) -> Space:
        found = os.statvfs(folder)
        free = found.f_bavail if found.f_favail or not found.f_files else 0
        return Space(free * found.f_frsize, found.f_blocks * found.f_frsize)

    def sync(self, folder: Path) -> None:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if _LIBC.syncfs(fd) != 0:
                raise OSError(ctypes.get_errno(), "syncfs", str(folder))
        finally:
            os.close(fd)
