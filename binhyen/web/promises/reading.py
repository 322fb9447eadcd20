"""Promises and the days of their tests, from the two files beside."""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

PASSES = Path(__file__).with_name("passes.json")
CODE = re.compile(r"::test_([FST]\d\d)_")
KINDS = {
    "F": ("Sự cố", "Điều đã hứa thì không mất."),
    "S": ("An ninh", "Người không có phận sự thì không vào được."),
    "T": ("Tin cậy", "Người có liên quan tự kiểm tra được."),
}
"""By the first letter of a code: a heading and what it is about."""


@dataclass(frozen=True)
class Promise:
    """`tried` is the fault or attack, `promise` what holds in spite of it; `is_later`: of a later release."""

    code: str
    tried: str
    promise: str
    is_later: bool


@dataclass(frozen=True)
class Tried:
    """A promise, and its tests with the day on which each last passed."""

    promise: Promise
    tests: tuple[tuple[str, date], ...]

    @property
    def last_pass(self) -> date | None:
        """The day since which every one of its tests has passed; None where it has none."""
        return min((day for _, day in self.tests), default=None)


@cache
def promises() -> tuple[Promise, ...]:
    """Every promise in the order of its code."""
    stored = json.loads(Path(__file__).with_name("promises.json").read_text(encoding="utf-8"))["promises"]
    return tuple(Promise(each["code"], each["tried"], each["promise"], each["release"] == "later") for each in stored)


def tried_promises(passes: Path = PASSES) -> list[Tried]:
    """Every promise with its tests. `passes` is a JSON object of days (YYYY-MM-DD) by a test's name."""
    days: dict[str, list[tuple[str, date]]] = {}
    for name, day in json.loads(passes.read_text(encoding="utf-8")).items():
        found = CODE.search(name)
        if found:
            days.setdefault(found[1], []).append((name, date.fromisoformat(day)))
    return [Tried(each, tuple(days.get(each.code, ()))) for each in promises()]
