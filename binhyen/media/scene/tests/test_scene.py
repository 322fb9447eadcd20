import json
import random
from datetime import datetime
from fractions import Fraction
from functools import cache

import av
import numpy as np
import pytest

from binhyen.contracts import SECOND, Instant
from binhyen.media.scene import SCENES, SceneError, fonts, load_scene, make_scenes
from binhyen.media.scene.clock_band import GROUND, INK, VIETNAM
from binhyen.media.scene.encode import BAND_ROWS, FRAMES_PER_SECOND, files_of
from binhyen.media.scene.plates import UNUSED_PROVINCES, car_plate, motorbike_plate
from binhyen.media.scene.render import Scene
from binhyen.media.scene.slices import MACROBLOCK
from binhyen.media.scene.traffic import LOOP_S, traffic
from binhyen.media.scene.views import PLACES

SECONDS = 4.0
NOW = Instant(1_795_287_600 * SECOND)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("scene")
    make_scenes(["ngo-12"], made, duration_s=SECONDS)
    return made


@pytest.fixture(scope="module")
def scene_of():
    """A place by day, drawn once for all who look at it."""
    return cache(lambda name: Scene(PLACES[name]))


def play(clip, now_of, frames=None):
    """What a decoder shows of `clip` when its pictures are sent at `now_of(index)`."""
    draw = clip.overlay.start()
    decoder = av.CodecContext.create("h264", "r")
    shown = []
    for index, frame in enumerate(clip.frames[:frames]):
        nals = (*(clip.parameter_sets if frame.key else ()), draw(index, now_of(index)), *frame.nals[1:])
        packet = av.Packet(b"".join(b"\0\0\0\1" + nal for nal in nals))
        packet.pts = packet.dts = index
        packet.time_base = Fraction(1, FRAMES_PER_SECOND)
        shown += decoder.decode(packet)
    return [each.to_ndarray()[: each.height] for each in [*shown, *decoder.decode(None)]]


def band_of(picture):
    return picture[: BAND_ROWS * MACROBLOCK]


def test_the_same_seed_draws_the_same_picture():
    first, second = (Scene(PLACES["cong-truong"], seed=3).frame(6.0) for _ in range(2))
    assert first.truth == second.truth
    assert np.array_equal(np.asarray(first.picture), np.asarray(second.picture))


@pytest.mark.parametrize("name", SCENES)
def test_every_place_has_traffic_and_quiet_and_nobody_is_on_the_way_at_the_seam(name):
    users = traffic(PLACES[name], seed=1, night=False)
    busy = {second for second in range(int(LOOP_S)) if any(user.place_at(second) for user in users)}
    assert len(users) > 8
    assert 0 < len(busy) < LOOP_S
    assert max(user.arrives_s for user in users) < LOOP_S


@pytest.mark.parametrize("name", SCENES)
def test_the_boxes_of_the_truth_hold_all_that_moves(scene_of, name):
    scene = scene_of(name)
    empty = np.asarray(scene.frame(LOOP_S - 0.1).picture).astype(int)
    frame = next(scene.frame(t) for t in (27.0, 15.0, 6.0) if scene.frame(t).truth["objects"])
    changed = np.abs(np.asarray(frame.picture).astype(int) - empty).sum(axis=2) > 30
    for left, top, right, bottom in (each["box"] for each in frame.truth["objects"]):
        assert changed[top:bottom, left:right].mean() > 0.2
    for left, top, right, bottom in (each["box"] for each in frame.truth["objects"]):
        changed[top:bottom, left:right] = False
    assert changed.mean() < 0.01


def test_vehicles_pass_only_on_green(scene_of):
    scene = scene_of("nga-tu")
    for user in scene.users:
        if user.look.kind == "person":
            continue
        shown = scene.frame(user.sets_off_s + 0.1).truth["signals"]
        assert shown["across" if user.lane.crosses else "along"] != "red"


def test_plates_are_of_provinces_that_do_not_exist():
    chance = random.Random(1)
    for plate in [motorbike_plate(chance) for _ in range(50)] + [car_plate(chance) for _ in range(50)]:
        assert plate.text[:2] in UNUSED_PROVINCES
    assert motorbike_plate(random.Random(2)).lines == motorbike_plate(random.Random(2)).lines


def test_the_truth_lies_beside_the_clip_frame_by_frame(folder):
    lines = (files_of(folder, f"ngo-12-v2-{SECONDS:.0f}s").truth).read_text().splitlines()
    assert [json.loads(line)["frame"] for line in lines] == list(range(int(SECONDS * FRAMES_PER_SECOND)))


def test_the_burnt_in_clock_shows_the_time_of_sending_and_changes_each_second(folder):
    main, _ = load_scene("ngo-12", folder, duration_s=SECONDS)
    pictures = play(main, lambda index: Instant(NOW + index * SECOND // FRAMES_PER_SECOND), frames=25)
    bands = [band_of(picture) for picture in pictures]
    changes = [index for index in range(1, len(bands)) if not np.array_equal(bands[index], bands[index - 1])]
    assert changes == [10, 20]
    assert set(np.unique(bands[0])) <= set(range(GROUND, INK + 1))


def test_the_clock_says_the_true_time_in_vietnam(folder):
    main, _ = load_scene("ngo-12", folder, duration_s=SECONDS)
    shown = band_of(play(main, lambda _: NOW, frames=1)[0])
    assert datetime.fromtimestamp(NOW // SECOND, VIETNAM).strftime("%H:%M") == "02:00"
    assert np.array_equal(shown, main.overlay._draw("22/11/2026 02:00:00"))


def test_below_the_band_nothing_of_it_shines_through(folder):
    main, _ = load_scene("ngo-12", folder, duration_s=SECONDS)
    first = play(main, lambda _: NOW)
    other = play(main, lambda index: Instant(NOW + index * 7 * SECOND))
    below = BAND_ROWS * MACROBLOCK
    assert all(np.array_equal(a[below:], b[below:]) for a, b in zip(first, other, strict=True))


def test_the_sub_stream_is_half_as_large(folder):
    main, sub = load_scene("ngo-12", folder, duration_s=SECONDS)
    assert (main.width, main.height) == (2 * sub.width, 2 * sub.height)
    assert len(main.frames) == len(sub.frames) == SECONDS * FRAMES_PER_SECOND


def test_without_the_web_font_words_are_written_without_diacritics(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FONT_FOLDER", tmp_path)
    fonts._font.cache_clear()
    written, plain = (np.asarray(fonts.text_mask(words, 24)) for words in ("Đường Bờ Đê", "Duong Bo De"))
    fonts._font.cache_clear()
    assert np.array_equal(written, plain)
    assert written.max() == 255


def test_an_unknown_scene_is_named_with_those_there_are(tmp_path):
    with pytest.raises(SceneError, match="Không có cảnh 'sao-hoa'"):
        make_scenes(["sao-hoa"], tmp_path)


def test_what_was_made_is_not_made_again(folder):
    said = []
    make_scenes(["ngo-12"], folder, duration_s=SECONDS, say=said.append)
    assert said == []
