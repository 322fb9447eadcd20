"""The live node's answers about recorded footage, over real HTTP from real files."""

import io
import json
from contextlib import asynccontextmanager

import aiohttp
import av
import pytest
from aiohttp import web

from binhyen.contracts import SECOND, Gap, GapReason, Instant
from binhyen.media import fmp4
from binhyen.media.live.node import application
from binhyen.media.playback.tests.footage import write_gap, write_segment
from binhyen.media.playback.tests.pictures import parameter_sets, units

CAMERA = "CAM-001"
START = Instant(1_795_000_000 * SECOND)
TOKEN = "t" * 20
FRAME_US = SECOND // 15


@asynccontextmanager
async def node_client(folder):
    runner = web.AppRunner(application(folder, TOKEN), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with aiohttp.ClientSession(base, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            yield client
    finally:
        await runner.cleanup()


@pytest.fixture
def recorded(tmp_path, street):
    """Three files: 8 s, 4 s right after, then a gap of 20 s and 4 s more; and one being written right after."""
    sets = parameter_sets(street)
    store = tmp_path / "store"
    write_segment(store, CAMERA, 1, sets, units(street, start=START, loops=2))
    write_segment(store, CAMERA, 2, sets, units(street, start=Instant(START + 8 * SECOND)))
    write_gap(store, Gap(CAMERA, Instant(START + 12 * SECOND), Instant(START + 32 * SECOND), GapReason.CONNECTION))
    write_segment(store, CAMERA, 3, sets, units(street, start=Instant(START + 32 * SECOND)))
    write_segment(store, CAMERA, 4, sets, units(street, start=Instant(START + 36 * SECOND)), part=True)
    return tmp_path


def at(seconds: float) -> int:
    return START + round(seconds * SECOND)


def decoded_count(mp4: bytes) -> int:
    with av.open(io.BytesIO(mp4)) as container:
        return sum(1 for _ in container.decode(video=0))


async def get(client, path, **query):
    async with client.get(path, params={k: str(v) for k, v in query.items()}) as response:
        return response.status, response.headers, await response.read()


def run(coroutine):
    import asyncio

    return asyncio.run(coroutine)


def test_the_time_line_tells_segments_without_paths_gaps_with_reasons_and_the_file_in_hand(recorded):
    async def ask():
        async with (
            node_client(recorded) as client,
            client.get(f"/v1/timeline/{CAMERA}", params={"from": str(START), "to": str(at(60))}) as response,
        ):
            return await response.json()

    told = run(ask())
    assert [(s["number"], s["start"], "path" in s) for s in told["segments"]] == [
        (1, at(0), False), (2, at(8), False), (3, at(32), False),
    ]  # fmt: skip
    assert told["gaps"] == [{"camera": CAMERA, "start": at(12), "end": at(32), "reason": "connection"}]
    assert told["being_written"]["start"] == at(36)


def test_a_request_without_the_token_gets_nothing(recorded):
    async def ask():
        async with (
            node_client(recorded) as client,
            client.get("/v1/status", headers={"Authorization": "Bearer wrong"}) as response,
        ):
            return response.status

    assert run(ask()) == 401


def test_media_starts_at_the_key_frame_before_the_wanted_instant_and_joins_files_without_a_seam(recorded):
    async def ask():
        async with node_client(recorded) as client:
            return await get(client, f"/v1/media/{CAMERA}", **{"from": at(3), "to": at(60), "length": 60})

    status, headers, body = run(ask())
    assert (status, int(headers["X-Start"]), headers["Content-Type"]) == (200, at(2), 'video/mp4; codecs="avc1.42c016"')
    assert abs(int(headers["X-End"]) - at(12)) <= FRAME_US
    assert int(headers["X-Next"]) == at(32)
    assert decoded_count(body) == 150
    scanned = fmp4.scan(io.BytesIO(body))
    assert scanned.trouble == ""
    starts = [fragment.start_time for fragment in scanned.fragments]
    assert starts == [0, 180_000, 360_000, 540_000, 720_000]


def test_a_short_piece_ends_at_a_key_frame_and_says_where_the_next_begins(recorded):
    async def ask():
        async with node_client(recorded) as client:
            return await get(client, f"/v1/media/{CAMERA}", **{"from": at(0), "to": at(60), "length": 3})

    _, headers, body = run(ask())
    assert (int(headers["X-Start"]), int(headers["X-End"]), int(headers["X-Next"])) == (at(0), at(4), at(4))
    assert decoded_count(body) == 60


def test_nothing_after_the_end_of_the_window_leaves_the_node(recorded):
    async def ask():
        async with node_client(recorded) as client:
            return await get(client, f"/v1/media/{CAMERA}", **{"from": at(0), "to": at(3.0), "length": 60})

    _, headers, body = run(ask())
    assert int(headers["X-End"]) == at(3)
    assert "X-Next" not in headers
    assert decoded_count(body) == 45


def test_a_gap_is_a_404_that_names_the_next_picture(recorded):
    async def ask():
        async with (
            node_client(recorded) as client,
            client.get(f"/v1/media/{CAMERA}", params={"from": str(at(20)), "to": str(at(60))}) as response,
        ):
            return response.status, await response.json()

    assert run(ask()) == (
        404, {"code": "not_recorded", "reason": "Không có hình được ghi vào lúc này.", "next": at(32)}
    )  # fmt: skip


def test_the_file_that_is_being_written_plays_too(recorded):
    async def ask():
        async with node_client(recorded) as client:
            return await get(client, f"/v1/media/{CAMERA}", **{"from": at(38), "to": at(60)})

    status, headers, body = run(ask())
    assert (status, int(headers["X-Start"])) == (200, at(38))
    assert decoded_count(body) == 30


def test_a_snapshot_is_the_frame_of_that_instant(recorded):
    async def ask():
        async with node_client(recorded) as client:
            return await get(client, f"/v1/snapshot/{CAMERA}", at=at(5.5))

    status, headers, body = run(ask())
    assert (status, headers["Content-Type"]) == (200, "image/jpeg"), body.decode()
    assert 0 <= at(5.5) - int(headers["X-At"]) <= FRAME_US
    from PIL import Image

    picture = Image.open(io.BytesIO(body))
    assert picture.size == (640, 360)
    number = round((int(headers["X-At"]) - START) / FRAME_US) % 60  # the clip repeats after 60 frames
    assert abs(picture.getpixel((40, 130))[0] - (number % 16) * 16) <= 6


def test_a_clip_plan_names_sources_marks_and_gaps_and_its_pieces_play(recorded):
    async def ask():
        async with node_client(recorded) as client:
            window = {"from": str(at(5)), "to": str(at(34))}
            async with client.get(f"/v1/clip/{CAMERA}", params=window) as response:
                plan = await response.json()
            return plan, [(await get(client, f"/v1/clip/{CAMERA}/{n}", **window))[2] for n in range(2)]

    plan, bodies = run(ask())
    first, second = plan["pieces"]
    assert (first["start"], first["mark_in"], [s["number"] for s in first["sources"]]) == (at(4), at(5), [1, 2])
    assert (second["start"], second["mark_in"], second["mark_out"]) == (at(32), at(32), at(34))
    assert [len(source["sha256"]) for source in first["sources"]] == [64, 64]
    assert [gap["reason"] for gap in plan["gaps"]] == ["connection"]
    assert [decoded_count(body) for body in bodies] == [120, 30]


def test_a_clip_takes_closed_files_only_and_says_up_to_when_they_reach(recorded):
    async def ask():
        async with (
            node_client(recorded) as client,
            client.get(f"/v1/clip/{CAMERA}", params={"from": str(at(33)), "to": str(at(39))}) as response,
        ):
            return await response.json()

    plan = run(ask())
    assert [s["number"] for piece in plan["pieces"] for s in piece["sources"]] == [3]
    assert abs(plan["complete_until"] - at(36)) <= FRAME_US


@pytest.mark.parametrize("query", [{"from": "x", "to": "1"}, {"from": "5", "to": "5"}, {"from": "1"}, {}])
def test_a_malformed_window_is_refused_with_a_sentence(recorded, query):
    async def ask():
        async with node_client(recorded) as client, client.get(f"/v1/media/{CAMERA}", params=query) as response:
            return response.status, (await response.json())["code"]

    assert run(ask()) == (400, "bad_request")


def test_a_file_that_retention_removed_is_left_out(recorded):
    for path in (recorded / "store" / CAMERA).rglob("*-000002.mp4"):
        path.unlink()

    async def ask():
        async with node_client(recorded) as client:
            return await get(client, f"/v1/media/{CAMERA}", **{"from": at(0), "to": at(60), "length": 60})

    _, headers, _ = run(ask())
    assert abs(int(headers["X-End"]) - at(8)) <= FRAME_US
    assert int(headers["X-Next"]) == at(32)


def test_a_clip_plan_tells_the_measured_clock_of_the_camera(recorded):
    folder = recorded / "run"
    folder.mkdir()
    (folder / "status-0.json").write_text("{half")
    statuses = [{"camera": "CAM-009", "clock_offset_us": 5}, {"camera": CAMERA, "clock_offset_us": -63_451}]
    (folder / "status-1.json").write_text(json.dumps({"cameras": statuses}))

    async def ask(camera):
        async with (
            node_client(recorded) as client,
            client.get(f"/v1/clip/{camera}", params={"from": str(at(0)), "to": str(at(1))}) as response,
        ):
            return (await response.json())["clock_offset_us"]

    assert [run(ask(camera)) for camera in (CAMERA, "CAM-002")] == [-63_451, None]


def test_a_piece_that_is_not_in_the_plan_is_a_404(recorded):
    async def ask():
        async with node_client(recorded) as client:
            return await get(client, f"/v1/clip/{CAMERA}/7", **{"from": at(0), "to": at(9)})

    assert run(ask())[0] == 404


def test_a_camera_code_that_is_none_is_refused(recorded):
    async def ask():
        async with node_client(recorded) as client:
            return await get(client, "/v1/snapshot/..%2Fstore", at=at(1))

    assert run(ask())[0] == 400
