"""The band that is coded by hand: what it can continue, and what it refuses by name."""

import re
import subprocess

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.media.scene.bits import BitReader, BitWriter, escaped, unescaped
from binhyen.media.scene.clock_band import with_clock
from binhyen.media.scene.slices import BandError, CodingTools, SliceHeader
from binhyen.media.testcam import read_clip

BASELINE, MAIN = 66, 77
TOOLS = CodingTools(frame_number_bits=4, order_type=2, order_bits=0, deblocking_in_header=True)
IDR, PICTURE = 0x65, 0x41


@given(st.lists(st.integers(0, 4), max_size=60).map(bytes))
def test_an_escaped_payload_holds_no_start_code_and_opens_again(payload):
    nal = escaped(payload)
    assert re.search(rb"\0\0[\0-\2]", nal) is None
    assert unescaped(nal) == payload


@given(st.lists(st.integers(0, 100_000), max_size=20), st.integers(-4000, 4000))
def test_numbers_are_read_as_they_were_written(numbers, signed):
    writer = BitWriter()
    for number in numbers:
        writer.golomb(number)
    writer.golomb(2 * signed - 1 if signed > 0 else -2 * signed)
    reader = BitReader(writer.finish())
    assert [reader.golomb() for _ in numbers] == numbers
    assert reader.signed_golomb() == signed


def written(head, *fields):
    """A NAL unit of bits: (value, width), or a number alone as ue(v)."""
    writer = BitWriter()
    writer.unsigned(head, 8)
    for each in fields:
        writer.unsigned(*each) if isinstance(each, tuple) else writer.golomb(each)
    return escaped(writer.finish())


def sequence(profile=BASELINE, order=(2,), frames_only=1):
    size = (1, (0, 1), 19, 14, (frames_only, 1))
    return written(0x67, (profile, 8), (0, 16), 0, 0, *order, *size)


def picture(cabac=0, bottom_order=0, groups=0, weighted=0, weighted_b=0, deblocking=1):
    flags = ((cabac, 1), (bottom_order, 1), groups, 0, 0, (weighted, 1), (weighted_b, 2))
    return written(0x68, 0, 0, *flags, 0, 0, 0, (deblocking, 1))


def test_what_a_baseline_stream_says_of_itself_is_read():
    assert CodingTools.of(sequence(), picture()) == TOOLS
    assert CodingTools.of(sequence(order=(0, 2)), picture(deblocking=0)) == CodingTools(4, 0, 6, False)


@pytest.mark.parametrize(
    ("sps", "pps", "words"),
    [
        (sequence(profile=100), picture(), "profile 100"),
        (sequence(order=(1,)), picture(), "picture order count type 1"),
        (sequence(frames_only=0), picture(), "field coding"),
        (sequence(profile=MAIN), picture(cabac=1), "CABAC"),
        (sequence(), picture(bottom_order=1), "bottom field order"),
        (sequence(), picture(groups=1), "slice groups"),
        (sequence(), picture(weighted=1), "weighted prediction"),
        (sequence(), picture(weighted_b=2), "weighted prediction"),
    ],
)
def test_a_stream_that_cannot_be_continued_is_refused(sps, pps, words):
    with pytest.raises(BandError, match=words):
        CodingTools.of(sps, pps)


def test_the_header_of_a_key_picture_is_kept_bit_by_bit():
    fields = (0, 7, 0, (0, 4), 3, (0, 2), 12, 1)
    header = SliceHeader.read(written(IDR, *fields, *[(0xAA, 8)] * 3), TOOLS)
    assert (header.nal_header, header.intra) == (IDR, True)
    assert header.writer().finish() == written(IDR, *fields)


@pytest.mark.parametrize("references", [((0, 1),), ((1, 1), 0)])
def test_the_header_of_a_predicted_picture_may_name_its_references(references):
    fields = (0, 5, 0, (3, 4), *references, (0, 1), (0, 1), 0, 1)
    header = SliceHeader.read(written(PICTURE, *fields, *[(0x55, 8)] * 3), TOOLS)
    assert (header.intra, header.writer().finish()) == (False, written(PICTURE, *fields))


def test_a_picture_that_nothing_refers_to_has_no_marking_in_its_header():
    fields = (0, 5, 0, (3, 4), (0, 1), (0, 1), 0, 1)
    header = SliceHeader.read(written(PICTURE & 0x1F, *fields, *[(0x55, 8)] * 3), TOOLS)
    assert header.writer().finish() == written(PICTURE & 0x1F, *fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((40, 5), "does not start the picture"),
        ((0, 5, 0, (3, 4), (0, 1), (1, 1)), "reordered"),
        ((0, 5, 0, (3, 4), (0, 1), (0, 1), (1, 1)), "adaptive reference marking"),
        ((0, 5, 0, (3, 4), (0, 1), (0, 1), (0, 1), 0, 0), "deblocking is on"),
    ],
)
def test_a_slice_that_cannot_be_replaced_is_refused(fields, words):
    with pytest.raises(BandError, match=words):
        SliceHeader.read(written(PICTURE, *fields, *[(0, 8)] * 3), TOOLS)


@pytest.mark.parametrize(
    ("codec", "parameters", "words"),
    [
        ("libx265", "log-level=none", "H.264 alone"),
        ("libx264", "cabac=0:weightp=0:bframes=0:8x8dct=0", "deblocking is on"),
    ],
)
def test_a_clip_of_another_encoder_gets_no_clock(tmp_path, codec, parameters, words):
    path = tmp_path / "khác.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=160x128:r=10:d=1"]
    command += ["-pix_fmt", "yuv420p", "-c:v", codec, f"-{codec.removeprefix('lib')}-params", parameters]
    command += ["-profile:v", "main", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(BandError, match=words):
        with_clock(read_clip(path), "Cổng chợ")
