"""Noting what was erased, and erasing it again in a database that was restored.

A module says what of its own is erased for a person's or the law's sake: whole rows with `erase_rows`, anything else
with `Erasable` and a `note_erasure` in the verb. What time alone erases is declared with `add_forgetter`: a restore
lets all of them run.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_delete
from django.utils.timezone import localdate

from binhyen.kernel.upkeep.models import Erasure
from binhyen.kernel.vault import pseudonym

Forgetter = TypeVar("Forgetter", bound=Callable[[], object])


@dataclass(frozen=True)
class Erasable:
    """`keys` gives the key of every thing of this kind that stands in the database; `again` erases the one with a
    key as it was erased on a day. Done twice it does the same as once."""

    kind: str
    keys: Callable[[], Iterable[str]]
    again: Callable[[str, date], object]


@dataclass(frozen=True)
class Noted:
    """A line of the journal as it travels: `day` is ISO 8601."""

    id: str
    day: str
    token: str


_erasables: dict[str, Erasable] = {}
_forgetters: list[Callable[[], object]] = []


def add_erasable(erasable: Erasable) -> Erasable:
    """Make known what can be erased again. Raises ValueError for a kind that is taken."""
    if erasable.kind in _erasables:
        raise ValueError(f"kind {erasable.kind!r} is taken")
    _erasables[erasable.kind] = erasable
    return erasable


def erase_rows(model: type[models.Model]) -> None:
    """Whoever deletes a row of `model`, by whatever way of Django's, it is noted, and deleted again after a restore."""
    kind = model._meta.label_lower
    rows = model._base_manager

    def note(instance: Any, **_: object) -> None:
        note_erasure(kind, str(instance.pk))

    post_delete.connect(note, sender=model, weak=False, dispatch_uid=f"upkeep:{kind}")
    add_erasable(
        Erasable(
            kind,
            lambda: map(str, rows.values_list("pk", flat=True).iterator()),
            lambda key, _: rows.filter(pk=key).delete(),
        )
    )


def add_forgetter(forget: Forgetter) -> Forgetter:
    """Make known what erases things because their time is over; called without anything, it goes by now."""
    _forgetters.append(forget)
    return forget


def note_erasure(kind: str, key: str) -> Erasure:
    """Note in the caller's transaction that the `key` of `kind` is erased: both stand or fall together."""
    return Erasure.objects.create(day=localdate(), token=token_of(kind, key))


def token_of(kind: str, key: str) -> str:
    """What the journal says of a thing."""
    return pseudonym(f"{kind}\0{key}", purpose="erasure")


def read_journal() -> list[Noted]:
    """The whole journal of this database."""
    rows = Erasure.objects.values_list("id", "day", "token")
    return [Noted(str(identity), day.isoformat(), token) for identity, day, token in rows]


@transaction.atomic
def erase_again(journal: Iterable[Noted]) -> Counter[str]:
    """Erase what `journal` tells and this database does not know of; how many things by kind.

    What the database's own journal has is left alone: it was erased before, and a key may have been given anew since.
    """
    known = {str(each) for each in Erasure.objects.values_list("id", flat=True)}
    fresh = {each.id: each for each in journal if each.id not in known}
    days = {each.token: date.fromisoformat(each.day) for each in fresh.values()}
    done: Counter[str] = Counter()
    for erasable in _erasables.values() if days else ():
        for key in list(erasable.keys()):
            day = days.get(token_of(erasable.kind, key))
            if day is not None:
                erasable.again(key, day)
                done[erasable.kind] += 1
    Erasure.objects.bulk_create(
        [Erasure(id=each.id, day=each.day, token=each.token) for each in fresh.values()], ignore_conflicts=True
    )
    return done


def forget_all() -> None:
    """Let everything run that erases because of time alone."""
    for forget in _forgetters:
        forget()
