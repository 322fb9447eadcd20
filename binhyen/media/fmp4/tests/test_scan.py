import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhyen.media.codec import BitstreamError
from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.fmp4 import FragmentError, payload_is_sound, read_boxes, scan, scan_file
from binhyen.media.fmp4.boxes import box
from binhyen.media.fmp4.init import (
    avc_configuration,
    hevc_configuration,
    parse_avc_configuration,
    parse_hevc_configuration,
)
from binhyen.media.fmp4.scan import MAX_HEADER_BYTES
from binhyen.media.fmp4.tests.test_fragment import written
from binhyen.media.packets import TICKS_PER_SECOND, Codec

CLIPS = {codec: written(encoded(codec, b_frames=2))[1] for codec in Codec}


@pytest.mark.parametrize("codec", Codec)
def test_parameter_sets_come_back_from_the_file_alone(tmp_path, codec):
    path = tmp_path / "clip.mp4"
    path.write_bytes(CLIPS[codec])
    read = scan_file(path)
    assert read.parameters == encoded(codec, b_frames=2).sets
    assert (read.timescale, read.good_bytes, read.trouble) == (TICKS_PER_SECOND, len(CLIPS[codec]), "")


def test_sample_places_hold_the_pictures():
    clip = CLIPS[Codec.H264]
    samples = [sample for each in scan(io.BytesIO(clip)).fragments for sample in each.samples]
    assert [clip[s.offset : s.offset + s.size] for s in samples] == [
        b"".join(unit.parts) for unit in encoded(b_frames=2).units()
    ]


def test_fragments_know_where_they_start_and_end_in_time():
    pieces = scan(io.BytesIO(CLIPS[Codec.H264])).fragments
    assert [(each.key, each.end_time - each.start_time) for each in pieces] == [(True, 60_000)] * 3
    assert [each.sequence for each in pieces] == [1, 2, 3]


def test_F02_a_file_cut_at_any_byte_keeps_all_whole_fragments():
    clip = CLIPS[Codec.H264]
    whole = scan(io.BytesIO(clip))
    ends = [whole.init_bytes, *(each.end for each in whole.fragments)]
    headers = {cut for each in whole.fragments for cut in range(each.start - 9, each.payload_start + 9)}
    for cut in sorted({*range(whole.init_bytes + 2), *headers, *range(0, len(clip), 61)}):
        read = scan(io.BytesIO(clip[:cut]))
        expected = max((end for end in ends if end <= cut), default=0)
        assert (read.good_bytes, len(read.fragments)) == (expected, sum(end <= cut for end in ends[1:]))
        assert bool(read.trouble) == (cut not in ends)


def test_F02_the_good_prefix_is_a_whole_file():
    clip = CLIPS[Codec.H265]
    for cut in range(scan(io.BytesIO(clip)).init_bytes, len(clip), 173):
        good = scan(io.BytesIO(clip[:cut])).good_bytes
        assert scan(io.BytesIO(clip[:good])).trouble == ""


@settings(max_examples=300)
@given(st.sampled_from(list(Codec)), st.integers(0, 2**31), st.binary(min_size=1, max_size=12))
def test_S09_bytes_overwritten_anywhere_never_raise(codec, at, garbage):
    clip = bytearray(CLIPS[codec])
    headers = scan(io.BytesIO(bytes(clip))).fragments[0].payload_start
    place = at % (headers + len(clip) // 8)
    clip[place : place + len(garbage)] = garbage
    read = scan(io.BytesIO(bytes(clip)))
    assert read.good_bytes <= len(clip)


@given(st.binary(max_size=400))
def test_S09_a_file_of_garbage_has_no_good_bytes(garbage):
    read = scan(io.BytesIO(garbage))
    assert (read.parameters, read.good_bytes, read.fragments) == (None, 0, ())


def test_F02_zeros_of_the_right_size_are_no_pictures():
    clip = bytearray(CLIPS[Codec.H264])
    last = scan(io.BytesIO(bytes(clip))).fragments[-1]
    assert payload_is_sound(io.BytesIO(bytes(clip)), last)
    clip[last.samples[-3].offset : last.end] = bytes(last.end - last.samples[-3].offset)
    assert not payload_is_sound(io.BytesIO(bytes(clip)), last)


def test_a_wide_box_is_followed_and_an_endless_one_is_not():
    wide = struct.pack(">I4sQ", 1, b"free", 20) + b"abcd"
    assert [(each.kind, each.body, each.end) for each in read_boxes(wide)] == [(b"free", 16, 20)]
    with pytest.raises(FragmentError):
        list(read_boxes(b"\0\0\0\0free"))


def _init():
    return CLIPS[Codec.H264][: scan(io.BytesIO(CLIPS[Codec.H264])).init_bytes]


def _first():
    piece = scan(io.BytesIO(CLIPS[Codec.H264])).fragments[0]
    return CLIPS[Codec.H264][piece.start : piece.end]


@pytest.mark.parametrize(
    ("tail", "trouble"),
    [
        (box(b"mdat", b"pictures"), "without a header"),
        (box(b"moof", b"") + box(b"mdat", b"x"), "incomplete"),
        (box(b"prft", b"\1\0\0\0"), "too short"),
        (box(b"moof", bytes(MAX_HEADER_BYTES)) + box(b"mdat", b"x"), "too large"),
        (_first().replace(struct.pack(">I", 0x01000F01), struct.pack(">I", 0x01000001)), "lacks a field"),
        (_first()[:-4], "cut off"),
        (_first().replace(b"mdat", b"free") + box(b"mdat", b"abc"), "do not fill"),
    ],
)
def test_trouble_is_named_and_ends_the_good_prefix(tail, trouble):
    read = scan(io.BytesIO(_init() + tail))
    assert (read.good_bytes, trouble in read.trouble) == (len(_init()), True), read.trouble


def test_boxes_between_fragments_are_passed_over():
    clip = _init() + box(b"free", b"notes") + _first() + box(b"free", b"")
    read = scan(io.BytesIO(clip))
    assert (read.good_bytes, len(read.fragments), read.trouble) == (len(clip), 1, "")


def test_a_32_bit_clock_box_is_read_too():
    piece = _first()
    old = box(b"prft", b"\0\0\0\x08" + struct.pack(">IQI", 1, 0xEE00000080000000, 5))
    read = scan(io.BytesIO(_init() + old + piece[piece.index(b"moof") - 4 :]))
    assert (read.fragments[0].wall_clock, read.fragments[0].wall_clock_media_time) == (1783988608500000, 5)


def test_a_file_without_a_known_codec_has_no_parameters():
    read = scan(io.BytesIO(_init().replace(b"avc1", b"vp09")))
    assert (read.parameters, read.good_bytes, read.trouble) == (None, 0, "no H.264 or H.265 track")


@pytest.mark.parametrize(
    ("codec", "record", "parse"),
    [
        (Codec.H264, avc_configuration, parse_avc_configuration),
        (Codec.H265, hevc_configuration, parse_hevc_configuration),
    ],
)
def test_S09_a_configuration_cut_short_is_a_named_error(codec, record, parse):
    whole = record(encoded(codec).sets)
    needed = len(whole) - (4 if codec is Codec.H264 else 0)  # avcC ends with fields that readers may lack
    for kept in range(needed):
        with pytest.raises(BitstreamError):
            parse(whole[:kept])
    assert parse(whole[:needed]) == parse(whole)
