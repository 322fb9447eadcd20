"""What a file is by its first bytes, never by its name: the containers that recorders write.

| container | first bytes | who writes it |
|---|---|---|
| MP4, MOV | `ftyp` (or `moov`, `mdat`, `wide`, `free`, `skip`) at 4 | telephones, new recorders |
| Matroska | EBML mark 1A 45 DF A3 (RFC 8794) | |
| AVI | `RIFF` … `AVI ` | old recorders |
| MPEG-PS | 00 00 01 BA (ISO/IEC 13818-1), also behind Hikvision's `IMKH` header | Hikvision |
| MPEG-TS | 47 every 188 bytes | |
| DAV | `DHAV` | Dahua |
"""

from dataclasses import dataclass

HEAD_BYTES = 1024


@dataclass(frozen=True)
class Container:
    """A kind of file; `demuxer` is FFmpeg's name for it."""

    demuxer: str
    label: str


MP4 = Container("mp4", "MP4")
MATROSKA = Container("matroska", "MKV")
AVI = Container("avi", "AVI")
PROGRAM_STREAM = Container("mpeg", "MPEG-PS")
TRANSPORT_STREAM = Container("mpegts", "MPEG-TS")
DAV = Container("dhav", "DAV")

CONTAINERS = (MP4, MATROSKA, AVI, PROGRAM_STREAM, TRANSPORT_STREAM, DAV)
READABLE = ", ".join(each.label for each in CONTAINERS)
_MP4_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
_TS_PACKET = 188


def container_of(head: bytes) -> Container | None:
    """The container that begins with `head` (HEAD_BYTES of it, or all there is); None for anything else."""
    if head[4:8] in _MP4_BOXES:
        return MP4
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return MATROSKA
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return AVI
    if head.startswith((b"\x00\x00\x01\xba", b"IMKH")):
        return PROGRAM_STREAM
    if head.startswith(b"DHAV"):
        return DAV
    if len(head) > 2 * _TS_PACKET and all(head[n * _TS_PACKET] == 0x47 for n in range(3)):
        return TRANSPORT_STREAM
    return None
