"""What is done to an owner's file in the bounded child: looking into it, and cutting a part out without re-encoding.

Everything is imported before the doors close. Both functions read where they want through `source` and answer by
`write`.
"""

import io
import json
import struct
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import av
from av.container import InputContainer
from PIL import Image, JpegImagePlugin

HEADER = struct.Struct("!I")
JPEG_QUALITY = 85
STILL_WIDTH_MAX = 1280
PIXELS_MAX = 8192 * 8192
FRAMES_TRIED = 300
FRAME_RATE_ASSUMED = 25
BY_READING = frozenset({"mpeg", "dhav"})
READ_AHEAD_BYTES = 1 << 18
SECOND = 1_000_000
COPIED = {"h264": "avc1", "hevc": "hvc1", "mpeg4": "mp4v"}
"""Codecs that an MP4 for a player carries; anything else is refused by name."""

Image.MAX_IMAGE_PIXELS = PIXELS_MAX
JPEG = JpegImagePlugin.JpegImageFile.format


def look_into(source: BinaryIO, asked: dict[str, Any], write: Callable[[bytes], None]) -> None:
    """Writes the length of a JSON, the JSON (codec, width, height, length_us) and a JPEG of the first frame.

    `asked`: demuxer. Raises ValueError where there is no picture in it.
    """
    with _opened(source, asked) as container:
        stream = _video(container)
        still = _first_frame(container, stream)
        told = {
            "codec": stream.codec_context.name,
            "width": still.width,
            "height": still.height,
            "length_us": _told_length_us(container, stream),
        }
    told["length_us"] = told["length_us"] or _read_length_us(source, asked)
    picture = still.to_image()
    picture.thumbnail((STILL_WIDTH_MAX, STILL_WIDTH_MAX))
    jpeg = io.BytesIO()
    picture.save(jpeg, JPEG, quality=JPEG_QUALITY)
    plain = json.dumps(told).encode()
    write(HEADER.pack(len(plain)) + plain + jpeg.getvalue())


def cut(source: BinaryIO, asked: dict[str, Any], write: Callable[[bytes], None]) -> None:
    """Writes the pictures shown in [from_us, to_us) of the file as fragmented MP4, then the JSON of what was cut and
    its
    length. `asked`: demuxer, from_us, to_us (microseconds from the first frame).

    Begins with the first key frame inside: not one frame outside what the owner chose is copied. No sound is copied.
    """
    with _opened(source, asked) as container:
        stream = _video(container)
        output = _Pipe(write)
        options = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "min_frag_duration": str(10 * SECOND)}
        with av.open(output, "w", format="mp4", options=options) as made:
            copy = made.add_stream_from_template(stream, opaque=True)
            copy.codec_context.codec_tag = COPIED[stream.codec_context.name]
            told = _copy(container, stream, copy, made, asked)
        told |= {"mime": _mime(stream), "bytes": output.size}
    plain = json.dumps(told).encode()
    write(plain + HEADER.pack(len(plain)))


def _opened(source: BinaryIO, asked: dict[str, Any]) -> InputContainer:
    return av.open(source, "r", format=asked["demuxer"], buffer_size=READ_AHEAD_BYTES, metadata_errors="ignore")


def _video(container: InputContainer) -> Any:
    if not container.streams.video:
        raise ValueError("tệp không có hình")
    stream = container.streams.video[0]
    if stream.codec_context is None or stream.codec_context.name not in COPIED:
        name = stream.codec_context.name if stream.codec_context else "lạ"
        raise ValueError(f"hình mã hóa kiểu {name}, chưa đọc được; hãy xuất lại tệp ở dạng H.264 hoặc H.265")
    stream.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    return stream


def _first_frame(container: InputContainer, stream: Any) -> Any:
    for packet, _ in zip(container.demux(stream), range(FRAMES_TRIED), strict=False):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue  # a file cut out of a recording may begin between two key frames
        for frame in frames:
            if frame.width * frame.height > PIXELS_MAX:
                raise ValueError(f"khung hình {frame.width} × {frame.height} quá lớn")
            return frame
    raise ValueError("không giải mã được khung hình nào")


def _told_length_us(container: InputContainer, stream: Any) -> int:
    """As the header says; 0 where it says nothing, and in formats that are as long as their last timestamp by FFmpeg's
    reckoning: those often end with frames that have none."""
    if container.format.name in BY_READING:
        return 0
    if stream.duration and stream.time_base:
        return int(stream.duration * stream.time_base * SECOND)
    return max(0, int(container.duration or 0))


def _read_length_us(source: BinaryIO, asked: dict[str, Any]) -> int:
    """By reading all of it anew: not every format can be wound back."""
    source.seek(0)
    with _opened(source, asked) as container:
        stream = _video(container)
        shown = [at for at, _ in _packets(container, stream)]
        return max(shown) - min(shown) + int(_frame_ticks(stream) * stream.time_base * SECOND) if shown else 0


def _packets(container: InputContainer, stream: Any) -> Iterator[tuple[int, Any]]:
    """(time shown in µs as the file counts, packet), in the order of decoding.

    Program streams give a time to some frames only, and recorders' clocks are set back while they write: a frame
    without a
    time, or not later than the one before, comes one frame after that.
    """
    last: int | None = None
    for packet in container.demux(stream):
        if packet.size == 0:
            continue
        step = max(1, packet.duration or _frame_ticks(stream))
        if packet.dts is None:
            packet.dts = packet.pts if last is None else last + step
        if packet.dts is None:
            packet.dts = 0
        if last is not None and packet.dts <= last:
            packet.dts = last + step
        if packet.pts is None or packet.pts < packet.dts:
            packet.pts = packet.dts
        last = packet.dts
        yield int(packet.pts * packet.time_base * SECOND), packet


def _frame_ticks(stream: Any) -> int:
    return int(1 / ((stream.average_rate or FRAME_RATE_ASSUMED) * stream.time_base))


def _copy(container: InputContainer, stream: Any, copy: Any, made: Any, asked: dict[str, Any]) -> dict[str, int]:
    """Copy what is inside; the first frame's time in the file, how long it lasts, how many frames."""
    zero: int | None = None
    first = last = shift = 0
    frames = 0
    for shown, packet in _packets(container, stream):
        zero = shown if zero is None else zero
        at = shown - zero
        if not frames and not (packet.is_keyframe and at >= asked["from_us"]):
            continue
        if at >= asked["to_us"]:
            if packet.is_keyframe:
                break  # nothing behind it is shown before it
            continue
        if not frames:
            first, shift = at, packet.dts
        frames, last = frames + 1, max(last, at)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        packet.stream = copy
        made.mux(packet)
    if not frames:
        raise ValueError("trong đoạn đã chọn không có khung hình khóa nào; hãy chọn đoạn dài hơn")
    step = (last - first) // (frames - 1) if frames > 1 else SECOND // 25
    return {"from_us": first, "to_us": min(last + max(step, 1), max(asked["to_us"], last + 1)), "frames": frames}


def _mime(stream: Any) -> str:
    """`video/mp4; codecs="avc1.64000a"` (RFC 6381); without the details where the file has no parameters to read."""
    name, extra = COPIED[stream.codec_context.name], bytes(stream.codec_context.extradata or b"")
    if name == "avc1" and len(extra) > 8:
        profile = extra[1:4] if extra[0] == 1 else extra[extra.find(b"\x67") + 1 :][:3]
        return f'video/mp4; codecs="avc1.{profile.hex()}"'
    return f'video/mp4; codecs="{name}"' if name != "hvc1" else 'video/mp4; codecs="hvc1.1.6.L120.90"'


class _Pipe:
    """What the muxer writes to: onward only."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.size = 0
        self._write = write

    def write(self, content: bytes) -> int:
        self._write(bytes(content))
        self.size += len(content)
        return len(content)


def rehearse() -> None:
    """Do both once with a picture of our own: libraries load parts of themselves when first used."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode())
    taken: list[bytes] = []
    look_into(io.BytesIO(made.getvalue()), {"demuxer": "mp4"}, taken.append)
    cut(io.BytesIO(made.getvalue()), {"demuxer": "mp4", "from_us": 0, "to_us": SECOND}, taken.append)
