import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
from itertools import pairwise

import av
import imageio_ffmpeg
import pytest

from binhyen.media.testcam import Fault, TestCameraServer, read_clip
from binhyen.media.testcam.clip import ClipError
from binhyen.media.testcam.library import load_folder

SECONDS = 2


def encode(path, codec="libx264", seconds=SECONDS, size="320x240", container=None):
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        f"testsrc=s={size}:r=15:d={seconds}",
    ]
    command += [
        "-c:v",
        codec,
        "-g",
        "15",
        "-bf",
        "0",
        *(["-pix_fmt", "yuv420p"] if codec != "mpeg4" else []),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    encode(folder / "a.mp4")
    encode(folder / "b.mp4", codec="libx265", size="160x120")
    return folder


@pytest.fixture
def server(clips):
    with TestCameraServer(user="demo", password="mật khẩu", auth="digest") as running:
        running.add("h264", read_clip(clips / "a.mp4"), sub=read_clip(clips / "b.mp4"))
        yield running


def frames_of(url, count=20, transport="tcp"):
    with av.open(url, options={"rtsp_transport": transport}, timeout=10) as container:
        return [frame for frame, _ in zip(container.decode(video=0), range(count), strict=False)]


def known_times(frames):
    """FFmpeg leaves out a time now and then while it works out how the stream is coded."""
    return [frame.pts for frame in frames if frame.pts is not None]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_ffmpeg_plays_it_with_a_password(server, transport):
    shown = frames_of(server.url("h264"), transport=transport)
    assert [(frame.width, frame.height) for frame in shown] == [(320, 240)] * 20
    times = known_times(shown)
    assert len(times) > 10
    assert {(after - before) % 6000 for before, after in pairwise(times)} == {0}


def test_h265_is_played_as_the_sub_stream(server):
    assert frames_of(server.sub_url("h264"))[0].width == 160


def test_it_goes_on_over_the_end_of_its_clip(server):
    shown = frames_of(server.url("h264"), count=SECONDS * 15 + 10)
    times = known_times(shown)
    assert len(times) > SECONDS * 15
    assert times == sorted(set(times))


def test_a_wrong_password_is_refused(server):
    url = server.url("h264").replace(urllib.parse.quote("mật khẩu", safe=""), "sai")
    with pytest.raises(av.error.HTTPUnauthorizedError):
        frames_of(url)


def test_a_silent_camera_answers_and_sends_nothing(server):
    server.set_fault("h264", Fault.SILENT)
    with pytest.raises((av.error.FFmpegError, StopIteration)), av.open(server.url("h264"), timeout=1) as container:
        next(container.decode(video=0))
    server.set_fault("h264", Fault.NONE)
    assert len(frames_of(server.url("h264"), count=3)) == 3


def test_a_refusing_camera_refuses_until_it_is_healed(server):
    server.set_fault("h264", Fault.REFUSE)
    with pytest.raises(av.error.FFmpegError):
        frames_of(server.url("h264"))
    server.set_fault("h264", Fault.NONE)
    assert frames_of(server.url("h264"), count=1)


def test_what_is_no_clip_is_named(tmp_path):
    (tmp_path / "x.mp4").write_text("không phải phim")
    with pytest.raises(ClipError, match=r"x\.mp4"):
        read_clip(tmp_path / "x.mp4")


def test_a_folder_of_clips_is_played_whatever_their_coding_and_what_cannot_is_said(clips, tmp_path):
    folder = tmp_path / "f"
    folder.mkdir()
    encode(folder / "cũ.avi", codec="mpeg4")
    (folder / "hỏng.mp4").write_text("x")
    said = []
    found = load_folder(folder, tmp_path / "cache", say=said.append)
    assert [(each.title, each.main.width, str(each.main.codec)) for each in found] == [("cũ", 320, "h264")]
    assert any("hỏng.mp4" in sentence for sentence in said)
    said.clear()
    load_folder(folder, tmp_path / "cache", say=said.append)
    assert not any("chuyển mã" in sentence for sentence in said)


def test_the_command_announces_its_cameras_in_a_file_of_its_own_and_ends_on_a_signal(clips, tmp_path):
    announced = tmp_path / "cameras.json"
    command = [sys.executable, "-m", "binhyen", "testcam", "--clips", str(clips), "--count", "3", "--user", "u"]
    command += ["--cache", str(tmp_path / "cache"), "--announce", str(announced)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    give_up_at = time.monotonic() + 60
    while not announced.exists():
        assert process.poll() is None
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    cameras = json.loads(announced.read_text())["cameras"]
    assert (len(cameras), announced.stat().st_mode & 0o077) == (3, 0)
    assert frames_of(cameras[2]["url"], count=2)
    os.kill(process.pid, signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "words"), [(["--scene", "x"], "Không có cảnh"), (["--clips", "."], "Không có đoạn")]
)
def test_what_cannot_be_played_is_a_sentence(tmp_path, arguments, words):
    command = [sys.executable, "-m", "binhyen", "testcam", *arguments, "--cache", str(tmp_path / "c")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (1, True, False)
