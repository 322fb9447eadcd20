"""Adding, changing and deleting rows: what a page, a file and a job do alike."""

import secrets
from typing import Any

from django.db import transaction

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.history.models import RowChange, changes_of
from binhyen.kernel.history.undo import CannotUndo, undo_batch
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.screens.verbs import Verb
from binhyen.kernel.units.authority import Authority, Refused


@transaction.atomic
def save_row(screens: Screens, row: Any, *, by: User, batch: str = "") -> None:
    """Write a filled row; with a line in the log, unless it is one of a batch that has its own."""
    is_new = row._state.adding
    with acting(by, batch=batch):
        screens.save(row, by=by, is_new=is_new)
    if not batch:
        _log(screens, "create" if is_new else "change", row, by)


@transaction.atomic
def delete_row(screens: Screens, row: Any, *, by: User) -> RowChange:
    """Delete a row and give the change that can be undone, with what is deleted along with it in tables that keep
    their history. Raises Refused, or ProtectedError where others need it."""
    said, key = str(row), row.pk
    unit = screens.policy.unit_of(row).code
    with acting(by, batch=f"delete:{secrets.token_hex(8)}"):
        screens.delete(row, by=by)
    row.pk = key
    change = changes_of(row).filter(kind=RowChange.Kind.DELETE).first()
    if change is None:
        raise RuntimeError(f"the history of {screens.name} has no line for a deletion: is its trigger installed?")
    record(f"{screens.model._meta.label_lower}.delete", by=by, subject=said, unit=unit)
    return change


@transaction.atomic
def undo_delete(screens: Screens, change: RowChange, authority: Authority) -> Any:
    """Give a deleted row back. Raises CannotUndo, or DoesNotExist where the row would not be the person's."""
    if undo_batch(change.batch, by=authority.user).kept:
        raise CannotUndo("Dữ liệu khác đang dùng hoặc đã thay dòng này nên không hoàn tác được.")
    row = screens.rows(authority, Action.DELETE).get(pk=change.row)
    _log(screens, "undo", row, authority.user)
    return row


@transaction.atomic
def do_verb(screens: Screens, verb: Verb, rows: list[Any], authority: Authority) -> int:
    """Do `verb` with each of `rows` to which it applies, all or none. Raises Refused. Gives how many were done."""
    done = [row for row in rows if verb.applies(row)]
    for row in done:
        refusal = screens.policy.may(authority, verb.action, row)
        if refusal:
            raise Refused(refusal)
        with acting(authority.user):
            verb.do(row, by=authority.user)
    for row in done:
        _log(screens, verb.name, row, authority.user)
    return len(done)


def _log(screens: Screens, verb: str, row: Any, by: User | None) -> None:
    unit = screens.policy.unit_of(row)
    record(f"{screens.model._meta.label_lower}.{verb}", by=by, subject=str(row), unit=unit.code)
