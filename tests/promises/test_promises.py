"""Every promise is declared once, has a test that carries its code, and is told with the day of its last pass."""

import json
import re
import subprocess
from datetime import date

import pytest

from binhyen.web.promises import promises, tried_promises
from tests.promises.noting import ROOT, write

CODES = [f"{letter}{n:02}" for letter, last in (("F", 20), ("S", 14), ("T", 12)) for n in range(1, last + 1)]
HERE = "tests/promises/test_promises.py::"


def test_codes_stay_what_they_are():
    assert [each.code for each in promises()] == CODES


def test_every_promise_of_this_release_has_a_test_that_carries_its_code():
    command = ["git", "grep", "-hoE", "def test_[FST][0-9]{2}_", "--", "*.py"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    carried = set(re.findall(r"test_([FST]\d\d)_", names))
    assert {each.code for each in promises() if not each.is_later} - carried == set()


def test_a_promise_is_as_old_as_its_oldest_pass(tmp_path):
    passes = tmp_path / "passes.json"
    passes.write_text(json.dumps({"a.py::test_F01_x": "2026-11-01", "b.py::TestY::test_F01_z": "2026-11-20"}))
    first, second, *_ = tried_promises(passes)
    assert (first.last_pass, len(first.tests)) == (date(2026, 11, 1), 2)
    assert (second.last_pass, second.tests) == (None, ())


def test_a_run_notes_what_passed_and_forgets_what_failed_or_is_gone(tmp_path):
    passes = tmp_path / "passes.json"
    names = {word: f"{HERE}test_{word}" for word in ("codes_stay_what_they_are", "was_renamed")}
    passes.write_text(json.dumps({names["was_renamed"]: "2026-11-01"}))
    write(passes, {names["codes_stay_what_they_are"]: {"passed"}}, on=date(2026, 11, 2))
    assert json.loads(passes.read_text()) == {names["codes_stay_what_they_are"]: "2026-11-02"}
    write(passes, {names["codes_stay_what_they_are"]: {"passed", "failed"}}, on=date(2026, 11, 3))
    assert json.loads(passes.read_text()) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "rows"), [("", 46), ("sau", 7), ("khong-co", 0)])
def test_anybody_reads_the_promises(client, asked, rows):
    page = client.get("/cam-ket/", {"loai": asked})
    assert page.status_code == 200
    assert page.content.decode().count('<td data-label="Mã"') == rows
