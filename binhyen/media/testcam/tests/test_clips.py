"""Files that are played: H.264 and H.265 in whatever container, and a sentence for each that cannot be."""

import subprocess

import imageio_ffmpeg
import pytest

from binhyen.media.packets import Codec
from binhyen.media.testcam import read_clip
from binhyen.media.testcam.clip import ClipError, coding_of, nal_type
from binhyen.media.testcam.library import load_folder

PICTURE = "testsrc=s=160x128:r=10:d=1"
SOUND = "sine=d=1"


def made(path, *options, source=PICTURE):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", source, *options, str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


def coded(encoder, *more):
    return ("-c:v", encoder, "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "5", "-bf", "0", *more)


@pytest.mark.parametrize(
    ("encoder", "ending", "codec"),
    [
        ("libx264", "mp4", Codec.H264),
        ("libx264", "ts", Codec.H264),
        ("libx265", "mkv", Codec.H265),
        ("libx265", "ts", Codec.H265),
    ],
)
def test_a_clip_is_the_same_pictures_whatever_holds_it(tmp_path, encoder, ending, codec):
    clip = read_clip(made(tmp_path / f"a.{ending}", *coded(encoder)))
    assert (clip.codec, clip.width, clip.height, len(clip.frames)) == (codec, 160, 128, 10)
    assert [(frame.dts, frame.key) for frame in clip.frames] == [(9000 * n, n % 5 == 0) for n in range(10)]
    kinds = {nal_type(codec, nal) for frame in clip.frames for nal in frame.nals}
    sets = {nal_type(codec, nal) for nal in clip.parameter_sets}
    assert sets == ({7, 8} if codec is Codec.H264 else {32, 33, 34})
    assert kinds & (sets | {9, 35}) == set()


def test_the_pictures_of_a_stream_with_start_codes_are_those_of_a_file_with_lengths(tmp_path):
    whole = made(tmp_path / "a.mp4", *coded("libx264"))
    again = tmp_path / "a.ts"
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", whole, "-c", "copy", again], check=True)
    lengths, codes = read_clip(whole), read_clip(again)
    assert [each.nals[-1] for each in codes.frames] == [each.nals[-1] for each in lengths.frames]


@pytest.mark.parametrize(
    ("name", "options", "source", "words"),
    [
        ("chỉ có tiếng.m4a", (), SOUND, "không có hình"),
        ("mã khác.avi", ("-c:v", "mpeg4"), PICTURE, "dùng mã mpeg4; cần H.264 hoặc H.265"),
        ("một hình.mp4", (*coded("libx264"), "-frames:v", "1"), PICTURE, "không có khung hình nào phát được"),
    ],
)
def test_what_cannot_be_played_is_named_with_the_reason(tmp_path, name, options, source, words):
    with pytest.raises(ClipError, match=f"Clip {name} {words}"):
        read_clip(made(tmp_path / name, *options, source=source))


def test_the_coding_of_a_file_without_picture_is_nothing(tmp_path):
    assert coding_of(made(tmp_path / "a.m4a", source=SOUND)) == ""
    assert coding_of(made(tmp_path / "a.ts", *coded("libx265"))) == "hevc"


def test_a_file_that_cannot_be_converted_is_said_and_leaves_nothing_behind(tmp_path):
    folder, said = tmp_path / "clips", []
    folder.mkdir()
    made(tmp_path / "a.m4a", source=SOUND).rename(folder / "tiếng.mp4")
    assert load_folder(folder, tmp_path / "cache", say=said.append) == []
    assert [sentence.split(":")[0] for sentence in said] == [
        "Đang chuyển mã tiếng.mp4…",
        "Không chuyển mã được tiếng.mp4",
    ]
    assert list((tmp_path / "cache").iterdir()) == []
