import io
import subprocess
from itertools import pairwise

import av
import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.contracts import Instant
from binhyen.media.codec.tests.encoded import FRAME_TICKS, encoded
from binhyen.media.fmp4 import (
    Fragmenter,
    FragmentError,
    Sample,
    decode_times,
    fragment,
    instant_from_ntp,
    ntp_from_instant,
    retime,
    scan,
)
from binhyen.media.packets import AccessUnit, Codec

WALL_CLOCK = Instant(1_790_000_000_123_457)
SHAPES = [("", 0), ("open-gop=1", 3), ("b-pyramid=none", 2)]


def groups_of(units):
    groups = []
    for unit in units:
        if unit.key:
            groups.append([])
        groups[-1].append(unit)
    return groups


def written(stream, per_fragment=groups_of):
    fragmenter = Fragmenter(stream.sets)
    groups = per_fragment(stream.units())
    following = [group[0].pts for group in groups[1:]] + [None]
    fragments = [
        fragmenter.fragment(group, next_pts=pts, wall_clock=WALL_CLOCK)
        for group, pts in zip(groups, following, strict=True)
    ]
    return fragmenter, b"".join([fragmenter.init, *fragments])


def ffmpeg_complaints(path):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize(("options", "b_frames"), SHAPES)
def test_ffmpeg_plays_what_is_written_without_a_word(tmp_path, codec, options, b_frames):
    stream = encoded(codec, options=options, b_frames=b_frames)
    path = tmp_path / "clip.mp4"
    path.write_bytes(written(stream)[1])
    assert ffmpeg_complaints(path) == ""


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize(("options", "b_frames"), SHAPES)
def test_other_readers_see_the_same_times_keys_and_bytes(tmp_path, codec, options, b_frames):
    stream = encoded(codec, options=options, b_frames=b_frames)
    fragmenter, clip = written(stream)
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip)
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        context = container.streams.video[0].codec_context
        assert (context.width, context.height) == (stream.sets.width, stream.sets.height)
    units = stream.units()
    assert [packet.pts for packet in packets] == [fragmenter.media_time(unit.pts) for unit in units]
    assert [packet.is_keyframe for packet in packets] == [unit.key for unit in units]
    assert [bytes(packet) for packet in packets] == [b"".join(unit.parts) for unit in units]
    assert all(earlier.dts < later.dts for earlier, later in pairwise(packets))


@pytest.mark.parametrize("codec", Codec)
def test_every_picture_is_decoded(tmp_path, codec):
    path = tmp_path / "clip.mp4"
    path.write_bytes(written(encoded(codec, b_frames=3))[1])
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


@pytest.mark.parametrize("b_frames", [0, 3])
def test_one_fragment_for_each_picture_keeps_its_times(b_frames):
    stream = encoded(b_frames=b_frames, options="open-gop=1")
    fragmenter, clip = written(stream, per_fragment=lambda units: [[unit] for unit in units])
    samples = [sample for each in scan(io.BytesIO(clip)).fragments for sample in each.samples]
    assert [sample.presentation_time for sample in samples] == [fragmenter.media_time(u.pts) for u in stream.units()]
    assert all(sample.presentation_time >= sample.decode_time for sample in samples)


def test_without_b_frames_media_time_starts_at_zero_and_decoding_is_presentation():
    fragmenter, clip = written(encoded())
    samples = [sample for each in scan(io.BytesIO(clip)).fragments for sample in each.samples]
    assert [sample.decode_time for sample in samples] == [number * FRAME_TICKS for number in range(30)]
    assert {sample.duration for sample in samples} == {FRAME_TICKS}
    assert fragmenter.origin == 0


def test_a_fragmenter_may_start_anywhere():
    fragmenter = Fragmenter(encoded().sets, origin=-90_000)
    clip = fragmenter.init + fragmenter.fragment(encoded().units()[:10])
    assert scan(io.BytesIO(clip)).fragments[0].start_time == 90_000


def test_a_pause_makes_the_picture_before_it_long_but_not_endless():
    units = encoded().units()
    fragmenter = Fragmenter(encoded().sets)
    paused = fragmenter.fragment(units[:2], next_pts=units[1].pts + 90_000)
    endless = fragmenter.fragment([units[2]], next_pts=units[2].pts + 3600 * 90_000)
    fragments = scan(io.BytesIO(fragmenter.init + paused + endless)).fragments
    assert [fragments[0].samples[-1].duration, fragments[1].samples[-1].duration] == [90_000, 90_000]


_PTS = st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=40)


@given(_PTS, st.integers(-1, 2**41))
def test_decoding_times_always_ascend(presented, after):
    times = decode_times(presented, after)
    assert all(earlier < later for earlier, later in pairwise([after, *times]))


@given(st.lists(st.lists(st.integers(0, 2**29), min_size=1, max_size=12), min_size=1, max_size=6), st.data())
def test_whatever_the_times_each_picture_keeps_its_own(groups, choices):
    fragmenter = Fragmenter(encoded().sets)
    clip, units = [fragmenter.init], []
    lowest = min(min(group) for group in groups)
    groups[0].append(lowest)
    for group in groups:
        sizes = choices.draw(st.lists(st.integers(1, 50), min_size=len(group), max_size=len(group)))
        made = [
            AccessUnit([bytes(size)], size, pts, key=number == 0, arrived_at=WALL_CLOCK)
            for number, (pts, size) in enumerate(zip(group, sizes, strict=True))
        ]
        clip.append(fragmenter.fragment(made, wall_clock=WALL_CLOCK))
        units += made
    read = scan(io.BytesIO(b"".join(clip)))
    samples = [sample for each in read.fragments for sample in each.samples]
    assert [(s.presentation_time, s.size, s.key) for s in samples] == [
        (fragmenter.media_time(u.pts), u.size, u.key) for u in units
    ]
    assert all(earlier.decode_time < later.decode_time for earlier, later in pairwise(samples))
    assert (read.good_bytes, read.trouble) == (sum(map(len, clip)), "")


@given(st.integers(0, 4_000_000_000_000_000))
def test_the_wall_clock_survives_to_the_microsecond(instant):
    assert instant_from_ntp(ntp_from_instant(Instant(instant))) == instant


def test_the_wall_clock_is_that_of_the_first_picture():
    fragmenter, clip = written(encoded(b_frames=3))
    for each, group in zip(scan(io.BytesIO(clip)).fragments, groups_of(encoded(b_frames=3).units()), strict=True):
        assert (each.wall_clock, each.wall_clock_media_time) == (WALL_CLOCK, fragmenter.media_time(group[0].pts))


def test_a_fragment_that_no_box_can_hold_is_refused():
    with pytest.raises(ValueError, match="at most"):
        fragment(1, 0, [Sample(1 << 32, 1, 0, True)], [])


def test_a_retimed_fragment_plays_elsewhere_with_the_same_pictures():
    clip = written(encoded(b_frames=3))[1]
    before = scan(io.BytesIO(clip))
    piece = before.fragments[1]
    moved = retime(bytearray(clip[piece.start : piece.end]), sequence=77, decode_offset=900_000)
    after = scan(io.BytesIO(clip[: before.init_bytes] + moved)).fragments[0]
    assert (after.sequence, after.start_time - piece.start_time, after.wall_clock) == (77, 900_000, None)
    assert [s.size for s in after.samples] == [s.size for s in piece.samples]


@pytest.mark.parametrize(
    "broken", [b"", b"\0\0\0\x08moof", b"\0\0\0\x08moof\0\0\0\x08mdat", b"\0\0\0\x10moof\0\0\0\x08traf\0\0\0\x08mdat"]
)
def test_what_is_no_fragment_cannot_be_retimed(broken):
    with pytest.raises(FragmentError):
        retime(bytearray(broken), sequence=1, decode_offset=0)
