import json

import pytest

from binhyen.supervisor.folder import DataFolder
from binhyen.supervisor.recorders import is_recorder, recorder_specs, recorders_needed, share_index


@pytest.fixture
def folder(tmp_path):
    made = DataFolder(tmp_path / "data")
    made.spool.mkdir(parents=True)
    made.store.mkdir()
    return made


def _hear_of(folder, cameras):
    (folder.spool / "spec-0.json").write_text(json.dumps({"cameras": [{}] * cameras}))


@pytest.mark.parametrize(("cameras", "recorders"), [(0, 1), (1, 1), (300, 1), (301, 2), (1621, 6)])
def test_a_recorder_for_every_300_cameras(folder, cameras, recorders):
    _hear_of(folder, cameras)
    assert recorders_needed(folder) == recorders


def test_one_where_nothing_or_nonsense_was_heard_and_never_fewer_than_keep_an_index(folder):
    assert recorders_needed(folder) == 1
    (folder.spool / "spec-0.json").write_text("{")
    assert recorders_needed(folder) == 1
    for shard in range(3):
        (folder.store / f"index-{shard}.sqlite3").touch()
    assert recorders_needed(folder) == 3


def test_each_recorder_has_its_share_its_name_and_its_log(folder):
    specs = recorder_specs(folder, 3, {"BINHYEN_CENTRE_URL": "http://127.0.0.1:1"})
    assert [(each.name, each.log.name, each.command[-1]) for each in specs] == [
        ("record", "record.log", "1/3"),
        ("record-2", "record-2.log", "2/3"),
        ("record-3", "record-3.log", "3/3"),
    ]
    assert all(is_recorder(each.name) for each in specs)
    assert not is_recorder("live")


def test_one_recorder_has_nothing_to_share(folder):
    assert share_index(folder, 1) == ""
