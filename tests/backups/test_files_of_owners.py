"""F12 for files that owners hand in: whole ones travel, sealed; what is still coming does not."""

from binhyen.backups.taking import _files
from binhyen.modules.footage.uploads.keeping import FOLDER


def test_F12_a_backup_brings_whole_files_along_and_no_unfinished_one(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    for name in ("a.sealed", "a-doan.sealed", "b.part"):
        (folder / name).write_bytes(b"sealed")
    assert sorted(_files(tmp_path, ())) == [f"{FOLDER}/a-doan.sealed", f"{FOLDER}/a.sealed"]
