import pytest

from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.packets import Codec
from binhyen.media.probe import ProbeReport, probe
from binhyen.media.sources import AddressPolicy
from binhyen.media.sources.av.tests.test_av_source import POLICY, clip
from binhyen.media.sources.rtsp.tests.scripted import LOOPBACK, ScriptedCamera, answer


@pytest.mark.parametrize("codec", Codec)
def test_a_camera_is_described(codec):
    stream = encoded(codec, frames=50)
    with ScriptedCamera(stream) as camera:
        report = probe(camera.url(secret="admin:s3cret@"), address_policy=LOOPBACK)
    assert (report.what, report.error) == (f"rtsp://***@127.0.0.1:{camera.port}/stream", "")
    assert (report.codec, report.mime, report.width, report.height) == (codec.value, stream.sets.mime, 98, 66)
    mean_bits = sum(unit.size for unit in stream.units()[:46]) * 8 * 15 / 46
    assert (report.fps, abs(report.bits_per_second / mean_bits - 1) < 0.1) == (15.0, True)


def test_a_file_shorter_than_the_sample_is_described(tmp_path):
    path, _ = clip(tmp_path)
    report = probe(f"file://{path}", address_policy=POLICY)
    assert (report.fps, report.width, report.error) == (15.0, 98, "")


def test_one_picture_has_no_rate(tmp_path):
    path, _ = clip(tmp_path, frames=1)
    report = probe(f"file://{path}", address_policy=POLICY)
    assert (report.fps, report.bits_per_second, report.error) == (0.0, 0, "")


def test_a_camera_that_sends_no_picture_is_named():
    with ScriptedCamera(encoded(), media=b"") as camera:
        report = probe(camera.url(), timeout_s=0.6, address_policy=LOOPBACK)
    assert report.error.startswith("Camera nhận kết nối nhưng không gửi hình")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("rtsp://127.0.0.1/", "chính máy chủ này"),
        ("nothing", "không đúng dạng"),
        ("file:///etc/passwd", "Không mở tệp"),
    ],
)
def test_what_cannot_be_probed_is_named(url, words):
    report = probe(url, timeout_s=3, address_policy=AddressPolicy())
    assert (words in report.error, report.codec) == (True, ""), report


def test_an_error_of_the_camera_is_in_the_report():
    with ScriptedCamera(encoded(), DESCRIBE=answer("404 Not Found")) as camera:
        assert "404" in probe(camera.url(), address_policy=LOOPBACK).error
    assert probe("rtsp://u:p@/").what == "rtsp://***@/"
    assert ProbeReport("x").error == ""
