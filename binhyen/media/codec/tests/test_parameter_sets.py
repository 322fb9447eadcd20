import contextlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from binhyen.media.codec import BitstreamError, ParameterSetStore, build_parameter_sets, h264, h265
from binhyen.media.codec.tests.bit_writer import PPS, full_vui, silent_vui, write_h264_sps
from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.packets import Codec


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize(("width", "height"), [(64, 64), (98, 66), (640, 360), (322, 242), (128, 1080)])
def test_sizes_are_those_the_encoder_was_given(codec, width, height):
    sets = encoded(codec, width, height, frames=1).sets
    assert (sets.width, sets.height) == (width, height)


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize(("b_frames", "reorder"), [(0, 0), (3, 2)])
def test_reordering_is_what_the_encoder_says(codec, b_frames, reorder):
    options = "b-pyramid=normal" if codec is Codec.H264 else "b-pyramid=1"
    assert encoded(codec, b_frames=b_frames, options=options).sets.reorder_frames == reorder


@pytest.mark.parametrize(
    ("pixels", "mime"),
    [("yuv420p", "avc1.64"), ("yuv420p10le", "avc1.6e"), ("yuv422p", "avc1.7a"), ("yuv444p", "avc1.f4")],
)
def test_h264_profiles_of_all_chroma_formats_are_read(pixels, mime):
    sets = encoded(Codec.H264, pixels=pixels, frames=1).sets
    assert (sets.mime[:7], sets.width, sets.height) == (mime, 98, 66)


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le"])
def test_h265_names_and_sizes_of_all_chroma_formats_are_read(pixels):
    sets = encoded(Codec.H265, pixels=pixels, frames=1).sets
    assert re.fullmatch(r"hvc1\.[124]\.[0-9A-F]+\.L\d+(\.[0-9A-F]{1,2})*", sets.mime)
    assert (sets.width, sets.height) == (98, 66)


def test_h265_with_temporal_sub_layers_is_read():
    sps = h265.parse_sps(encoded(Codec.H265, b_frames=3, options="temporal-layers=2").sets.sps[0])
    assert (sps.temporal_layers, sps.width, sps.height) == (2, 98, 66)


def test_an_h265_name_holds_space_tier_and_constraints():
    profile = bytes((0x40 | 0x20 | 2,)) + (0x20000000).to_bytes(4, "big") + b"\xb0\0\1\0\0\0" + bytes((120,))
    sps = h265.H265Sps(0, profile, 1, True, 1, 8, 8, 2, 2, 0)
    assert sps.mime == "hvc1.A2.4.H120.B0.0.1"


@given(
    profile=st.sampled_from([66, 77, 100, 122, 244]), chroma=st.integers(0, 3), scaling=st.booleans(),
    order_type=st.integers(0, 2), columns=st.integers(2, 300), rows=st.integers(2, 200), frames_only=st.booleans(),
    crop=st.none() | st.tuples(*[st.integers(0, 3)] * 4),
)  # fmt: skip
@example(profile=100, chroma=3, scaling=True, order_type=1, columns=9, rows=9, frames_only=False, crop=(1, 1, 1, 1))
def test_any_h264_picture_size_is_read(profile, chroma, scaling, order_type, columns, rows, frames_only, crop):
    nal = write_h264_sps(
        profile=profile, chroma=chroma, scaling=scaling, order_type=order_type, columns=columns, rows=rows,
        frames_only=frames_only, crop=crop,
    )  # fmt: skip
    planes = chroma if profile in (100, 122, 244) else 1
    across, down = 2 if planes in (1, 2) else 1, (2 if planes == 1 else 1) * (1 if frames_only else 2)
    left, right, top, bottom = crop or (0, 0, 0, 0)
    sps = h264.parse_sps(nal)
    assert sps.width == columns * 16 - across * (left + right)
    assert sps.height == rows * 16 * (1 if frames_only else 2) - down * (top + bottom)


@pytest.mark.parametrize(
    ("options", "reorder"),
    [
        ({"vui": full_vui(3)}, 3),
        ({"vui": full_vui(0)}, 0),
        ({"vui": silent_vui}, 5),  # level 3.1 holds five pictures of 1280x720
        ({"vui": lambda w: w.bits(1, 1)}, 5),  # cut off in the middle
        ({}, 5),
        ({"level": 77}, 16),
        ({"profile": 66}, 0),
        ({"order_type": 2}, 0),
        ({"profile": 100, "constraints": 16}, 0),
    ],
)
def test_reordering_is_told_or_bounded_by_the_level(options, reorder):
    assert h264.parse_sps(write_h264_sps(**options)).reorder_frames == reorder


@pytest.mark.parametrize(
    "nal",
    [
        b"",
        b"\x67",
        b"\x68\xce\x3c\x80",
        b"\xe7\x4d\0\x1f\xff",
        write_h264_sps(columns=2000, rows=2000),
        write_h264_sps(columns=1, rows=1, crop=(9, 9, 0, 0)),
        write_h264_sps(profile=100, chroma=9),
    ],
)
def test_what_is_no_h264_sequence_set_is_a_named_error(nal):
    with pytest.raises(BitstreamError):
        h264.parse_sps(nal)


def test_what_is_no_h265_set_is_a_named_error():
    sps = encoded(Codec.H265).sets.sps[0]
    for parse, nal in (
        (h265.parse_sps, b"\x42"),
        (h265.parse_sps, b"\x42\1\1"),
        (h265.find_pps_id, sps),
        (h265.find_vps_id, sps),
    ):
        with pytest.raises(BitstreamError):
            parse(nal)


@pytest.mark.parametrize(
    "parse", [h264.parse_sps, h264.find_pps_id, h265.parse_sps, h265.find_pps_id, h265.find_vps_id]
)
@given(
    garbage=st.binary(max_size=80),
    head=st.sampled_from([b"\x67\x64\0\x1f", b"\x68", b"\x40\1", b"\x42\1", b"\x44\1", b""]),
)
def test_S09_garbage_parses_or_is_a_named_error(parse, garbage, head):
    with contextlib.suppress(BitstreamError):
        parse(head + garbage)


@pytest.mark.parametrize("codec", Codec)
def test_a_set_that_is_missing_is_named(codec):
    sets = encoded(codec).sets
    with pytest.raises(BitstreamError, match="missing"):
        build_parameter_sets(codec, vps=sets.vps, sps=sets.sps, pps=())
    with pytest.raises(BitstreamError):
        build_parameter_sets(codec, vps=sets.vps, sps=sets.sps, pps=(b"",))


def test_h265_needs_its_video_set():
    sets = encoded(Codec.H265).sets
    with pytest.raises(BitstreamError, match="missing"):
        build_parameter_sets(Codec.H265, sps=sets.sps, pps=sets.pps)


@pytest.mark.parametrize("codec", Codec)
def test_a_store_gives_back_what_it_took_and_knows_news(codec):
    sets, store = encoded(codec).sets, ParameterSetStore(codec)
    news = [store.take(nal) for nal in (*sets.vps, *sets.sps, *sets.pps) * 2]
    assert news == [True] * (len(news) // 2) + [False] * (len(news) // 2)
    assert store.current() == sets


def test_a_set_with_the_same_number_replaces_the_old_one():
    store = ParameterSetStore(Codec.H264)
    for nal in (write_h264_sps(columns=80), PPS, write_h264_sps(columns=40), write_h264_sps(columns=20, sps_id=1)):
        store.take(nal)
    sets = store.current()
    assert (sets.width, len(sets.sps), len(sets.pps)) == (640, 2, 1)
