import os
import subprocess
import sys

import pytest

from binhyen.supervisor.folder import DataFolder, FolderError, is_in_use, mark_restored, mark_restoring

ORDINARY_USER = 65534


def test_the_folder_is_made_with_its_parts_and_closed_to_others(tmp_path):
    folder = DataFolder(tmp_path / "by")
    with folder.open():
        assert folder.keys.stat().st_mode & 0o777 == 0o700
        assert {each.name for each in folder.root.iterdir() if each.is_dir()} == {
            "store",
            "spool",
            "blobs",
            "keys",
            "run",
            "log",
        }


def test_F10_a_folder_in_use_is_refused_by_the_name_of_who_uses_it(tmp_path):
    with DataFolder(tmp_path).open():
        assert is_in_use(tmp_path)
        with pytest.raises(FolderError, match=rf"đang được một Bình Yên khác dùng \(tiến trình {os.getpid()}\)"):
            DataFolder(tmp_path).open()
    assert not is_in_use(tmp_path)


def test_F10_a_folder_of_a_newer_layout_is_refused_and_not_touched(tmp_path):
    (tmp_path / "LAYOUT").write_text("99\n")
    with pytest.raises(FolderError, match="mới hơn"):
        DataFolder(tmp_path).open()
    assert not (tmp_path / "keys").exists()


def test_F12_a_restore_that_was_cut_off_is_not_taken_for_a_station(tmp_path):
    mark_restoring(tmp_path)
    with pytest.raises(FolderError, match="phục hồi dở dang"):
        DataFolder(tmp_path).open()
    DataFolder(tmp_path, restoring=True).open().close()
    mark_restored(tmp_path)
    DataFolder(tmp_path).open().close()


def test_F10_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "by").write_text("")
    with pytest.raises(FolderError, match="có một tệp trùng tên"):
        DataFolder(tmp_path / "by").open()


def test_F10_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    script = (
        "import os, sys; sys.path.insert(0, os.getcwd())\n"
        "from pathlib import Path; from binhyen.supervisor.folder import DataFolder, FolderError\n"
        f"{f'os.setuid({ORDINARY_USER})' if os.geteuid() == 0 else ''}\n"
        f"try: DataFolder(Path({str(closed / 'by')!r})).open()\n"
        "except FolderError as error: print(error)"
    )
    for parent in tmp_path.parents:
        if parent.owner() == closed.owner() and str(parent).startswith("/tmp/"):  # pytest's own folders
            parent.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "không có quyền" in done.stdout
    assert "--data" in done.stdout
