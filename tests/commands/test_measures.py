"""`binhyen measures rebuild`."""

import json
import logging
import os

import pytest

from binhyen.__main__ import main
from binhyen.kernel.measures.models import Cell
from binhyen.kernel.testing.world import World
from binhyen.kernel.units.roles import Role
from binhyen.modules.cases.public import CaseFacts, open_case

CODE = "vu-viec-tiep-nhan"


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch):
    """A command names its data folder to the whole process, and quiets the log."""
    monkeypatch.setenv("BINHYEN_DATA", os.environ["BINHYEN_DATA"])
    yield
    logging.disable(logging.NOTSET)


def rebuild(*arguments):
    """The exit status."""
    return main(["measures", "rebuild", "--data", os.environ["BINHYEN_DATA"], *arguments])


@pytest.fixture
def damaged(world: World, all_units: None) -> None:
    """One case, whose cells say something else."""
    open_case(CaseFacts("trom-cap", "Mất xe"), unit=world.commune_a, by=world.people[Role.INVESTIGATOR])
    assert rebuild(CODE) == 0
    Cell.objects.filter(measure=CODE, unit=world.province, grain="y").update(count=7)


def test_rebuilding_says_what_was_wrong_and_rights_it(damaged, capsys):
    capsys.readouterr()
    assert rebuild() == 1
    said = capsys.readouterr().out
    assert f"{CODE}: 6 ô, 1 ô đã sai, nay tính lại" in said
    assert "1 ô khác với các dòng; đã sửa." in said
    assert rebuild("--json", CODE) == 0
    assert json.loads(capsys.readouterr().out) == {"measures": {CODE: {"cells": 6, "different": 0}}, "different": 0}
    assert Cell.objects.get(measure=CODE, grain="y", unit__code="T99").count == 1


def test_without_a_station_it_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    assert main(["measures", "rebuild", "--data", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_a_code_that_nobody_declared_is_named_beside_those_there_are(db, capsys):
    assert rebuild("khong-co") == 2
    said = capsys.readouterr().err
    assert said.startswith("Không có chỉ số khong-co. Có: ")
    assert CODE in said
