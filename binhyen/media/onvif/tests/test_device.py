"""What a camera is asked and what is understood of it: profiles S and T, clocks, passwords that prove themselves."""

import time

import pytest

from binhyen.contracts import SECOND
from binhyen.contracts.devices import DeviceLogin
from binhyen.media.onvif.errors import OnvifNotAuthorised
from binhyen.media.onvif.testing import OnvifCameras
from binhyen.media.onvif.tests.conftest import PASSWORD, a_double, ask, login
from binhyen.media.onvif.transport import at_same_host, device_url
from binhyen.media.sources.errors import MalformedUrl


@pytest.mark.parametrize("media2", [True, False], ids=["profile T", "profile S"])
@pytest.mark.parametrize("http_digest", [True, False], ids=["HTTP digest", "UsernameToken"])
def test_a_camera_says_what_it_is_and_where_its_streams_are(media2, http_digest):
    camera = a_double(media2=media2, http_digest=http_digest, maker="Hãng <A&B>")
    with OnvifCameras(camera):
        told = ask(camera, lambda asked: asked.describe())
    assert (told.maker, told.model, told.firmware, told.serial) == ("Hãng <A&B>", "Double 1", "1.0", "0001")
    main, sub = told.profiles
    assert (main.name, main.codec, main.width, main.height) == ("Luồng chính", "H264", 1920, 1080)
    assert (main.frames_per_second, main.kilobits_per_second) == (15.0, 2048)
    assert sub.stream_url == "rtsp://127.0.0.1:8554/gate/sub"
    assert main.snapshot_url == f"{camera.address}/picture?profile=main"
    assert abs(told.clock_offset_us) < 2 * SECOND


@pytest.mark.parametrize("days", [-400, 2])
def test_a_camera_whose_clock_is_wrong_still_believes_us_and_is_told_the_time(days):
    camera = a_double(clock_offset_us=days * 86_400 * SECOND, clock_source="NTP")
    with OnvifCameras(camera):
        told = ask(camera, lambda asked: asked.describe())
        assert (round(told.clock_offset_us / SECOND / 86_400), told.clock_source) == (days, "NTP")
        report = ask(camera, lambda asked: asked.set_time())
    assert round(report.before_us / SECOND / 86_400) == days
    assert abs(report.after_us) < 2 * SECOND


def test_a_picture_is_fetched_with_digest(double):
    assert ask(double, lambda asked: asked.picture(f"{double.address}/picture")) == double.picture


@pytest.mark.parametrize("http_digest", [True, False])
@pytest.mark.parametrize("who", [("admin", "sai"), ("admin", ""), ("ai", PASSWORD), ("", "")])
def test_a_wrong_password_is_a_sentence(http_digest, who):
    camera = a_double(http_digest=http_digest)
    with OnvifCameras(camera), pytest.raises(OnvifNotAuthorised, match="không nhận tài khoản hoặc mật khẩu"):
        ask(camera, lambda asked: asked.describe(), who=login(camera, *who))


def test_each_message_is_signed_anew(double):
    ask(double, lambda asked: asked.describe())
    assert len(double.guard.seen) == double.asked.count("GetStreamUri") + 4 + double.asked.count("GetSnapshotUri") - 1


def test_a_host_alone_is_an_address():
    assert str(device_url("10.1.2.3")) == "http://10.1.2.3/onvif/device_service"
    assert str(device_url("10.1.2.3:8000")) == "http://10.1.2.3:8000/onvif/device_service"
    assert str(device_url("https://cam.vn/x")) == "https://cam.vn/x"
    for wrong in ("ftp://10.1.2.3/", "http://u:p@10.1.2.3/", "http://", "http://[::1", "http://a:99999/"):
        with pytest.raises(MalformedUrl):
            device_url(wrong)


def test_a_camera_behind_another_address_is_reached_where_it_was_found():
    device = device_url("http://10.1.2.3:8080/onvif/device_service")
    assert str(at_same_host("http://192.168.0.5/onvif/media?x=1", device)) == "http://10.1.2.3:8080/onvif/media?x=1"
    assert str(at_same_host("http://10.1.2.3:81/onvif/media", device)) == "http://10.1.2.3:81/onvif/media"


def test_a_camera_that_is_asked_costs_little(double):
    began = time.process_time()
    for _ in range(20):
        ask(double, lambda asked: asked.describe())
    assert time.process_time() - began < 5


def test_S08_no_repr_shows_a_password(double):
    who = DeviceLogin("http://10.0.0.1/", "chủ", PASSWORD)
    assert PASSWORD not in repr(who)
    assert "chủ" not in repr(who)
