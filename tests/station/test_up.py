import json
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from binhyen.supervisor.postgres import EmbeddedPostgres
from binhyen.supervisor.processes import Child, ChildSpec
from tests.station.running import RunningStation, binhyen

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    with RunningStation(tmp_path_factory.mktemp("station") / "data") as running:
        yield running


@dataclass(frozen=True)
class Ended:
    """A station that one signal ended, with the mark of a later version in its database: what was seen of it."""

    running: RunningStation
    processes_while_up: int
    exit_status: int
    processes_after: list[int]


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    running = RunningStation(tmp_path_factory.mktemp("ended") / "data").start()
    with psycopg.connect(running.state()["database_url"], autocommit=True) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', now())")
    count = len(running.process_ids())
    return Ended(running, count, running.end(signal.SIGINT), running.process_ids())


def test_it_answers_and_says_what_runs(station):
    assert station.get("/suc-khoe/")[0] == 200
    done = binhyen("status", "--data", str(station.data), "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert said["healthy"] is True
    assert {name for name, process in said["processes"].items() if process["running"]} == {
        "postgres",
        "web",
        "jobs",
        "record",
        "live",
    }


def test_the_password_of_the_database_is_in_no_output_and_no_process_list(station):
    password = psycopg.conninfo.conninfo_to_dict(station.state()["database_url"])["password"]
    lists = b"".join(
        Path(f"/proc/{each}/cmdline").read_bytes() for each in station.process_ids() if Path(f"/proc/{each}").exists()
    )
    shown = binhyen("status", "--data", str(station.data), "--json").stdout
    assert password.encode() not in lists
    assert password not in shown + station.said()
    assert station.data.joinpath("run/state.json").stat().st_mode & 0o077 == 0


def test_F10_a_second_one_on_the_same_folder_is_refused(station):
    before = station.state()
    done = binhyen("up", "--data", str(station.data), "--port", "0")
    assert done.returncode == 1
    assert "đang được một Bình Yên khác dùng" in done.stderr
    assert "Traceback" not in done.stderr
    assert station.state() == before


def test_F10_a_port_in_use_is_refused_by_number(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = binhyen("up", "--data", str(tmp_path / "data"), "--port", str(port))
    assert done.returncode == 1
    assert f"Không mở được cổng {port}" in done.stderr
    assert "--port" in done.stderr
    assert not (tmp_path / "data" / "pg").exists()


def test_F10_a_port_that_cannot_be_is_refused(tmp_path):
    done = binhyen("up", "--data", str(tmp_path / "data"), "--port", "99999")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "99999" in done.stderr


def test_status_of_a_folder_where_nothing_runs_says_how_to_start(tmp_path):
    done = binhyen("status", "--data", str(tmp_path))
    assert done.returncode == 3
    assert "binhyen up --data" in done.stdout


def test_a_process_that_dies_is_started_again(station):
    record = station.state()["processes"]["record"]["pid"]
    os.kill(record, signal.SIGKILL)
    station.wait_for(lambda: station.state()["processes"]["record"]["pid"] not in (None, record), 30)
    assert station.state()["processes"]["record"]["restarts"] >= 1


def test_one_signal_ends_all_and_leaves_no_orphan(ended):
    assert ended.processes_while_up >= 5
    assert (ended.exit_status, ended.processes_after) == (0, [])
    assert binhyen("status", "--data", str(ended.running.data)).returncode == 3


def test_F10_a_newer_schema_is_refused_before_anything_is_touched(ended):
    done = binhyen("up", "--data", str(ended.running.data), "--port", str(ended.running.port))
    assert done.returncode == 1
    assert "mới hơn" in done.stderr
    assert "cases.9999_later" in done.stderr
    assert ended.running.process_ids() == []


def test_F02_killed_as_a_whole_it_starts_again_without_repair_and_killed_alone_its_supervisor_takes_all_along(tmp_path):
    running = RunningStation(tmp_path / "data").start()
    running.process.kill()
    running.process.wait()
    for each in running.process_ids():
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it followed its supervisor by itself
    again = RunningStation(running.data, port=running.port).start()
    assert again.get("/suc-khoe/")[0] == 200
    again.process.kill()
    again.process.wait()
    give_up_at = time.monotonic() + 30
    while again.process_ids():
        assert time.monotonic() < give_up_at, again.process_ids()
        time.sleep(0.1)


def test_F03_the_database_away_for_a_while_is_said_and_survived(tmp_path):
    """Short form: away for five seconds; the recorder's part is tested over longer in its own plane."""
    home = tmp_path / "server"
    (home / "run").mkdir(parents=True)
    for folder in (home, home / "run", tmp_path, tmp_path.parent):
        folder.chmod(0o755)
    server = EmbeddedPostgres(home / "pg", home / "keys", home / "postgres.log")
    server.prepare()
    database = _run(server)
    try:
        with RunningStation(tmp_path / "data", environment={"DATABASE_URL": server.url}) as station:
            database.ask_to_stop()
            database.wait_until_stopped()
            status, page = station.get("/cong-bo/nhat-ky/")
            assert (status, "Traceback" in page) == (503, False)
            assert "cơ sở dữ liệu" in page
            time.sleep(5)
            assert station.state()["processes"]["record"]["restarts"] == 0
            database = _run(server)
            station.wait_for(lambda: station.get("/suc-khoe/")[0] == 200, 60)
            assert station.get("/cong-bo/nhat-ky/")[0] == 200
    finally:
        database.ask_to_stop()
        database.wait_until_stopped()


def _run(server):
    running = Child(ChildSpec("postgres", server.command(), server.log, stop_signal=signal.SIGINT))
    running.start()
    server.wait_until_ready(running)
    return running
