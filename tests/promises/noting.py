"""`pytest --promises` notes in `binhyen/web/promises/passes.json` on which day each test of a promise passed.

A test that failed loses its day; one that did not run keeps it; one that is no longer there goes.
"""

import fcntl
import json
from datetime import date
from pathlib import Path

import pytest

from binhyen.web.promises.reading import CODE, PASSES

ROOT = Path(__file__).resolve().parents[2]
_outcomes: dict[str, set[str]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option."""
    parser.addoption("--promises", action="store_true", help="note on which day tests of promises passed")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather outcomes by a test's name without its parameters."""
    name = report.nodeid.partition("[")[0].partition("@")[0]
    if CODE.search(name) and (report.when == "call" or report.failed):
        _outcomes.setdefault(name, set()).add(report.outcome)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write; the workers of a session leave it to the one that gathers."""
    if session.config.getoption("--promises") and not hasattr(session.config, "workerinput"):
        write(PASSES, _outcomes, on=date.today())


def write(path: Path, outcomes: dict[str, set[str]], *, on: date) -> None:
    """Note `outcomes` in `path`; several sessions may end at once."""
    with path.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        days = {**json.load(file), **{name: str(on) for name, found in outcomes.items() if "passed" in found}}
        failed = {name for name, found in outcomes.items() if "failed" in found}
        kept = {name: day for name, day in days.items() if name not in failed and is_there(name)}
        file.seek(0)
        file.write(json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=0) + "\n")
        file.truncate()


def is_there(name: str) -> bool:
    """Whether the file of that test still has a function of its name, or inherits it from a contract."""
    path = ROOT / name.partition("::")[0]
    return path.is_file() and ("::Test" in name or f"def {name.rpartition('::')[2]}(" in path.read_text())
