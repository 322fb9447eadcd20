"""The live node over real sockets, from the recorder's feed to a viewer."""

import asyncio
import io
import json
import re

import aiohttp
import av
import pytest

from binhyen.media.live import feeds, live_routes
from binhyen.media.live.tests.node import Recorder, collect, node_client, recorder
from binhyen.media.testcam.faults import Fault
from binhyen.media.testcam.server import TestCameraServer

CAMERA = "CAM-001"


def frames(messages):
    return [m for m in messages if isinstance(m, tuple) and m[0] > 0]


def decoded_count(mp4: bytes) -> int:
    with av.open(io.BytesIO(mp4)) as container:
        return sum(1 for _ in container.decode(video=0))


async def watch(client, enough, *, code=CAMERA, stream="main"):
    async with client.ws_connect(f"/v1/live/{code}?stream={stream}", max_msg_size=0) as socket:
        return await collect(socket, enough)


def test_a_viewer_gets_pictures_that_decode(tmp_path, street):
    async def look():
        async with recorder(tmp_path, {CAMERA: street}), node_client(tmp_path) as client:
            return await watch(client, lambda m: len(frames(m)) >= 20)

    messages = asyncio.run(look())
    assert messages[0]["mime"] == 'video/mp4; codecs="avc1.42c016"'
    assert decoded_count(b"".join(m[2] for m in messages[1:])) == len(frames(messages))


def test_the_second_viewer_starts_at_once_with_the_group_in_hand(tmp_path, street):
    async def look():
        async with (
            recorder(tmp_path, {CAMERA: street}),
            node_client(tmp_path) as client,
            client.ws_connect(f"/v1/live/{CAMERA}", max_msg_size=0) as first,
        ):
            await collect(first, lambda m: len(frames(m)) >= 10)
            started = asyncio.get_running_loop().time()
            await watch(client, lambda m: len(frames(m)) >= 1)
            return asyncio.get_running_loop().time() - started

    assert asyncio.run(look()) < 0.5


def test_twenty_viewers_are_one_watcher_to_the_recorder(tmp_path, street):
    async def look():
        async with recorder(tmp_path, {CAMERA: street}) as running, node_client(tmp_path) as client:
            looks = [asyncio.create_task(watch(client, lambda m: len(frames(m)) >= 20)) for _ in range(20)]
            counts = [len(frames(messages)) for messages in await asyncio.gather(*looks)]
            watchers = len(running.feed._watchers(CAMERA))
            return counts, watchers

    counts, watchers = asyncio.run(look())
    assert (min(counts) >= 20, watchers) == (True, 1)


def test_the_recorder_is_let_go_after_the_last_viewer(tmp_path, street, monkeypatch):
    monkeypatch.setattr(feeds.Channels.__init__, "__kwdefaults__", {"linger_s": 0.05})

    async def look():
        async with recorder(tmp_path, {CAMERA: street}) as running, node_client(tmp_path) as client:
            await watch(client, lambda m: len(frames(m)) >= 1)
            async with asyncio.timeout(5):
                while running.cameras[CAMERA].watched:
                    await asyncio.sleep(0.02)

    asyncio.run(look())


def test_a_page_that_reloads_finds_its_channel_warm(tmp_path, street, monkeypatch):
    monkeypatch.setattr(feeds.Channels.__init__, "__kwdefaults__", {"linger_s": 0.3})

    async def look():
        async with recorder(tmp_path, {CAMERA: street}) as running, node_client(tmp_path) as client:
            for _ in range(3):
                await watch(client, lambda m: len(frames(m)) >= 1)
                await asyncio.sleep(0.15)
            return running.wishes

    assert asyncio.run(look()) == [CAMERA]


def test_a_camera_that_shows_pictures_is_not_asked_for_again(tmp_path, street, monkeypatch):
    monkeypatch.setattr(feeds, "REWATCH_S", 0.05)

    async def look():
        async with recorder(tmp_path, {CAMERA: street}) as running, node_client(tmp_path) as client:
            await watch(client, lambda m: len(frames(m)) >= 10)
            return running.wishes

    assert asyncio.run(look()) == [CAMERA]


def test_what_a_viewer_says_changes_nothing(tmp_path, street):
    async def look():
        async with (
            recorder(tmp_path, {CAMERA: street}),
            node_client(tmp_path) as client,
            client.ws_connect(f"/v1/live/{CAMERA}", max_msg_size=0) as socket,
        ):
            await collect(socket, lambda m: len(frames(m)) >= 1)
            await socket.send_str("xin chào")
            return await collect(socket, lambda m: len(frames(m)) >= 10)

    assert len(frames(asyncio.run(look()))) >= 10


def test_without_a_recorder_the_viewer_is_told_and_served_when_it_comes(tmp_path, street, monkeypatch):
    monkeypatch.setattr(feeds, "REWATCH_S", 0.1)

    async def look():
        async with node_client(tmp_path) as client, client.ws_connect(f"/v1/live/{CAMERA}", max_msg_size=0) as socket:
            first = await collect(socket, lambda m: len(m) == 1)
            async with recorder(tmp_path, {CAMERA: street}):
                return first, await collect(socket, lambda m: len(frames(m)) >= 3)

    first, later = asyncio.run(look())
    assert first[0]["code"] == "no_recorder"
    assert len(frames(later)) >= 3


def test_a_camera_that_the_recorder_gets_later_appears_by_itself(tmp_path, street, monkeypatch):
    monkeypatch.setattr(feeds, "REWATCH_S", 0.1)

    async def look():
        async with (
            recorder(tmp_path, {"CAM-002": street}) as running,
            node_client(tmp_path) as client,
            client.ws_connect(f"/v1/live/{CAMERA}", max_msg_size=0) as socket,
        ):
            first = await collect(socket, lambda m: len(m) == 1)
            running.cameras[CAMERA] = running.cameras["CAM-002"]
            running.cameras[CAMERA]._publish = lambda unit: running.feed.unit(CAMERA, unit)
            return first, await collect(socket, lambda m: len(frames(m)) >= 3)

    first, later = asyncio.run(look())
    assert first == [{"error": "Máy ghi không có camera này", "code": "no_picture"}]
    assert len(frames(later)) >= 3


def test_of_two_shards_the_one_with_the_camera_delivers(tmp_path, street, small):
    async def look():
        async with (
            recorder(tmp_path, {CAMERA: street}, 0),
            recorder(tmp_path, {"CAM-002": small}, 1),
            node_client(tmp_path) as client,
        ):
            return await watch(client, lambda m: len(frames(m)) >= 3, code="CAM-002")

    messages = asyncio.run(look())
    assert [m["width"] for m in messages if isinstance(m, dict)] == [320]


def test_a_recorder_that_dies_is_told_to_the_viewer(tmp_path, street):
    async def look():
        running = Recorder(tmp_path, {CAMERA: street})
        async with node_client(tmp_path) as client:
            socket = await client.ws_connect(f"/v1/live/{CAMERA}", max_msg_size=0)
            await collect(socket, lambda m: len(frames(m)) >= 3)
            await running.stop()
            told = await collect(socket, lambda m: any(isinstance(each, dict) for each in m))
            await socket.close()
            return told[-1]

    assert asyncio.run(look()) == {"error": "Mất kết nối với máy ghi", "code": "no_picture"}


def test_hls_is_served_in_parts_that_decode(tmp_path, street):
    async def get(client, path):
        async with client.get(f"/v1/hls/{CAMERA}/main/{path}") as response:
            return response.status, await response.read()

    async def look():
        async with recorder(tmp_path, {CAMERA: street}), node_client(tmp_path) as client:
            _, playlist = await get(client, "live.m3u8")
            _, later = await get(client, "live.m3u8?_HLS_msn=0&_HLS_part=4")
            parts = re.findall(rb"part-0-\d+\.m4s", later)[:4]
            body = (await get(client, "init-1.mp4"))[1]
            for part in parts:
                body += (await get(client, part.decode()))[1]
            missing = [(await get(client, path))[0] for path in ("segment-9999.m4s", "init-77.mp4", "part-0.m4s")]
            return playlist, body, missing

    playlist, body, missing = asyncio.run(look())
    assert playlist.startswith(b"#EXTM3U")
    assert decoded_count(body) == 20
    assert missing == [404, 404, 404]


def test_hls_of_a_camera_without_pictures_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("binhyen.media.live.hls.WAIT_S", 0.1)

    async def look():
        async with node_client(tmp_path) as client, client.get(f"/v1/hls/{CAMERA}/main/live.m3u8") as response:
            return response.status, await response.json()

    assert asyncio.run(look()) == (503, {"code": "no_picture", "reason": "Camera chưa có hình."})


def test_hls_that_nobody_asks_for_any_more_lets_the_recorder_go(tmp_path, street, monkeypatch):
    monkeypatch.setattr(live_routes, "HLS_IDLE_S", 1.0)
    monkeypatch.setattr(feeds.Channels.__init__, "__kwdefaults__", {"linger_s": 0.05})

    async def look():
        async with recorder(tmp_path, {CAMERA: street}) as running, node_client(tmp_path) as client:
            for _ in range(3):
                async with client.get(f"/v1/hls/{CAMERA}/main/live.m3u8") as response:
                    await response.read()
                await asyncio.sleep(0.2)
            watched = running.cameras[CAMERA].watched
            async with asyncio.timeout(5):
                while running.cameras[CAMERA].watched:
                    await asyncio.sleep(0.02)
            return watched

    assert asyncio.run(look())


@pytest.mark.parametrize(
    "path",
    ["/v1/live/..", "/v1/live/CAM-001?stream=third", "/v1/hls/CAM-001/other/live.m3u8", "/v1/live/cam 1",
     "/v1/hls/CAM-001/main/live.m3u8?_HLS_msn=x"],
)  # fmt: skip
def test_what_is_no_camera_stream_or_number_is_refused(tmp_path, path):
    async def look():
        async with node_client(tmp_path) as client, client.get(path) as response:
            return response.status

    assert asyncio.run(look()) in (400, 404)


def test_status_is_what_the_recorders_wrote(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "status-0.json").write_text(json.dumps({"cameras": [{"camera": CAMERA, "state": "recording"}]}))
    (run / "status-1.json").write_text(json.dumps({"statuses": [{"camera": "CAM-002", "state": "silent"}]}))
    (run / "status-2.json").write_text("{half")

    async def ask():
        async with node_client(tmp_path) as client, client.get("/v1/status") as response:
            return await response.json()

    assert [each["camera"] for each in asyncio.run(ask())["cameras"]] == [CAMERA, "CAM-002"]


def test_stopping_the_node_ends_every_look(tmp_path, street):
    async def look():
        running = Recorder(tmp_path, {CAMERA: street})
        async with node_client(tmp_path) as client:
            socket = await client.ws_connect(f"/v1/live/{CAMERA}", max_msg_size=0)
            await collect(socket, lambda m: len(frames(m)) >= 1)
            waiting = asyncio.create_task(collect(socket, lambda m: False, 5))
            await asyncio.sleep(0.1)
        await waiting
        await running.stop()
        return socket.close_code

    assert asyncio.run(look()) in (aiohttp.WSCloseCode.GOING_AWAY, aiohttp.WSCloseCode.ABNORMAL_CLOSURE)


def spec_of(tmp_path, **camera):
    spool = tmp_path / "spool"
    spool.mkdir(exist_ok=True)
    (spool / "spec-0.json").write_text(json.dumps({"cameras": [{"code": CAMERA, "url": "rtsp://x/", **camera}]}))


def test_a_sub_stream_is_connected_while_somebody_looks(tmp_path, street, small, monkeypatch):
    monkeypatch.setattr(feeds.Channels.__init__, "__kwdefaults__", {"linger_s": 0.05})
    with TestCameraServer(user="xem", password="mật khẩu", auth="digest") as cameras:
        cameras.add("cam", street, sub=small)
        spec_of(tmp_path, sub_url=cameras.sub_url("cam"))

        async def look():
            async with node_client(tmp_path) as client:
                messages = await watch(client, lambda m: len(frames(m)) >= 10, stream="sub")
                async with asyncio.timeout(5):
                    while cameras.readers("cam"):
                        await asyncio.sleep(0.05)
                return messages

        messages = asyncio.run(look())
    assert messages[0]["width"] == 320
    assert decoded_count(b"".join(m[2] for m in messages[1:])) >= 10


def test_a_sub_stream_that_breaks_is_told_and_comes_back(tmp_path, street, small):
    with TestCameraServer() as cameras:
        cameras.add("cam", street, sub=small)
        spec_of(tmp_path, sub_url=cameras.sub_url("cam"))

        async def look():
            async with (
                node_client(tmp_path) as client,
                client.ws_connect(f"/v1/live/{CAMERA}?stream=sub", max_msg_size=0) as socket,
            ):
                await collect(socket, lambda m: len(frames(m)) >= 3)
                cameras.cut("cam")
                told = await collect(socket, lambda m: any(isinstance(each, dict) for each in m))
                return told[-1], await collect(socket, lambda m: len(frames(m)) >= 3)

        told, later = asyncio.run(look())
    assert told["code"] == "no_picture"
    assert len(frames(later)) >= 3


def test_a_silent_sub_stream_is_hung_up_on(tmp_path, street, small, monkeypatch):
    monkeypatch.setattr("binhyen.media.live.sub_stream.SILENT_AFTER_US", 2_000_000)
    with TestCameraServer() as cameras:
        cameras.add("cam", street, sub=small)
        spec_of(tmp_path, sub_url=cameras.sub_url("cam"))

        async def look():
            async with (
                node_client(tmp_path) as client,
                client.ws_connect(f"/v1/live/{CAMERA}?stream=sub", max_msg_size=0) as socket,
            ):
                await collect(socket, lambda m: len(frames(m)) >= 3)
                cameras.set_fault("cam", Fault.SILENT)
                return (await collect(socket, lambda m: any(isinstance(each, dict) for each in m)))[-1]

        told = asyncio.run(look())
    assert told["error"] == "Camera có kết nối nhưng không gửi luồng phụ."


def test_a_camera_without_a_sub_stream_says_so_to_each_who_asks(tmp_path, monkeypatch):
    monkeypatch.setattr(feeds.Channels.__init__, "__kwdefaults__", {"linger_s": 0.0})
    spec_of(tmp_path)

    async def look():
        async with node_client(tmp_path) as client:
            told = await watch(client, lambda m: len(m) == 1, stream="sub")
            await asyncio.sleep(0.05)
            return told + await watch(client, lambda m: len(m) == 1, stream="sub")

    assert asyncio.run(look()) == [{"error": "Camera này không có luồng phụ.", "code": "no_sub_stream"}] * 2


def test_a_sub_stream_whose_address_the_centre_takes_away_ends(tmp_path, street, small):
    with TestCameraServer() as cameras:
        cameras.add("cam", street, sub=small)
        spec_of(tmp_path, sub_url=cameras.sub_url("cam"))

        async def look():
            async with (
                node_client(tmp_path) as client,
                client.ws_connect(f"/v1/live/{CAMERA}?stream=sub", max_msg_size=0) as socket,
            ):
                await collect(socket, lambda m: len(frames(m)) >= 3)
                spec_of(tmp_path)
                return (await collect(socket, lambda m: any(isinstance(each, dict) for each in m)))[-1]

        assert asyncio.run(look())["code"] == "no_sub_stream"


def test_a_sub_stream_with_an_address_that_is_none_is_told(tmp_path):
    spec_of(tmp_path, sub_url="http://camera/")

    async def look():
        async with node_client(tmp_path) as client:
            return await watch(client, lambda m: len(m) == 1, stream="sub")

    assert "RTSP" in asyncio.run(look())[0]["error"]
