"""Kinds of cases and the legal basis of each by date. Dated data in `kinds.json`, not code."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class LegalBasis:
    """A text in force from a date until another (exclusive; None: still). `unverified` until a legal officer
    has checked it."""

    text: str
    effective_from: date
    effective_to: date | None
    unverified: bool

    def is_in_force_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True)
class Kind:
    """One kind of case. `purpose` is what its looks serve, as cameras code it: a household may agree to some alone."""

    code: str
    name: str
    bases: tuple[LegalBasis, ...]
    purpose: str = "vu_viec"

    def basis_on(self, day: date) -> LegalBasis | None:
        """What the kind rested on at `day` (the day of receipt); None where no row covers it."""
        return next((basis for basis in self.bases if basis.is_in_force_on(day)), None)


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order a person reads them."""
    stored = json.loads(Path(__file__).with_name("kinds.json").read_text())
    return {row["code"]: _kind(row) for row in stored["kinds"]}


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(row["code"], row["name"], tuple(map(_basis, row["bases"])), row.get("purpose", Kind.purpose))


def _basis(row: dict[str, str]) -> LegalBasis:
    return LegalBasis(
        row["legal_basis"],
        date.fromisoformat(row["effective_from"]),
        date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
        bool(row["unverified"]),
    )
