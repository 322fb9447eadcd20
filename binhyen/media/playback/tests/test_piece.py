"""Pieces: where they begin and end, and what they join."""

import io
import os

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from binhyen.contracts import SECOND, Gap, GapReason, Instant, SystemClock
from binhyen.media import fmp4
from binhyen.media.playback.clip import clip_plan
from binhyen.media.playback.piece import NothingRecorded, find_piece, find_pieces, piece_bytes, piece_size
from binhyen.media.playback.shelf import Shelf
from binhyen.media.playback.specs import Specs
from binhyen.media.playback.tests.footage import write_gap, write_segment
from binhyen.media.playback.tests.pictures import parameter_sets, units
from binhyen.media.store import index as store_index
from binhyen.media.store.layout import SegmentName, index_path

CAMERA = "CAM-001"
START = Instant(1_795_000_000 * SECOND)
FRAME_US = SECOND // 15
MILLISECOND = SECOND // 1000


def at(seconds: float) -> Instant:
    return Instant(START + round(seconds * SECOND))


def shelf_of(folder):
    return Shelf(folder / "store", SystemClock())


def whole(piece) -> bytes:
    return b"".join(piece_bytes(piece))


def decoded(mp4: bytes) -> list[float]:
    with av.open(io.BytesIO(mp4)) as container:
        return [round(frame.time, 3) for frame in container.decode(video=0)]


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def test_a_change_of_parameters_begins_a_new_piece(tmp_path, store, street, small):
    write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=START))
    write_segment(store, CAMERA, 2, parameter_sets(small), units(small, start=at(4)))
    first, second = find_pieces(shelf_of(tmp_path), CAMERA, at(0), at(8))
    assert [piece.parameters.width for piece in (first, second)] == [640, 320]
    piece = find_piece(shelf_of(tmp_path), CAMERA, at(1), at(8), length_us=60 * SECOND)
    assert abs(piece.end - at(4)) <= FRAME_US
    assert piece.next_at == second.start


def test_the_end_of_the_window_cuts_frames_out_of_order_without_harm(tmp_path, store, reordered):
    write_segment(store, CAMERA, 1, parameter_sets(reordered), units(reordered, start=START))
    shelf = shelf_of(tmp_path)
    piece = find_piece(shelf, CAMERA, at(0.5), at(1.5), length_us=60 * SECOND)
    shown = [piece.zero + round(time * SECOND) for time in decoded(whole(piece))]
    assert shown == sorted(shown)
    assert (abs(shown[0] - START) < 1000, shown[-1] < at(1.5)) == (True, True)
    assert len(shown) >= 18


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of pictures, where an example fails: it is wanted
@given(begin=st.floats(0, 7.9), length=st.floats(0.05, 5))
def test_a_piece_begins_at_or_before_its_start_and_shows_nothing_after_its_end(tmp_path, street, begin, length):
    store = tmp_path / "store"
    if not store.exists():
        write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=START))
        write_segment(store, CAMERA, 2, parameter_sets(street), units(street, start=at(4)))
    piece = find_piece(shelf_of(tmp_path), CAMERA, at(begin), at(begin + length), length_us=60 * SECOND)
    assert piece_size(piece) == len(whole(piece))
    shown = [piece.start + round(time * SECOND) for time in decoded(whole(piece))]
    assert at(begin) - 2 * SECOND - FRAME_US <= piece.start <= at(begin)
    assert shown[-1] < at(begin + length) + MILLISECOND  # `decoded` rounds to it
    assert shown[-1] >= min(at(begin + length), at(8)) - 2 * FRAME_US


def test_nothing_recorded_names_what_comes_next_only_inside_the_window(tmp_path, store, street):
    write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=at(100)))
    shelf = shelf_of(tmp_path)
    found = []
    for end in (200, 90):
        with pytest.raises(NothingRecorded) as nothing:
            find_piece(shelf, CAMERA, at(10), at(end), length_us=20 * SECOND)
        found.append(nothing.value.next_at)
    assert found == [at(100), None]


def test_a_camera_never_recorded_has_nothing(tmp_path):
    shelf = shelf_of(tmp_path)
    window = (CAMERA, at(0), at(9))
    assert (shelf.segments(*window), shelf.gaps(*window), shelf.next_start(CAMERA, at(0))) == (
        [], [], None,
    )  # fmt: skip
    with pytest.raises(NothingRecorded):
        find_piece(shelf, CAMERA, at(0), at(9), length_us=SECOND)


def test_files_without_a_wall_clock_are_placed_by_their_name(tmp_path, store, street):
    sets, frames = parameter_sets(street), units(street, start=START)
    write_segment(store, CAMERA, 1, sets, frames)
    fragmenter = fmp4.Fragmenter(sets)
    path = next(store.rglob("*.mp4"))
    path.write_bytes(fragmenter.init + fragmenter.fragment(frames[:30]) + fragmenter.fragment(frames[30:]))
    piece = find_piece(shelf_of(tmp_path), CAMERA, at(3), at(9), length_us=SECOND)
    assert piece.start == at(2)


def test_a_file_without_a_whole_fragment_shows_nothing(tmp_path, store, street):
    sets = parameter_sets(street)
    write_segment(store, CAMERA, 1, sets, units(street, start=START), part=True)
    next(store.rglob("*.mp4")).write_bytes(fmp4.init_segment(sets))
    shelf = shelf_of(tmp_path)
    assert shelf.being_written(CAMERA) is None
    assert shelf.being_written_until(CAMERA) is None


def test_a_file_without_a_key_frame_shows_nothing(tmp_path, store, street):
    sets, frames = parameter_sets(street), units(street, start=START)
    write_segment(store, CAMERA, 1, sets, frames)
    fragmenter = fmp4.Fragmenter(sets)
    body = fragmenter.init + fragmenter.fragment(frames[1:20], wall_clock=frames[1].arrived_at)
    next(store.rglob("*.mp4")).write_bytes(body)
    assert find_pieces(shelf_of(tmp_path), CAMERA, at(0), at(9)) == []


def test_the_growing_file_is_read_again_when_it_has_grown(tmp_path, store, street):
    sets, frames = parameter_sets(street), units(street, start=START)
    fragmenter = fmp4.Fragmenter(sets)
    name = SegmentName(CAMERA, 1, START, part=True)
    path = store / name.path
    path.parent.mkdir(parents=True)
    index = store_index.SegmentIndex(index_path(store, 0))
    index.write([store_index.segment_opened(name)])
    index.close()
    path.write_bytes(fragmenter.init + fragmenter.fragment(frames[:30], wall_clock=frames[0].arrived_at))
    shelf = shelf_of(tmp_path)
    before = shelf.being_written(CAMERA)
    with path.open("ab") as file:
        file.write(fragmenter.fragment(frames[30:], wall_clock=frames[30].arrived_at))
    after = shelf.being_written(CAMERA)
    assert (before["start"], after["end"] - before["end"]) == (START, 2 * SECOND)
    shelf.close()


def test_a_clock_that_was_set_back_does_not_mix_two_recordings(tmp_path, store, street):
    sets = parameter_sets(street)
    write_segment(store, CAMERA, 1, sets, units(street, start=at(3600)))
    write_segment(store, CAMERA, 2, sets, units(street, start=at(0)))
    pieces = find_pieces(shelf_of(tmp_path), CAMERA, at(0), at(4000))
    assert [len(piece.cuts) for piece in pieces] == [2, 2]
    assert len(decoded(whole(find_piece(shelf_of(tmp_path), CAMERA, at(0), at(4), length_us=SECOND)))) == 30


def test_an_index_that_is_only_being_made_is_looked_at_again(tmp_path, store, street):
    store.mkdir()
    index_path(store, 0).mkdir()  # nothing that SQLite can open
    shelf = shelf_of(tmp_path)
    assert shelf.segments(CAMERA, at(0), at(9)) == []
    index_path(store, 0).rmdir()
    write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=START))
    assert len(shelf.segments(CAMERA, at(0), at(9))) == 1


def test_an_index_that_was_rebuilt_is_opened_anew(tmp_path, store, street):
    sets = parameter_sets(street)
    write_segment(store, CAMERA, 1, sets, units(street, start=START))
    shelf = shelf_of(tmp_path)
    before = shelf.segments(CAMERA, at(0), at(9))
    kept = tmp_path / "old"
    kept.mkdir()
    for path in store.glob("index-0.sqlite3*"):
        path.rename(kept / path.name)
    write_segment(store, CAMERA, 1, sets, units(street, start=START))
    write_segment(store, CAMERA, 2, sets, units(street, start=at(4)))
    assert (len(before), len(shelf.segments(CAMERA, at(0), at(9)))) == (1, 2)
    shelf.close()


def test_tables_of_many_files_are_kept_within_a_bound(tmp_path, store, street, monkeypatch):
    monkeypatch.setattr("binhyen.media.playback.shelf.TABLES_KEPT", 2)
    sets = parameter_sets(street)
    for number in range(4):
        write_segment(store, CAMERA, number + 1, sets, units(street, start=at(4 * number)))
    shelf = shelf_of(tmp_path)
    assert len(shelf.reels(CAMERA, at(0), at(16))) == 4
    assert len(shelf._tables) == 2


def test_a_clip_of_nothing_has_no_pieces_and_keeps_its_gaps(tmp_path, store):
    store.mkdir(parents=True)
    write_gap(store, Gap(CAMERA, at(0), at(9), GapReason.SILENT))
    plan = clip_plan(shelf_of(tmp_path), CAMERA, at(1), at(5))
    assert (plan["pieces"], plan["gaps"][0]["reason"], plan["complete_until"]) == ([], "silent", at(5))


def test_the_same_clip_twice_is_the_same_bytes(tmp_path, store, street):
    write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=START))
    bodies = [whole(find_pieces(shelf_of(tmp_path), CAMERA, at(1), at(3.5))[0]) for _ in range(2)]
    assert bodies[0] == bodies[1]


def test_a_piece_is_the_same_however_many_fragments_one_read_takes(tmp_path, store, street, monkeypatch):
    write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=START))
    write_segment(store, CAMERA, 2, parameter_sets(street), units(street, start=at(4)))
    (piece,) = find_pieces(shelf_of(tmp_path), CAMERA, at(0.2), at(6.4))
    many = list(piece_bytes(piece))
    monkeypatch.setattr("binhyen.media.playback.piece.CHUNK_BYTES", 1)
    single = list(piece_bytes(piece))
    assert (len(many) < len(single), len(single)) == (True, len(piece.cuts) + 1)
    assert b"".join(many) == b"".join(single)


def test_a_piece_may_be_read_into_memory_that_is_used_again(tmp_path, store, street, monkeypatch):
    write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=START))
    monkeypatch.setattr("binhyen.media.playback.piece.CHUNK_BYTES", 1)
    (piece,) = find_pieces(shelf_of(tmp_path), CAMERA, at(0), at(4))
    memory = memoryview(bytearray(b"\xaa" * 1_000_000))
    copied = [bytes(chunk) for chunk in piece_bytes(piece, lambda size: memory[:size])]
    assert b"".join(copied) == whole(piece)


def test_a_file_that_has_become_shorter_is_not_passed_off_as_whole(tmp_path, store, street):
    segment = write_segment(store, CAMERA, 1, parameter_sets(street), units(street, start=START))
    (piece,) = find_pieces(shelf_of(tmp_path), CAMERA, at(0), at(4))
    os.truncate(store / segment.path, piece.cuts[-1].fragment.end - 1)
    with pytest.raises(fmp4.FragmentError):
        whole(piece)


def test_specs_survive_a_file_that_is_half_written(tmp_path):
    path = tmp_path / "spec-0.json"
    specs = Specs(tmp_path)
    assert specs.camera(CAMERA) is None
    path.write_text("{")
    assert specs.camera(CAMERA) is None
    path.write_text('{"cameras": [{"code": "CAM-001", "url": "rtsp://a/", "sub_url": "rtsp://b/"}]}')
    assert specs.camera(CAMERA).sub_url == "rtsp://b/"
    assert specs.camera("CAM-002") is None
    path.write_text('{"cameras":')
    assert specs.camera(CAMERA).sub_url == "rtsp://b/"
    assert specs.holds(CAMERA) == []
