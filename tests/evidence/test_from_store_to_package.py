"""Recorded files, a real live node, a request, and the package that comes of them: every socket and file is real."""

import asyncio
import hashlib
import io
import json
import threading
import zipfile
from datetime import timedelta

import av
import pytest
from django.utils.timezone import now

from binhyen.contracts import SECOND, Gap, GapReason, Instant
from binhyen.kernel.testing.world import make_world
from binhyen.kernel.units.authority import across_units
from binhyen.media.live.node import application, serve
from binhyen.media.playback.tests.footage import write_gap, write_segment
from binhyen.media.playback.tests.pictures import encode_clip, parameter_sets, units
from binhyen.media.store.layout import STORE
from binhyen.modules.cameras.public import Window, add_camera
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.moments import instant_of
from binhyen.modules.footage.node import Node
from binhyen.modules.footage.packages import Chosen, ask_for_package, make_package, path_of
from binhyen.modules.footage.requests import Asked, ask_for_footage

CODE, TOKEN = "CAM-CHO", "a-token-of-the-test"


@pytest.fixture
def recorded(tmp_path):
    """Two files of sixteen seconds of the hour before, and four seconds between them that are missing."""
    clip = encode_clip(tmp_path / "street.mp4")
    first = Instant(instant_of(now() - timedelta(hours=1)) // SECOND * SECOND)
    second = Instant(first + 20 * SECOND)
    store = tmp_path / STORE
    segments = [
        write_segment(store, CODE, number, parameter_sets(clip), units(clip, start=start, loops=4))
        for number, start in ((1, first), (2, second))
    ]
    write_gap(store, Gap(CODE, segments[0].end, second, GapReason.CONNECTION))
    return segments


@pytest.fixture
def node(tmp_path):
    """The live node on a free port, in a thread of its own."""
    told = {}
    started = threading.Event()

    async def live():
        loop = asyncio.get_running_loop()
        told["loop"], told["until"], ready = loop, asyncio.Event(), loop.create_future()
        ready.add_done_callback(lambda done: (told.update(port=done.result()), started.set()))
        await serve(application(tmp_path, TOKEN), port=0, ready=ready, until=told["until"])

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    assert started.wait(10)
    yield Node(f"http://127.0.0.1:{told['port']}", TOKEN)
    told["loop"].call_soon_threadsafe(told["until"].set)
    thread.join(10)


def queued(window):
    world = make_world()
    officer = world.people["investigator"]
    add_camera(
        by=None, unit=world.commune_a, tier=2, name="Cổng chợ", url="rtsp://10.0.0.2/1", code=CODE,
        latitude=21.63, longitude=105.64,
    )  # fmt: skip
    case = open_case(CaseFacts("trom-cap", "Mất xe máy"), unit=world.commune_a, by=officer)
    asked = Asked(
        circle(21.63, 105.64, 100), now() - timedelta(hours=2), now(), "Tìm xe máy bị lấy trộm", "BLTTHS, Điều 147"
    )
    request = ask_for_footage(case, asked, by=officer, later=lambda _: None)
    return ask_for_package(request, [Chosen(request.clips.get(), window)], by=officer, later=lambda _: None)


def test_what_was_recorded_comes_out_as_playable_clips_with_exact_marks_sources_and_gaps(
    db, recorded, node, tmp_path, settings
):
    settings.BINHYEN_DATA = tmp_path
    first, second = recorded
    window = Window(Instant(first.start + 5 * SECOND), Instant(second.start + 7 * SECOND))
    with across_units():
        package = make_package(queued(window).package_id, node=node)
    assert (package.state, package.error) == ("done", "")
    with zipfile.ZipFile(path_of(package)) as file:
        manifest = json.loads(file.read("manifest.json"))
        clips = {clip["file"]: file.read(clip["file"]) for clip in manifest["clips"]}
    assert [hashlib.sha256(clips[clip["file"]]).hexdigest() for clip in manifest["clips"]] == [
        clip["sha256"] for clip in manifest["clips"]
    ]
    marks = [us for clip in manifest["clips"] for us in (clip["mark_in"]["us"], clip["mark_out"]["us"])]
    ends = [window.start, first.end, second.start, window.end]
    assert marks == pytest.approx(
        ends, abs=1
    )  # a file's end follows from frame times, which have no whole microseconds
    assert [source["sha256"] for clip in manifest["clips"] for source in clip["sources"]] == [
        first.sha256,
        second.sha256,
    ]
    assert {gap["reason"] for clip in manifest["clips"] for gap in clip["gaps"]} == {"connection"}
    assert [frames(content) for content in clips.values()] == [clip["frames"] for clip in manifest["clips"]]


def frames(content):
    with av.open(io.BytesIO(content)) as file:
        return sum(1 for _ in file.decode(video=0))
