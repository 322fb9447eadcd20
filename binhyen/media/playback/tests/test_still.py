import io
import struct

import av
import pytest
from PIL import Image

from binhyen.contracts import Instant
from binhyen.media import fmp4
from binhyen.media.playback import still
from binhyen.media.playback.tests.footage import groups_of
from binhyen.media.playback.tests.pictures import parameter_sets, units


def mp4_of(clip) -> bytes:
    fragmenter = fmp4.Fragmenter(parameter_sets(clip))
    groups = groups_of(units(clip, start=Instant(0)))
    return fragmenter.init + b"".join(fragmenter.fragment(group) for group in groups)


def brightness(jpeg: bytes) -> int:
    return round(Image.open(io.BytesIO(jpeg)).getpixel((40, 130))[0] / 16)


@pytest.mark.parametrize(("at_s", "number"), [(0.0, 0), (0.07, 1), (0.13, 1), (2.0, 30 % 16), (99.0, 59 % 16)])
def test_the_still_is_the_last_frame_shown_at_or_before_the_instant(street, at_s, number):
    assert brightness(still.jpeg_at(struct.pack("!d", at_s) + mp4_of(street))) == number


def test_frames_out_of_order_are_shown_in_order(reordered):
    mp4 = mp4_of(reordered)
    lead_s = fmp4.scan(io.BytesIO(mp4)).fragments[0].start_time / 90_000
    assert brightness(still.jpeg_at(struct.pack("!d", lead_s + 5 / 15 + 0.01) + mp4)) == 5


def test_h265_can_be_stilled_too(high_efficiency):
    jpeg = still.jpeg_at(struct.pack("!d", 1.0) + mp4_of(high_efficiency))
    assert Image.open(io.BytesIO(jpeg)).size == (160, 96)


def test_an_mp4_without_a_frame_is_refused(street):
    with pytest.raises((ValueError, av.error.FFmpegError)):
        still.jpeg_at(struct.pack("!d", 0.0) + fmp4.init_segment(parameter_sets(street)))


def test_a_frame_too_large_is_refused(street, monkeypatch):
    monkeypatch.setattr(still, "PIXELS_MAX", 1000)
    with pytest.raises(ValueError, match="640 × 360"):
        still.jpeg_at(struct.pack("!d", 0.0) + mp4_of(street))


def test_a_rehearsal_needs_nothing():
    still.rehearse()
