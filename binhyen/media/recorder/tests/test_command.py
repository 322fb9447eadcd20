"""`binhyen record` and `binhyen store rebuild` as a person starts them; F10: what is refused, and how."""

import subprocess
import sys

import pytest

from binhyen.__main__ import main
from binhyen.contracts import SystemClock
from binhyen.media.playback.shelf import Shelf
from binhyen.media.recorder.tests.conftest import clip_of
from binhyen.media.store.tests.film import film


def binhyen(*arguments):
    """Exit status and what was said on standard error."""
    command = [sys.executable, "-m", "binhyen", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    return done.returncode, done.stderr.strip()


def test_F10_a_second_recorder_on_the_same_folder_refuses_and_touches_nothing(cameras, recorder):
    cameras.add("a", clip_of(film(group=5)))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    spec = running.data.parent / "spec.json"
    code, said = binhyen("record", "--data", running.data, "--spec", spec)
    assert code == 1
    assert said == (
        f"Thư mục dữ liệu {running.data} đang được một tiến trình ghi hình khác dùng (pid {running.process.pid})."
        " Hãy dừng tiến trình đó hoặc chọn thư mục khác."
    )
    assert running.state("CAM-01") == "recording"
    code, said = binhyen("store", "rebuild", "--data", running.data)
    assert (code, said) == (
        1,
        f"Đang có tiến trình ghi hình dùng {running.data}. Hãy dừng nó rồi dựng lại chỉ mục.",
    )
    assert running.end() == 0


def test_F10_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "spec.json").write_text('{"cameras": []}')
    (tmp_path / "file").write_text("")
    code, said = binhyen("record", "--data", tmp_path / "file" / "data", "--spec", tmp_path / "spec.json")
    assert (code, str(tmp_path / "file") in said, "Traceback" in said) == (1, True, False)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ('{"cameras": [{"code": "x", "url": ""}]}', "$.cameras[0]"),
        ('{"cams": []}', "$.cams"),
        ("{", "không phải JSON"),
    ],
)
def test_a_list_of_cameras_that_is_wrong_is_refused_with_the_place(tmp_path, spec, expected):
    (tmp_path / "spec.json").write_text(spec)
    code, said = binhyen("record", "--data", tmp_path / "data", "--spec", tmp_path / "spec.json")
    assert (code, expected in said, "Traceback" in said) == (1, True, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("record",),
        ("record", "--centre", "not an address", "--data", "DATA"),
        ("record", "--centre", "http://127.0.0.1:1", "--data", "DATA"),
        ("store", "rebuild", "--data", "DATA"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(tmp_path, arguments, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = [str(tmp_path / "data") if each == "DATA" else each for each in arguments]
    assert main(list(arguments)) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("shard", ["0/2", "3/2", "x", "1/0"])
def test_a_shard_that_makes_no_sense_is_refused(shard, capsys):
    with pytest.raises(SystemExit):
        main(["record", "--shard", shard])
    assert "không đúng dạng I/N" in capsys.readouterr().err


def test_two_shards_share_the_cameras_between_them(cameras, recorder, tmp_path):
    for n in range(4):
        cameras.add(f"c{n}", clip_of(film(group=5)))
    pairs = [(f"CAM-{n:02d}", cameras.url(f"c{n}")) for n in range(4)]
    first = recorder(*pairs, arguments=("--shard", "1/2"))
    second = recorder(*pairs, arguments=("--shard", "2/2"))
    second.shard = 1
    for code, _ in pairs:
        (first if code in first.mine(2) else second).wait_for(code, "recording")
    assert sorted([*first.statuses(), *second.statuses()]) == [code for code, _ in pairs]
    assert (first.end(), second.end()) == (0, 0)
    assert main(["store", "rebuild", "--data", str(tmp_path / "data")]) == 0
    assert {row.camera for row in first.index().find_segments()} == first.mine(2) & {code for code, _ in pairs}


def test_a_store_is_rebuilt_from_the_command_line(cameras, recorder, capsys):
    cameras.add("a", clip_of(film(group=5)))
    running = recorder(("CAM-01", cameras.url("a")))
    running.wait_for("CAM-01", "recording")
    running.end()
    before = running.segments("CAM-01")
    (running.data / "store" / "index-0.sqlite3").unlink()
    assert main(["store", "rebuild", "--data", str(running.data)]) == 0
    assert running.segments("CAM-01") == before
    assert f"{len(before)} đoạn hình, sửa 0, không đọc được 0" in capsys.readouterr().out  # two where a minute ended


def test_the_index_is_shared_out_from_the_command_line_and_made_anew_where_it_is_torn(cameras, recorder, capsys):
    codes = [f"CAM-{n:02d}" for n in range(4)]
    for code in codes:
        cameras.add(code, clip_of(film(group=5)))
    running = recorder(*((code, cameras.url(code)) for code in codes))
    for code in codes:
        running.wait_for(code, "recording")
    share = ["store", "share", "--data", str(running.data), "--shards", "2"]
    assert main(share) == 1
    assert "Đang có tiến trình ghi hình dùng" in capsys.readouterr().err
    running.end()
    before = _played(running.data, codes)
    assert main(share) == 0
    second = [code for code in codes if code not in running.mine(2)]
    assert f"chuyển {len(second)} camera" in capsys.readouterr().out
    assert _played(running.data, codes) == before
    (running.data / "store" / "index-0.sqlite3").write_bytes(b"torn" * 2000)
    assert main(share) == 0
    assert _played(running.data, codes) == before


def _played(data, codes):
    """What playback finds of each camera."""
    shelf = Shelf(data / "store", SystemClock())
    try:
        return {code: shelf.segments(code, 0, 1 << 60) for code in codes}
    finally:
        shelf.close()
