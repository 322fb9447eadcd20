"""One frame as JPEG. Runs inside the sandbox: everything it needs is imported here, before the doors close."""

import io
import struct

import av
from PIL import Image, JpegImagePlugin

HEADER = struct.Struct("!d")
JPEG_QUALITY = 90
PIXELS_MAX = 8192 * 8192

Image.MAX_IMAGE_PIXELS = PIXELS_MAX
JPEG = JpegImagePlugin.JpegImageFile.format


def jpeg_at(request: bytes) -> bytes:
    """`request`: time in seconds (8 bytes, big-endian double), then an MP4. The last frame shown at or before it.

    Raises ValueError where nothing can be decoded.
    """
    (at_s,) = HEADER.unpack_from(request)
    with av.open(io.BytesIO(request[HEADER.size :]), mode="r", format="mp4") as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        best: av.VideoFrame | None = None
        for frame in container.decode(stream):
            if frame.width * frame.height > PIXELS_MAX:
                raise ValueError(f"a frame of {frame.width} × {frame.height}")
            if best is not None and frame.time is not None and frame.time > at_s + 0.0005:
                break
            best = frame
    if best is None:
        raise ValueError("no frame could be decoded")
    output = io.BytesIO()
    best.to_image().save(output, JPEG, quality=JPEG_QUALITY)  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
    return output.getvalue()


def rehearse() -> None:
    """Do it once with a picture of our own: libraries load parts of themselves when first used."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode())
    jpeg_at(HEADER.pack(0.0) + made.getvalue())
