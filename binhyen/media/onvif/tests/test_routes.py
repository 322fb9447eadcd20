"""What a node answers about cameras, asked as the centre asks."""

import asyncio

import pytest

from binhyen.contracts import dump, load
from binhyen.contracts.devices import DeviceReport, Search, SearchReport, SnapshotAsk, StreamReport
from binhyen.media.live.tests.node import node_client
from binhyen.media.onvif.testing import Misdeed, OnvifCameras
from binhyen.media.onvif.tests.conftest import PASSWORD, a_double, login


def asked(folder, name, body, *, token=True):
    async def asking():
        headers = {} if token else {"Authorization": "Bearer no"}
        async with node_client(folder) as client:
            answer = await client.post(f"/v1/devices/{name}", json=body, headers=headers)
            return answer.status, await answer.read(), answer.headers["Content-Type"]

    return asyncio.run(asking())


def report(folder, name, body, kind):
    import json

    return load(kind, json.loads(asked(folder, name, body)[1]))


def test_a_device_is_described_and_what_it_does_wrong_is_a_sentence(tmp_path):
    camera = a_double()
    with OnvifCameras(camera):
        assert len(report(tmp_path, "describe", dump(login(camera)), DeviceReport).profiles) == 2
        camera.misdeed = Misdeed.GARBAGE
        assert "không trả lời theo ONVIF" in report(tmp_path, "describe", dump(login(camera)), DeviceReport).error


def test_a_picture_is_a_jpeg_or_a_sentence(tmp_path):
    camera = a_double()
    with OnvifCameras(camera):
        wanted = SnapshotAsk(login(camera), f"{camera.address}/picture")
        status, body, kind = asked(tmp_path, "snapshot", dump(wanted))
        assert (status, body, kind) == (200, camera.picture, "image/jpeg")
        camera.picture = b"<script>alert(1)</script>"
        status, body, kind = asked(tmp_path, "snapshot", dump(wanted))
    assert (status, kind.partition(";")[0]) == (502, "application/json")
    assert b"script" not in body


def test_a_search_ends_in_time(tmp_path):
    assert report(tmp_path, "search", dump(Search(multicast=False, wait_ms=1)), SearchReport).devices == ()


@pytest.mark.parametrize("url", ["rtsp://u:mk@169.254.169.254/", "file:///etc/passwd", "rubbish"])
def test_S05_a_stream_elsewhere_is_not_looked_at(tmp_path, url):
    told = report(tmp_path, "stream", {"url": url}, StreamReport)
    assert told.error
    assert "mk" not in told.error


@pytest.mark.parametrize("body", [{"address": 1, "password": PASSWORD}, {"password": PASSWORD, "x": 1}, [PASSWORD]])
def test_S08_a_question_that_is_none_is_not_repeated(tmp_path, body, caplog):
    status, answer, _ = asked(tmp_path, "describe", body)
    assert status == 400
    assert PASSWORD not in answer.decode() + caplog.text


def test_nobody_asks_without_the_token(tmp_path):
    assert asked(tmp_path, "describe", {}, token=False)[0] == 401
