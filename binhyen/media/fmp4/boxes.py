"""Boxes of the ISO base media file format (ISO/IEC 14496-12), written."""

import struct

IDENTITY_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def box(kind: bytes, *payload: bytes) -> bytes:
    """A box of type `kind` around `payload`."""
    body = b"".join(payload)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full_box(kind: bytes, version: int, flags: int, *payload: bytes) -> bytes:
    """A box with version and flags (clause 4.2)."""
    return box(kind, struct.pack(">I", version << 24 | flags), *payload)
