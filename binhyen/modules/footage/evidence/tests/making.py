"""Small packages for tests: real MP4 clips, a key of their own, nothing of anybody."""

import io
from functools import cache
from pathlib import Path

import av
import numpy as np

from binhyen.contracts import Gap, GapReason, Instant
from binhyen.modules.footage.evidence import (
    CaseFacts,
    ClipSource,
    PackageFacts,
    Person,
    RequestFacts,
    SecretKey,
    SourceSegment,
    build_package,
)

START = Instant(1_795_287_600_000_000)
SECOND = 1_000_000
KEY = SecretKey.generate(bytes(range(40)))
FRAMES = 10


class FixedClock:
    def now(self) -> Instant:
        return Instant(START + 3600 * SECOND)

    def monotonic(self) -> Instant:
        return Instant(0)


@cache
def small_mp4(shade: int = 90) -> bytes:
    """One second of a grey picture as fragmented MP4."""
    out = io.BytesIO()
    with av.open(out, "w", "mp4", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}) as container:
        stream = container.add_stream("libx264", rate=FRAMES)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(FRAMES):
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.full((64, 64, 3), shade, np.uint8), format="rgb24"))
            )
        container.mux(stream.encode(None))
    return out.getvalue()


def clip(camera: str = "BA-T1-01", shade: int = 90, after_s: int = 0, content: bytes | None = None) -> ClipSource:
    start = Instant(START + after_s * SECOND)
    end = Instant(start + SECOND)
    body = small_mp4(shade) if content is None else content
    return ClipSource(
        camera=camera,
        camera_name="Ngã tư chợ Bình An",
        start=start,
        end=end,
        mark_in=Instant(start + 200_000),
        mark_out=Instant(start + 800_000),
        mime='video/mp4; codecs="avc1.64000a"',
        width=64,
        height=64,
        content=lambda: iter([body[:100], body[100:]]),
        clock_offset_us=-1_250_000,
        sources=(SourceSegment(f"{camera}/2026-11-22/1.mp4", "ab" * 32, start, end),),
        gaps=(Gap(camera, end, Instant(end + SECOND), GapReason.CONNECTION),),
    )


def facts() -> PackageFacts:
    return PackageFacts(
        package_id="5E6F-F01A-02E4-CA57",
        unit="Công an xã Bình An",
        parent_unit="Công an tỉnh Bình Yên",
        place="Bình An",
        minutes_number="01/BB-BA",
        case=CaseFacts("0001/2026/X99001", "Trộm cắp tài sản", "Bộ luật Tố tụng hình sự 2015, Điều 144"),
        request=RequestFacts(
            "0001/2026/X99001/YC1", "Tìm xe máy bị lấy", "Cổng chợ", START, Instant(START + 60 * SECOND)
        ),
        made_by=Person("Trần Minh Quang", "Điều tra viên", "Công an xã Bình An"),
        log_day="2026-11-21",
        log_root="cd" * 32,
        software={"binhyen": "0.1.0"},
    )


def make_package(path: Path, clips: list[ClipSource] | None = None, key: SecretKey = KEY) -> Path:
    chosen = [clip(), clip("BA-T1-02", 160)] if clips is None else clips
    build_package(path, facts(), chosen, signer=key, clock=FixedClock())
    return path
