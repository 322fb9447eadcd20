"""The terms that a household is shown, kept by version. Dated data in `terms.json`, not code."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Terms:
    """One version, in force from a date until another (exclusive; None: still)."""

    version: str
    effective_from: date
    effective_to: date | None
    legal_basis: str
    unverified: bool
    points: tuple[str, ...]


@cache
def every_terms() -> dict[str, Terms]:
    """Every version that was ever shown, oldest first."""
    stored = json.loads(Path(__file__).with_name("terms.json").read_text(encoding="utf-8"))
    return {row["version"]: _terms(row) for row in stored["terms"]}


def terms_on(day: date) -> Terms:
    """What is shown on `day`. Raises LookupError where no version is in force."""
    for each in reversed(every_terms().values()):
        if each.effective_from <= day and (each.effective_to is None or day < each.effective_to):
            return each
    raise LookupError(f"no terms of consent are in force on {day}")


def _terms(row: dict[str, str]) -> Terms:
    return Terms(
        row["version"],
        date.fromisoformat(row["effective_from"]),
        date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
        row["legal_basis"],
        bool(row["unverified"]),
        tuple(row["points"]),
    )
