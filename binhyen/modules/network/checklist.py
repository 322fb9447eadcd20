"""The security checklist of camera devices, item by item with its legal basis by date: data, not code."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DEFAULT_PASSWORD = "default-password"  # noqa: S105 - the code of an item
UNVERIFIED_WORDS = "cần pháp chế kiểm tra"


@dataclass(frozen=True)
class Item:
    """One thing that a camera must do, in force from a day until another (exclusive; None: still)."""

    code: str
    name: str
    how: str
    legal_basis: str
    effective_from: date
    effective_to: date | None
    unverified: bool

    def is_in_force_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    @property
    def basis_words(self) -> str:
        """The legal basis as a person reads it."""
        return f"{self.legal_basis} ({UNVERIFIED_WORDS})" if self.unverified else self.legal_basis


@cache
def items() -> dict[str, Item]:
    """Every item by its code, those out of force too: old outcomes keep their words."""
    stored = json.loads(Path(__file__).with_name("checklist.json").read_text())
    return {row["code"]: _item(row) for row in stored["items"]}


def items_on(day: date) -> list[Item]:
    """What is asked of a camera on `day`."""
    return [item for item in items().values() if item.is_in_force_on(day)]


def item_choices() -> list[tuple[str, str]]:
    """Codes with names, for a field."""
    return [(item.code, item.name) for item in items().values()]


def _item(row: dict[str, str]) -> Item:
    until = row["effective_to"]
    return Item(
        row["code"], row["name"], row["how"], row["legal_basis"], date.fromisoformat(row["effective_from"]),
        date.fromisoformat(until) if until else None, bool(row["unverified"]),
    )  # fmt: skip
