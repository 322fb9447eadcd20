"""Parts of a row's page. A panel is a template and what it needs; a module brings its own by being like one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.utils.timezone import localtime

from binhyen.kernel.history.models import RowChange, changes_of
from binhyen.kernel.screens.columns import choices_of, column_of, words
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.workflow.advance import history as steps_taken

Screens = Any
"""The declaration, which stands above its parts."""

HISTORY_SHOWN = 50
RELATED_SHOWN = 10


class Panel(Protocol):
    """`template` is drawn with what `context` gives; None: nothing to show to this person."""

    @property
    def template(self) -> str: ...
    @property
    def title(self) -> str: ...
    def context(self, screens: Screens, authority: Authority, row: Any) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class Facts:
    """The row's fields with their labels: the named ones, or those of the form and the list."""

    names: tuple[str, ...] = ()
    title: str = "Thông tin"
    template: str = "screens/_facts.html"

    def context(self, screens: Screens, authority: Authority, row: Any) -> dict[str, Any]:
        """Pairs of label and words."""
        columns = {column.name: column for column in screens.shown_columns}
        names = self.names or tuple(dict.fromkeys((*screens.fields, *columns)))
        chosen = [columns.get(name) or column_of(screens.model, name) for name in names]
        return {"facts": [(column.label, column.shown(row)) for column in chosen]}


@dataclass(frozen=True)
class Related:
    """Rows of another register that belong to this one: `Related(Member, "group", "Thành viên")`."""

    model: type[models.Model]
    through: str
    title: str
    template: str = "screens/_related.html"

    def context(self, screens: Screens, authority: Authority, row: Any) -> dict[str, Any] | None:
        """The first rows, and the way to all of them; nothing for a person who may not see them."""
        theirs = screens.of(self.model)
        if theirs is None or theirs.policy.may(authority, Action.SEE):
            return None
        found = theirs.rows(authority).filter(**{self.through: row}).order_by("-pk")
        columns = [column for column in theirs.shown_columns if column.name != self.through]
        rows = list(found[: RELATED_SHOWN + 1])
        may_add = theirs.fields and theirs.policy.may(authority, Action.ADD) is None
        return {
            "columns": columns,
            "lines": [(theirs.url_of(each), cells(columns, each)) for each in rows[:RELATED_SHOWN]],
            "all_url": f"{theirs.url()}?{self.through}={row.pk}" if len(rows) > RELATED_SHOWN else "",
            "add_url": f"{theirs.url('create')}?{self.through}={row.pk}" if may_add else "",
            "label": theirs.label,
        }


@dataclass(frozen=True)
class Steps:
    """For a model with a workflow: the state, the deadline, the steps that this person may take, those taken."""

    title: str = "Quy trình"
    template: str = "screens/_steps.html"

    def context(self, screens: Screens, authority: Authority, row: Any) -> dict[str, Any]:
        """What `advance` would allow now."""
        return {"steps": row.workflow.open_to(authority, row), "taken": steps_taken(row), "row": row}


@dataclass(frozen=True)
class History:
    """Who changed what: each change with labels, before and after, who, when, and by which file."""

    title: str = "Lịch sử thay đổi"
    template: str = "screens/_history.html"

    def context(self, screens: Screens, authority: Authority, row: Any) -> dict[str, Any]:
        """The newest changes first."""
        changes = list(changes_of(row)[: HISTORY_SHOWN + 1])
        shown = [(change, list(differences(screens, change))) for change in changes[:HISTORY_SHOWN]]
        return {"changes": shown, "has_more": len(changes) > HISTORY_SHOWN, "shown": HISTORY_SHOWN}


def cells(columns: Any, row: Any) -> list[tuple[Any, str]]:
    """The columns with what they show of a row."""
    return [(column, column.shown(row)) for column in columns]


def differences(screens: Screens, change: RowChange) -> Iterator[tuple[str, str, str]]:
    """Label, before, after for each field of a change, as a person reads them; what stayed empty is left out."""
    before, after = change.before or {}, change.after or {}
    for field in screens.model._meta.concrete_fields:
        if (field.column not in before and field.column not in after) or field.primary_key:
            continue
        old, new = (stored_words(field, side.get(field.column)) for side in (before, after))
        if old != new:
            yield screens.labels()[field.name], old, new


def stored_words(field: Any, value: Any) -> str:
    """A value as the history keeps it, in words."""
    if value in (None, ""):
        return "–"
    choices = dict(choices_of(field))
    if choices:
        return choices.get(str(value), str(value))
    if field.is_relation:
        row = field.related_model._base_manager.filter(pk=value).first()
        return str(row) if row is not None else f"(đã xóa: {value})"
    if isinstance(field, models.DateTimeField):
        return words(localtime(field.to_python(value)))
    return words(value if isinstance(field, models.JSONField) else field.to_python(value))
