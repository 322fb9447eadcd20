import os
import signal
import subprocess
import sys
import time

import pytest

from binhyen.supervisor.processes import Child, ChildSpec


def spec(tmp_path, code, **more):
    return ChildSpec("con", [sys.executable, "-u", "-c", code], tmp_path / "con.log", **more)


def until(condition, within_s=10.0):
    give_up_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_at, "it did not come about in time"
        time.sleep(0.02)


def test_a_child_that_dies_is_named_and_started_again_after_a_pause(tmp_path):
    child = Child(spec(tmp_path, "print('một lần')"))
    child.start()
    until(lambda: not child.is_running)
    assert "con đã dừng (mã 0)" in child.watch()
    until(lambda: child.watch() == "con đã chạy lại (lần 1).")
    child.wait_until_stopped()
    until(lambda: (tmp_path / "con.log").read_text().count("một lần") == 2)


def test_a_child_that_will_not_stop_is_killed(tmp_path):
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('sẵn sàng'); time.sleep(60)"
    child = Child(spec(tmp_path, code, stop_within_s=0.3))
    child.start()
    until(lambda: "sẵn sàng" in (tmp_path / "con.log").read_text())
    child.ask_to_stop()
    assert child.wait_until_stopped() is False
    assert not child.is_running


def test_no_orphan_is_left_when_the_supervisor_is_killed(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from binhyen.supervisor.processes import *\n"
        f"child = Child(ChildSpec('con', ['sleep', '60'], Path({str(tmp_path / 'con.log')!r})))\n"
        "child.start(); print(child.process.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with supervisor:
        orphan = int(supervisor.stdout.readline())
        supervisor.kill()
    until(lambda: not _lives(orphan))


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_log_over_its_limit_is_moved_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("binhyen.supervisor.processes.LOG_LIMIT_BYTES", 10)
    child = Child(spec(tmp_path, ""))
    child.spec.log.write_text("x" * 11)
    child.trim_log()
    assert child.spec.log.read_text() == ""
    assert (tmp_path / "con.log.1").read_text() == "x" * 11


def test_the_signal_that_ends_a_child_is_its_own(tmp_path):
    code = (
        "import signal, sys, time\nsignal.signal(signal.SIGINT, lambda *_: sys.exit(7)); print('sẵn'); time.sleep(60)"
    )
    child = Child(spec(tmp_path, code, stop_signal=signal.SIGINT))
    child.start()
    until(lambda: "sẵn" in (tmp_path / "con.log").read_text())
    child.ask_to_stop()
    child.wait_until_stopped()
    assert child.process.returncode == 7


@pytest.mark.parametrize("value", ["", "một"])
def test_what_a_child_is_told_reaches_it(tmp_path, value):
    child = Child(spec(tmp_path, "import os; print(f'[{os.environ[\"X\"]}]')", environment={"X": value}))
    child.start()
    child.wait_until_stopped()
    assert f"[{value}]" in (tmp_path / "con.log").read_text()
