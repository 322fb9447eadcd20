"""Reading a package that may be anything: every length is bounded before it is believed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from binhyen.modules.footage.evidence.container import (
    CENTRAL,
    CENTRAL_MARK,
    END,
    END_64,
    END_64_MARK,
    END_MARK,
    LIMIT_16,
    LIMIT_32,
    LOCAL,
    LOCATOR_64,
    LOCATOR_64_MARK,
    Entry,
)

CHUNK_BYTES = 1 << 20
SMALL_FILE_BYTES = 32 << 20
_MOST_ENTRIES = 100_000
_DIRECTORY_BYTES = 64 << 20
_TAIL_BYTES = END.size + LIMIT_16


class NotAPackageError(ValueError):
    """The file is not a ZIP whose directory can be read; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Container:
    """The directory of a package: its entries in their order, and where content stands if the layout holds."""

    file: BinaryIO
    size: int
    entries: tuple[Entry, ...]
    headers_at: tuple[int, ...]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of `name`, where the directory says; whether it may stand there is asked elsewhere."""
        number = next(n for n, each in enumerate(self.entries) if each.name == name)
        left = self.entries[number].size
        self.file.seek(self._content_at(self.headers_at[number]))
        while left and (chunk := self.file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk

    def at(self, offset: int, length: int) -> bytes:
        self.file.seek(offset)
        return self.file.read(length)

    def _content_at(self, header_at: int) -> int:
        header = self.at(header_at, LOCAL.size)
        if len(header) < LOCAL.size:
            return self.size
        name_length, extra_length = LOCAL.unpack(header)[9:11]
        return header_at + LOCAL.size + int(name_length) + int(extra_length)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of a package in a folder, as an unzip leaves them."""

    folder: Path
    entries: tuple[Entry, ...]

    def chunks(self, name: str) -> Iterator[bytes]:
        with (self.folder / name).open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk


def read_container(file: BinaryIO) -> Container:
    """The directory of `file`; raises NotAPackageError where there is none to be read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    at = tail.rfind(END_MARK)
    if at < 0 or len(tail) - at < END.size:
        raise NotAPackageError("Tệp này không phải là gói chứng cứ: không có mục lục ZIP ở cuối tệp.")
    end_at = size - len(tail) + at
    fields = END.unpack_from(tail, at)
    count, directory_size, directory_at = fields[4], fields[5], fields[6]
    if count == LIMIT_16 or LIMIT_32 in (directory_size, directory_at):
        count, directory_size, directory_at = _wide_end(file, end_at)
        end_at -= END_64.size + LOCATOR_64.size
    shift = end_at - directory_size - directory_at  # what was put before the package, if anything
    directory_at += shift
    if (
        directory_at < 0
        or count > _MOST_ENTRIES
        or directory_size > _DIRECTORY_BYTES
        or directory_at + directory_size > size
    ):
        raise NotAPackageError("Mục lục ZIP của gói bị hỏng: số mục hoặc vị trí không thể có thật.")
    file.seek(directory_at)
    found = list(_entries(file.read(directory_size), count))
    places = tuple(at + shift for _, at in found)
    if not all(0 <= at <= size for at in places):
        raise NotAPackageError("Mục lục ZIP của gói bị hỏng: một tệp đứng ngoài gói.")
    return Container(file, size, tuple(entry for entry, _ in found), places)


def read_folder(folder: Path) -> Unpacked:
    """Every file below `folder`; symbolic links are not followed."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            found.append(Entry(path.relative_to(folder).as_posix(), path.stat().st_size, 0))
    return Unpacked(folder, tuple(found))


def _wide_end(file: BinaryIO, end_at: int) -> tuple[int, int, int]:
    file.seek(max(0, end_at - LOCATOR_64.size))
    locator = file.read(LOCATOR_64.size)
    if len(locator) < LOCATOR_64.size or not locator.startswith(LOCATOR_64_MARK):
        raise NotAPackageError("Mục lục ZIP của gói bị hỏng: thiếu phần cuối cho tệp lớn.")
    file.seek(min(LOCATOR_64.unpack(locator)[2], end_at))
    record = file.read(END_64.size)
    if len(record) < END_64.size or not record.startswith(END_64_MARK):
        raise NotAPackageError("Mục lục ZIP của gói bị hỏng: phần cuối cho tệp lớn không đọc được.")
    fields = END_64.unpack(record)
    return fields[7], fields[8], fields[9]


def _entries(directory: bytes, count: int) -> Iterator[tuple[Entry, int]]:
    """Each entry and where its local header stands."""
    at = 0
    for _ in range(count):
        if len(directory) - at < CENTRAL.size or not directory.startswith(CENTRAL_MARK, at):
            raise NotAPackageError("Mục lục ZIP của gói bị hỏng: một dòng mục lục không đọc được.")
        fields = CENTRAL.unpack_from(directory, at)
        crc32, size, name_length, extra_length, comment_length = fields[7], fields[9], *fields[10:13]
        header_at = fields[16]
        name = directory[at + CENTRAL.size : at + CENTRAL.size + name_length].decode("ascii", "backslashreplace")
        extra = directory[at + CENTRAL.size + name_length :][:extra_length]
        wide = _wide(extra, (size == LIMIT_32) * 2 + (header_at == LIMIT_32))
        if size == LIMIT_32:
            size = wide[0]
        yield Entry(name, size, crc32), wide[-1] if header_at == LIMIT_32 else header_at
        at += CENTRAL.size + name_length + extra_length + comment_length


def _wide(extra: bytes, count: int) -> tuple[int, ...]:
    """The numbers of the Zip64 field (PKWARE APPNOTE §4.5.3), in the order of the short ones that are full."""
    if not count:
        return ()
    if len(extra) < 4 + 8 * count or struct.unpack_from("<H", extra)[0] != 1:
        raise NotAPackageError("Mục lục ZIP của gói bị hỏng: thiếu cỡ hoặc vị trí của một tệp lớn.")
    return struct.unpack_from(f"<{count}Q", extra, 4)
