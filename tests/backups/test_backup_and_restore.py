"""A station that works is backed up, goes on, erases something, and is brought back elsewhere."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

import binhyen as binhyen_package
from binhyen.backups.archive import open_archive
from binhyen.backups.station import started
from binhyen.supervisor.folder import DataFolder
from tests.station.running import RunningStation, binhyen, clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # stations are started, backed up and brought back
PASSPHRASE = "bốn con trâu qua cầu"


def scene(does: str, data: Path, url: str, *arguments: str) -> subprocess.Popen:
    environment = clean_environment(BINHYEN_DATA=str(data), DATABASE_URL=url, DJANGO_SETTINGS_MODULE="binhyen.settings")
    command = [sys.executable, "-W", "ignore", "-m", "tests.backups.scene", does, str(data), *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def told_by(process: subprocess.Popen) -> dict:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(out.strip().splitlines()[-1])


@dataclass
class Story:
    """What was there before, what was backed up, what was brought back."""

    home: Path
    built: dict = field(default_factory=dict)
    source: dict = field(default_factory=dict)
    restored: dict = field(default_factory=dict)
    said: dict = field(default_factory=dict)
    backup: Path = Path()
    folder: Path = Path()

    @property
    def passphrase(self) -> tuple[str, str]:
        return "--passphrase-file", str(self.home / "passphrase")


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Backed up while notes and files are written; afterwards a household withdraws, a witness and an address go."""
    told = Story(tmp_path_factory.mktemp("backup"))
    (told.home / "passphrase").write_text(PASSPHRASE + "\n")
    data, kept = told.home / "data", told.home / "kept"
    kept.mkdir()
    with RunningStation(data) as station:
        url = station.state()["database_url"]
        told.built = told_by(scene("build", data, url))
        writer = scene("write", data, url, str(told.built["case"]))
        station.wait_for((told.home / "writing").exists, 60)
        done = binhyen("backup", str(kept), "--data", str(data), "--json", *told.passphrase)
        (told.home / "enough").touch()
        assert done.returncode == 0, done.stderr
        told.backup = Path(json.loads(done.stdout)["file"])
        told.built |= told_by(writer)
        withdrawn, ended = told.built["homes"]
        told_by(scene("erase", data, url, told.built["asks"][withdrawn], ended, str(told.built["witnesses"][0])))
        told.source = told_by(scene("look", data, url))
    told.folder = told.home / "elsewhere"
    done = binhyen("restore", str(told.backup), "--data", str(told.folder), "--json", *told.passphrase)
    assert done.returncode == 0, done.stderr
    told.said = json.loads(done.stdout)
    with started(DataFolder(told.folder)) as url:
        told.restored = told_by(scene("look", told.folder, url))
    return told


def test_F12_the_rows_are_those_of_one_moment_while_others_were_being_written(story):
    before, after = story.source["rows"], story.restored["rows"]
    notes = len(after["cases.CaseNote"])
    assert 5 <= notes < story.built["written"]
    assert after["cases.CaseNote"] == before["cases.CaseNote"][:notes]
    with open_archive(story.backup) as found:
        lines, rows = found.manifest.lines, found.manifest.rows
    assert rows["cases_casenote"] == notes  # each note came with its line, or neither did
    assert after["audit.Line"][:lines] == before["audit.Line"][:lines]


def test_F12_the_chain_verifies_after(story):
    assert story.restored["breaks"] == story.said["faults"] == []
    assert len(story.restored["rows"]["audit.Line"]) == story.said["lines"]


def test_F12_files_and_held_footage_are_the_same_and_what_nothing_held_was_left_out(story):
    files = story.restored["files"]
    assert {name: story.source["files"][name] for name in files} == files
    assert "blobs/evidence/GCC-2026-AAAA-BBBB.zip" in files
    assert sum(name.startswith("blobs/evidence/load-") for name in files) >= len(
        story.restored["rows"]["cases.CaseNote"]
    )
    of_street = story.built["segments"]["CAM-CHO"]
    assert [f"store/{path}" in files for path in of_street] == [False, True]


def test_F12_erasures_are_applied_again(story):
    withdrawn, ended = story.built["homes"]
    rows = story.restored["rows"]
    assert dict(rows["footage.OwnerAsk"]) == {withdrawn: "withdrawn", ended: "approved"}
    assert [name for _, name in rows["cases.CasePerson"]] == ["Vi Thị Bình"]
    assert rows["notify.Address"] == []
    cameras = {code: (until is not None, recording) for code, until, recording in rows["cameras.Camera"]}
    assert cameras[ended] == (True, False)
    of_withdrawn, of_ended = story.built["segments"][withdrawn], story.built["segments"][ended]
    assert f"store/{of_withdrawn[1]}" not in story.restored["files"]  # nobody holds it any more
    assert f"store/{of_ended[1]}" in story.restored["files"]  # the case still does
    assert story.said["erased"] == {
        "footage.withdrawal": 1, "cameras.sharing": 1, "cases.caseperson": 1, "notify.address": 1,
    }  # fmt: skip
    assert story.said["footage_removed"] == 1


def test_F12_the_journal_beside_the_backup_names_nothing(story):
    text = (story.backup.parent / "binhyen.erasures").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [set(line) for line in lines] == [{"id", "day", "token"}] * 4 + [{"seal"}]
    withdrawn, ended = story.built["homes"]
    assert not any(word in text for word in (withdrawn, ended, "Lò Văn An", "vidu", "footage", "cameras"))


def test_F12_keys_lie_in_the_backup_under_the_passphrase_alone(story):
    with zipfile.ZipFile(story.backup) as archive:
        names, content = archive.namelist(), archive.read("keys.sealed")
    assert not [name for name in names if name.startswith(("data/keys", "keys/"))]
    vault = json.loads((story.home / "data/keys/vault.json").read_text())
    whole = story.backup.read_bytes()
    for secret in (vault["pseudonym_key"], (story.home / "data/keys/postgres-password").read_text()):
        assert secret.encode() not in content + whole
    assert (story.folder / "keys/vault.json").read_bytes() == (story.home / "data/keys/vault.json").read_bytes()
    assert (story.folder / "keys/vault.json").stat().st_mode & 0o077 == 0


def test_F12_a_household_is_readable_in_the_backup_only_with_the_key(story):
    assert "Đồng Mây".encode() not in story.backup.read_bytes()


def refused(*arguments: str) -> str:
    done = binhyen(*arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_F12_restore_only_onto_an_empty_folder(story):
    before = sorted(path.name for path in story.folder.iterdir())
    said = refused("restore", str(story.backup), "--data", str(story.folder), *story.passphrase)
    assert "không trống" in said
    assert sorted(path.name for path in story.folder.iterdir()) == before


def test_F12_a_wrong_passphrase_or_none_touches_nothing(story, tmp_path):
    (tmp_path / "other").write_text("năm con trâu qua cầu")
    said = refused(
        "restore", str(story.backup), "--data", str(tmp_path / "new"), "--passphrase-file", str(tmp_path / "other")
    )
    assert "Cụm mật khẩu không đúng" in said
    assert not (tmp_path / "new").exists()
    assert "--passphrase-file" in refused("restore", str(story.backup), "--data", str(tmp_path / "new"))


def test_F12_one_changed_byte_is_found_and_nothing_is_restored(story, tmp_path):
    content = bytearray(story.backup.read_bytes())
    content[content.index(b"packed footage")] ^= 1
    damaged = tmp_path / "damaged.binhyen-backup"
    damaged.write_bytes(content)
    assert "không khớp mã băm" in binhyen("backup", "verify", str(damaged)).stdout
    said = refused("restore", str(damaged), "--data", str(tmp_path / "new"), *story.passphrase)
    assert "không nguyên vẹn" in said
    assert not (tmp_path / "new").exists()
    damaged.write_bytes(story.backup.read_bytes()[:-100])
    assert "cắt cụt" in refused("restore", str(damaged), "--data", str(tmp_path / "new"), *story.passphrase)


def test_F12_a_journal_with_a_line_cut_out_is_not_trusted(story, tmp_path):
    lines = (story.backup.parent / "binhyen.erasures").read_text().splitlines(keepends=True)
    (tmp_path / "short").write_text("".join(lines[1:]))
    said = refused(
        "restore", str(story.backup), "--data", str(tmp_path / "new"), "--erasures", str(tmp_path / "short"),
        *story.passphrase,
    )  # fmt: skip
    assert "bị cắt" in said
    assert not (tmp_path / "new").exists()


def test_F12_verify_says_what_is_in_it_and_doctor_how_old_it_is(story):
    done = binhyen("backup", "verify", str(story.backup), *story.passphrase)
    assert done.returncode == 0
    assert "NGUYÊN VẸN" in done.stdout
    checks = json.loads(binhyen("doctor", "--data", str(story.home / "data"), "--json").stdout)["findings"]
    [backup] = [each for each in checks if each["check"] == "backup"]
    assert (backup["level"], str(story.backup) in backup["sentence"]) == ("good", True)
    [never] = [
        each
        for each in json.loads(binhyen("doctor", "--data", str(story.folder), "--json").stdout)["findings"]
        if each["check"] == "backup"
    ]
    assert never["level"] == "warning"


def test_F12_a_backup_is_refused_where_it_would_die_with_the_data(story):
    inside = story.home / "data" / "backups"
    said = refused("backup", str(inside), "--data", str(story.home / "data"), *story.passphrase)
    assert "nằm trong thư mục dữ liệu" in said
    assert "ít nhất 12" in refused_with_short_passphrase(story)


def refused_with_short_passphrase(story) -> str:
    (story.home / "short").write_text("ngắn")
    return refused(
        "backup", str(story.home / "kept"), "--data", str(story.home / "data"),
        "--passphrase-file", str(story.home / "short"),
    )  # fmt: skip


@dataclass
class Upgrade:
    """The restored folder with the schema of an earlier version, a start that failed, and one that went well."""

    folder: Path
    before: tuple = ()
    refused: str = ""
    after_refusal: tuple = ()
    after: tuple = ()
    said: str = ""
    answer: int = 0

    def dumps(self) -> list[Path]:
        return sorted((self.folder / "backups").glob("*.dump"))


def state_of(url: str) -> tuple:
    """Every migration, every note, every line, and the names of all databases."""
    with psycopg.connect(url) as connection:
        return tuple(
            connection.execute(statement).fetchall()
            for statement in (
                "SELECT app, name FROM django_migrations ORDER BY 1, 2",
                "SELECT text FROM cases_casenote ORDER BY id",
                "SELECT number, hash FROM audit_line ORDER BY number",
                "SELECT datname FROM pg_database ORDER BY 1",
            )
        )


def go_back(folder: Path, url: str) -> None:
    """Undo every step of the schema of ours that was not the first of its app, newest first."""
    kernel_and_modules = Path(binhyen_package.__file__).parent
    firsts = {
        path.parents[1].name: sorted(path.parent.glob("0*.py"))[0].stem
        for path in sorted(kernel_and_modules.glob("*/*/migrations/0002*.py"))
    }
    assert firsts
    told_by(scene("go_back", folder, url, *(f"{app}={first}" for app, first in firsts.items()), "upkeep=zero"))


@pytest.fixture(scope="module")
def upgrade(story):
    told = Upgrade(story.folder)
    with started(DataFolder(told.folder)) as url:
        go_back(told.folder, url)
        told.before = state_of(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE upkeep_erasure (in_the_way int)")
    told.refused = refused("up", "--data", str(told.folder), "--port", "0")
    with started(DataFolder(told.folder)) as url:
        told.after_refusal = state_of(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE upkeep_erasure")
    with RunningStation(told.folder) as station:
        told.answer, told.said = station.get("/suc-khoe/")[0], station.said()
        told.after = state_of(station.state()["database_url"])
    return told


def test_F11_an_older_schema_is_backed_up_and_migrated_and_nothing_is_lost(upgrade):
    assert upgrade.answer == 200
    assert "Đã sao lưu cơ sở dữ liệu trước khi nâng cấp" in upgrade.said
    assert len(upgrade.after[0]) > len(upgrade.before[0])
    assert upgrade.after[1:] == upgrade.before[1:]
    assert len(upgrade.before[1]) >= 5


def test_F11_a_step_that_fails_leaves_the_database_as_it_was(upgrade):
    assert "giữ nguyên như trước" in upgrade.refused
    assert "upkeep_erasure" in upgrade.refused
    assert upgrade.after_refusal == upgrade.before


def test_F11_a_newer_schema_is_refused_and_not_even_backed_up(upgrade):
    dumps = upgrade.dumps()
    with started(DataFolder(upgrade.folder)) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', now())")
        before = state_of(url)
    assert "cases.9999_later" in refused("up", "--data", str(upgrade.folder), "--port", "0")
    with started(DataFolder(upgrade.folder)) as url:
        assert state_of(url) == before
    assert upgrade.dumps() == dumps


def test_F11_the_backup_before_the_upgrade_can_be_brought_back(upgrade):
    dump = upgrade.dumps()[-1]
    done = binhyen("restore", str(dump), "--data", str(upgrade.folder), "--json")
    assert done.returncode == 0, done.stderr
    with started(DataFolder(upgrade.folder)) as url:
        assert state_of(url) == upgrade.before
    assert (Path(json.loads(done.stdout)["put_aside"]) / "PG_VERSION").is_file()
    with dump.open("r+b") as file:
        file.seek(2000)
        file.write(b"x")
    assert "không khớp mã băm" in refused("restore", str(dump), "--data", str(upgrade.folder))


def test_F12_a_station_that_stands_still_is_backed_up_too_and_old_backups_rotate_away(story):
    data, kept = story.home / "data", story.backup.parent
    done = binhyen("backup", str(kept), "--data", str(data), "--without-keys", "--keep", "1", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["with_keys"], told["removed"], story.backup.exists()) == (False, [str(story.backup)], False)
    listed = json.loads(binhyen("backup", "list", "--data", str(data), "--json").stdout)
    assert [each["file"] for each in listed] == [told["file"]]
    target = ("restore", told["file"], "--data", str(story.home / "third"))
    assert "Hãy thêm --keys" in refused(*target)
    assert "thiếu vault.json" in refused(*target, "--keys", str(kept))
    done = binhyen(*target, "--keys", str(data / "keys"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["erased"] == {}  # they were erased before this backup was taken
    with started(DataFolder(story.home / "third")) as url:
        rows = told_by(scene("look", story.home / "third", url))["rows"]
    assert rows["cases.CaseNote"] == story.source["rows"]["cases.CaseNote"]


def test_F12_what_is_no_backup_or_leads_out_of_the_folder_is_refused(tmp_path, story):
    target = ("--data", str(tmp_path / "new"), *story.passphrase)
    (tmp_path / "none.binhyen-backup").write_text("không phải ZIP")
    assert "không phải là bản sao lưu" in refused("restore", str(tmp_path / "none.binhyen-backup"), *target)
    assert "Không có tệp" in refused("restore", str(tmp_path / "missing.binhyen-backup"), *target)
    for name in ("../../lot-ra", "/etc/lot-ra", "data/../../lot-ra"):
        with zipfile.ZipFile(tmp_path / "bad.binhyen-backup", "w") as archive:
            archive.writestr("manifest.json", "{}")
            archive.writestr(name, "x")
        assert "tên tệp không hợp lệ" in refused("restore", str(tmp_path / "bad.binhyen-backup"), *target)
    assert not (tmp_path / "new").exists()
