"""Files as recorders write them, made here."""

import io
import struct
from functools import cache

import av
import numpy as np

from binhyen.modules.footage.uploads.vessel import BLOCK_BYTES


@cache
def film(seconds=8, *, container="mp4", codec="libx264", pad=0, size=64) -> bytes:
    """Grey that becomes lighter, 10 frames a second, a key frame every second; `pad` bytes of an MP4 box behind it."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(
            codec, rate=10 if codec != "mpeg4" else 25, options={"g": "10", "bf": "0", "sc_threshold": "0"}
        )
        stream.width = stream.height = size
        stream.pix_fmt = "yuv420p"
        for n in range(seconds * 10):
            frame = av.VideoFrame.from_ndarray(np.full((size, size, 3), 60 + n % 150, np.uint8), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    padding = pad.to_bytes(4, "big") + b"free" + bytes(pad - 8) if pad else b""
    return out.getvalue() + padding


def large_film(blocks=9) -> bytes:
    """Of several chunks, and no whole number of blocks."""
    return film(pad=blocks * BLOCK_BYTES + 4321)


def dav(seconds=8) -> bytes:
    """A Dahua file, as FFmpeg's dhav.c reads it: each H.264 frame between `DHAV` and `dhav`, the day in a calendar's
    bits."""
    out = bytearray()
    with av.open(io.BytesIO(film(seconds, container="mpegts")), format="mpegts") as file:
        packets = [packet for packet in file.demux(video=0) if packet.size]
        for number, packet in enumerate(packets):
            out += _dav_frame(number, bytes(packet), is_key=packet.is_keyframe)
    return bytes(out)


def _dav_frame(number, content, *, is_key) -> bytes:
    size_and_codec = bytes([0x82, 0, 0, 0]) + struct.pack("<HH", 64, 64) + bytes([0x81, 0, 2, 10])
    length = 24 + len(size_and_codec) + len(content) + 8
    at_ms = number * 100
    day = (26 << 26) | (11 << 22) | (27 << 17) | (8 << 12) | (at_ms // 1000)
    head = b"DHAV" + bytes([0xFD if is_key else 0xFC, 0, 0, 0]) + struct.pack("<III", number, length, day)
    head += struct.pack("<HBB", at_ms % 65536, len(size_and_codec), 0)
    return head + size_and_codec + content + b"dhav" + struct.pack("<I", length)
