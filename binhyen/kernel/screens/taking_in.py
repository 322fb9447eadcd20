"""Taking a file into a register: reading, checking every line, writing the good ones, undoing all of it.

Each step works on so many lines, commits, and says how far it is: a person sees progress, and a process that is
killed is followed by one that goes on at the next line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.history.models import RowChange
from binhyen.kernel.history.undo import undo_batch
from binhyen.kernel.screens.changing import save_row
from binhyen.kernel.screens.declaration import Screens, all_screens
from binhyen.kernel.screens.forms import CHOICES_READ_MAX, RowForm, as_sent, choices_by_words, form_for
from binhyen.kernel.screens.models import Import
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.sheets import UnreadableSheet, read_sheet
from binhyen.kernel.units.authority import Authority, authority_of, within_scope
from binhyen.kernel.vietnamese.folding import without_diacritics

LINES_AT_ONCE = 200
PROBLEMS_KEPT = 500
LINES_KEPT = 20
"""Of a file that was taken, so many lines stay for who looks at it again; the rows are in the register now."""
PROGRESS = ["done_count", "new_count", "changed_count", "same_count", "problems", "bad_lines"]


def begin(screens: Screens, name: str, content: bytes, *, by: Any) -> Import:
    """Read a file; nothing is written into the register yet. Raises UnreadableSheet with a sentence."""
    sheet = read_sheet(content)
    names = _names(screens, sheet.header)
    return Import.objects.create(
        screens=screens.name, by=by, file_name=name[:200], names=names, lines=sheet.rows, line_count=len(sheet.rows)
    )


def _names(screens: Screens, header: list[str]) -> list[str]:
    """The field of each column, by its label or name; empty for a column that only the list shows."""
    labels = {folded(screens.labels()[name]): name for name in screens.fields}
    shown = {folded(column.label) for column in screens.shown_columns}
    known = {**labels, **{name: name for name in screens.fields}}
    names = [known.get(folded(title), "") for title in header]
    unknown = [
        title for title, name in zip(header, names, strict=True) if title and not name and folded(title) not in shown
    ]
    if unknown:
        raise UnreadableSheet(f"Không có cột “{unknown[0]}”. Hãy dùng tên cột như trong tệp mẫu.")
    twice = next((name for name in names if name and names.count(name) > 1), "")
    if twice:
        raise UnreadableSheet(f"Cột “{header[names.index(twice)]}” có hai lần. Hãy bỏ một cột.")
    return names


def folded(text: str) -> str:
    """How titles of columns are compared."""
    return " ".join(without_diacritics(text).split())


@dataclass
class Lines:
    """What goes through the lines of one file: the authority of its owner, and what was read once for all."""

    screens: Screens
    authority: Authority
    names: list[str]
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.blank = form_for(self.screens, self.authority)
        self.rows = self.screens.rows(self.authority, Action.CHANGE)
        for name, made in self.blank.fields.items():
            if isinstance(made, forms.ModelChoiceField) and made.queryset is not None:
                keys = list(made.queryset.values_list("pk", flat=True)[:CHOICES_READ_MAX])
                if len(keys) < CHOICES_READ_MAX:
                    self.known[name] = made.queryset.model._base_manager.filter(pk__in=keys)

    def form(self, cells: list[str]) -> RowForm:
        """The form of one line: of the row that its key means, or of a new one. Its columns alone are set."""
        given = {name: cell for name, cell in zip(self.names, cells, strict=False) if name}
        row = self._row(given)
        known = self.known if row is None else None  # a row that is there may keep what cannot be chosen any more
        unbound = self.blank if row is None else form_for(self.screens, self.authority, row=row)
        values = {name: _plain_value(unbound[name].value()) for name in self.screens.fields}
        values |= {name: self._sent(name, cell) for name, cell in given.items()}
        return form_for(self.screens, self.authority, values, row, known=known)

    def _sent(self, name: str, cell: str) -> Any:
        made = self.blank.fields[name]
        if hasattr(made, "choices") and name not in self.choices:
            self.choices[name] = choices_by_words(made)  # type: ignore[arg-type]  # it has choices
        return as_sent(made, cell, self.choices.get(name))

    def _row(self, given: dict[str, str]) -> Any:
        wanted = {}
        for name in self.screens.key:
            sent = self._sent(name, given[name]) if name in given else _plain_value(self.blank[name].value())
            try:
                wanted[name] = self.blank.fields[name].clean(sent)
            except ValidationError:
                return None  # the form says what is wrong with it
        return self.rows.filter(**wanted).first() if wanted else None  # without a key a line is always a new row


def _plain_value(value: Any) -> Any:
    return "" if value is None else value


def check(taken: Import) -> None:
    """Go through all lines without writing: what is new, what changes, what is wrong and what to do about it."""
    screens = _screens(taken)
    keys: set[tuple[str, ...]] = set()
    with within_scope(authority_of(taken.by)):
        lines = Lines(screens, authority_of(taken.by), taken.names)
        for number, cells in taken.lines[taken.done_count :]:
            form = lines.form(cells)
            found = list(_problems(form, lines.names, cells)) + _key_problem(screens, form, keys)
            _count(taken, form, number, found)
            if taken.done_count % LINES_AT_ONCE == 0:
                taken.save(update_fields=PROGRESS)
    taken.state = Import.State.READY
    taken.done_count = 0
    taken.save()


def _count(taken: Import, form: RowForm, number: int, found: list[tuple[str, str, str]]) -> None:
    taken.done_count += 1
    if found:
        taken.bad_lines.append(number)
        taken.problems += [[number, *each] for each in found][: PROBLEMS_KEPT - len(taken.problems)]
    elif form.instance._state.adding:
        taken.new_count += 1
    elif form.has_changed_row():
        taken.changed_count += 1
    else:
        taken.same_count += 1


def _problems(form: RowForm, names: list[str], cells: list[str]) -> Iterator[tuple[str, str, str]]:
    written = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    for name, sentences in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        for sentence in sentences:
            yield label, written.get(name, ""), str(sentence)


def _key_problem(screens: Screens, form: RowForm, keys: set[tuple[str, ...]]) -> list[tuple[str, str, str]]:
    key = tuple(str(form.cleaned_data.get(name)) for name in screens.key)
    if key in keys:
        label = ", ".join(str(form.fields[name].label) for name in screens.key)
        return [(label, " · ".join(key), "Đã có ở một dòng trên. Hãy bỏ một trong hai dòng.")]
    keys.add(key)
    return []


def take(taken: Import) -> None:
    """Write the good lines, so many at once."""
    screens, bad = _screens(taken), set(taken.bad_lines)
    authority = authority_of(taken.by)
    with within_scope(authority), acting(taken.by, batch=taken.batch):
        lines = Lines(screens, authority, taken.names)
        while taken.done_count < taken.line_count:
            some = taken.lines[taken.done_count : taken.done_count + LINES_AT_ONCE]
            with transaction.atomic():
                for number, cells in some:
                    if number not in bad:
                        _take_line(taken, lines, number, cells)
                taken.done_count += len(some)
                taken.save(update_fields=PROGRESS)
    _finish(taken, screens, Import.State.TAKEN, "import")


def _take_line(taken: Import, lines: Lines, number: int, cells: list[str]) -> None:
    form = lines.form(cells)
    action = Action.ADD if form.instance._state.adding else Action.CHANGE
    if not form.is_valid() or lines.screens.policy.may(lines.authority, action, form.instance):
        taken.bad_lines.append(number)
        sentence = "Dữ liệu đã thay đổi sau khi kiểm tra nên dòng này chưa được nhập. Hãy nhập lại dòng này."
        taken.problems.append([number, "", "", sentence])
    elif form.instance._state.adding or form.has_changed_row():
        save_row(lines.screens, form.save(commit=False), by=taken.by, batch=taken.batch)


def undo(taken: Import) -> None:
    """Take back all that the file wrote; what somebody changed since stays, and is named."""
    screens = _screens(taken)
    with within_scope(authority_of(taken.by)), transaction.atomic():
        undone = undo_batch(taken.batch, by=taken.by)
    taken.problems = [[0, "", _named(screens, change), "Đã được thay đổi sau khi nhập nên giữ nguyên."]
                      for change in undone.kept[:PROBLEMS_KEPT]]  # fmt: skip
    _finish(taken, screens, Import.State.UNDONE, "undo")


def _named(screens: Screens, change: RowChange) -> str:
    row = screens.model._base_manager.filter(pk=change.row).first()
    return str(row) if row else change.row


def _finish(taken: Import, screens: Screens, state: str, verb: str) -> None:
    taken.state = state
    taken.lines = taken.lines[:LINES_KEPT]
    taken.save()
    detail = {"new": str(taken.new_count), "changed": str(taken.changed_count), "refused": str(len(taken.bad_lines))}
    record(f"{screens.model._meta.label_lower}.{verb}", by=taken.by, subject=taken.file_name, detail=detail)


def _screens(taken: Import) -> Screens:
    return next(screens for screens in all_screens() if screens.name == taken.screens)
