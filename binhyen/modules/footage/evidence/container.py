"""The one layout of bytes that a package has as a ZIP file, so that a reader can rebuild and compare it.

PKWARE APPNOTE 6.3.10: entries stored, one after the other from byte 0, no data descriptors, no comments; the
directory follows the last entry and the end record ends the file. Clips always carry the Zip64 field in their
local header (their size is not known when it is written); everything else is decided by the sizes alone.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from binhyen.contracts import Instant

CLIP_FOLDER = "clips/"
LIMIT_32 = 0xFFFF_FFFF
LIMIT_16 = 0xFFFF
LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END_64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR_64 = struct.Struct("<4sIQI")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END_64_MARK, LOCATOR_64_MARK = b"PK\x06\x06", b"PK\x06\x07"
_VERSION, _VERSION_64, _UNIX = 20, 45, 3 << 8
_PLAIN_FILE_0644 = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the container. `crc32` is the checksum that ZIP wants; it proves nothing."""

    name: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class DosTime:
    """The time stamp that every entry carries: the making of the package, in Vietnam's time, in steps of 2 s."""

    time: int
    date: int

    @classmethod
    def at(cls, instant: Instant) -> "DosTime":
        local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant, hours=7)
        if not 1980 <= local.year <= 2107:
            return cls(0, 0x21)  # the earliest date that ZIP can write
        return cls(
            local.hour << 11 | local.minute << 5 | local.second // 2,
            (local.year - 1980) << 9 | local.month << 5 | local.day,
        )


def is_clip(name: str) -> bool:
    """Whether this entry is written with the Zip64 field in its local header."""
    return name.startswith(CLIP_FOLDER)


def local_header(entry: Entry, stamp: DosTime) -> bytes:
    """What stands before the bytes of `entry`; its length depends on the name alone."""
    name = entry.name.encode("ascii")
    large = is_clip(entry.name)
    extra = struct.pack("<2H2Q", 1, 16, entry.size, entry.size) if large else b""
    size = LIMIT_32 if large else entry.size
    version = _VERSION_64 if large else _VERSION
    fixed = LOCAL.pack(
        LOCAL_MARK, version, 0, 0, stamp.time, stamp.date, entry.crc32, size, size, len(name), len(extra)
    )
    return fixed + name + extra


def directory_header(entry: Entry, offset: int, stamp: DosTime) -> bytes:
    """The entry's line in the directory."""
    name = entry.name.encode("ascii")
    size = min(entry.size, LIMIT_32)
    wide = [entry.size, entry.size] if size == LIMIT_32 else []
    if offset >= LIMIT_32:
        wide.append(offset)
    extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version = _VERSION_64 if is_clip(entry.name) or wide else _VERSION
    fixed = CENTRAL.pack(
        CENTRAL_MARK, _UNIX | _VERSION_64, version, 0, 0, stamp.time, stamp.date, entry.crc32, size, size,
        len(name), len(extra), 0, 0, 0, _PLAIN_FILE_0644, min(offset, LIMIT_32),
    )  # fmt: skip
    return fixed + name + extra


def end_records(entries: int, directory_size: int, directory_at: int) -> bytes:
    """What ends the file: the Zip64 records where a number needs them, and the end record."""
    records = b""
    if directory_at >= LIMIT_32 or directory_size >= LIMIT_32 or entries >= LIMIT_16:
        at = directory_at + directory_size
        records = END_64.pack(
            END_64_MARK, END_64.size - 12, _UNIX | _VERSION_64, _VERSION_64, 0, 0,
            entries, entries, directory_size, directory_at,
        ) + LOCATOR_64.pack(LOCATOR_64_MARK, 0, at, 1)  # fmt: skip
    count = min(entries, LIMIT_16)
    return records + END.pack(
        END_MARK, 0, 0, count, count, min(directory_size, LIMIT_32), min(directory_at, LIMIT_32), 0
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of container bytes that is not content: where it stands, what it must be, what it is for."""

    offset: int
    content: bytes
    name: str  # of the entry that a header belongs to; empty for directory and end records


def layout(entries: Sequence[Entry], stamp: DosTime) -> list[Frame]:
    """Every byte of the container but the content of its files, in order of offset."""
    frames, offset, offsets = [], 0, []
    for entry in entries:
        header = local_header(entry, stamp)
        frames.append(Frame(offset, header, entry.name))
        offsets.append(offset)
        offset += len(header) + entry.size
    directory = b"".join(directory_header(entry, at, stamp) for entry, at in zip(entries, offsets, strict=True))
    frames.append(Frame(offset, directory + end_records(len(entries), len(directory), offset), ""))
    return frames
