"""Giving back what was deleted, taking back what one batch did, and forgetting what may no longer be kept."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import Error, connection, models, transaction
from django.db.models import GeneratedField

from binhyen.kernel.accounts.models import User
from binhyen.kernel.history.acting import acting
from binhyen.kernel.history.models import RowChange


class CannotUndo(Exception):
    """A change cannot be taken back; the message is a sentence."""


@dataclass(frozen=True)
class Undone:
    """How a batch was taken back: how many changes, and those that stay because something happened since."""

    count: int
    kept: tuple[RowChange, ...]


@transaction.atomic
def undo(change: RowChange, *, by: User | None) -> None:
    """Take one change back. Raises CannotUndo where the row has changed since, or others now depend on it."""
    model = apps.get_model(change.model)
    later = RowChange.objects.filter(model=change.model, row=change.row, pk__gt=change.pk)
    if later.exclude(batch=f"undo:{change.batch}" if change.batch else "-").exists():
        raise CannotUndo("Dòng này đã được thay đổi sau đó nên không hoàn tác được.")
    with acting(by, batch=f"undo:{change.batch}" if change.batch else "undo"):
        try:
            with transaction.atomic():
                _reverse(model, change)
        except Error as error:
            raise CannotUndo("Dữ liệu khác đang dùng hoặc đã thay dòng này nên không hoàn tác được.") from error


def undo_batch(batch: str, *, by: User | None) -> Undone:
    """Take back everything that `batch` did, newest first; what has changed since stays as it is."""
    count, kept = 0, []
    for change in RowChange.objects.filter(batch=batch).order_by("-pk").iterator(chunk_size=1000):
        try:
            undo(change, by=by)
            count += 1
        except CannotUndo:
            kept.append(change)
    return Undone(count, tuple(kept))


def forget(row: models.Model, columns: Collection[str]) -> None:
    """Take the values of `columns` out of the history of `row`, where the law says that they end; that and when
    something changed stays."""
    changes = RowChange.objects.filter(model=row._meta.label_lower, row=str(row.pk))
    with pgtrigger.ignore("history.RowChange:append_only"):
        for change in changes:
            for side in (change.before, change.after):
                if side is not None:
                    side.update(dict.fromkeys(set(columns) & side.keys()))
            change.save(update_fields=["before", "after"])


def _reverse(model: type[models.Model], change: RowChange) -> None:
    table, pk = model._meta.db_table, model._meta.pk.column
    if change.kind == RowChange.Kind.INSERT:
        _execute(f'DELETE FROM "{table}" WHERE "{pk}"::text = %s', [change.row])  # noqa: S608 - names of our own tables and columns
        return
    stored = [field.column for field in model._meta.local_concrete_fields if not isinstance(field, GeneratedField)]
    columns = [column for column in stored if column in (change.before or {})]
    names = ", ".join(f'"{column}"' for column in columns)
    image = f'jsonb_populate_record(NULL::"{table}", %s)'
    before = models.JSONField().get_db_prep_value(change.before, connection)
    if change.kind == RowChange.Kind.DELETE:
        _execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {image}', [before])  # noqa: S608 - names of our own tables and columns
    else:
        changed = ", ".join(f'"{column}" = was."{column}"' for column in columns)
        update = f'UPDATE "{table}" AS now SET {changed} FROM {image} AS was'  # noqa: S608 - names as above
        _execute(f'{update} WHERE now."{pk}"::text = %s', [before, change.row])


def _execute(sql: str, parameters: list[Any]) -> None:
    """One statement that must meet one row, with what depends on it checked now rather than at commit."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        if cursor.rowcount != 1:
            raise CannotUndo("Dòng này không còn như trước nên không hoàn tác được.")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
