"""What the address of a list asks for: words, filters, order, columns, the place in the list.

Only declared names are understood; another is an error, so that nobody learns anything by filtering or sorting by
what is not shown (blind filter).
"""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import QueryDict

from binhyen.kernel.screens.columns import Column
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.filters import Filter, filters_for
from binhyen.kernel.screens.paging import COUNTED_UP_TO, Order, Page, by_search_index, counted, page_of
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.screens.search import query_for
from binhyen.kernel.units.authority import Authority

SEARCH, SORT, COLUMNS, AFTER, BEFORE, VIEW = "tim", "sap", "cot", "sau", "truoc", "xem"
WORDS_CHARS_MAX = 200


@dataclass(frozen=True)
class Asked:
    """A question to a list, checked. `rows` are all that answer it, in no order yet."""

    screens: Screens
    form: forms.Form
    words: str
    order: Order
    sort: str
    columns: tuple[Column, ...]
    rows: "QuerySet[Any]"
    is_narrow: bool
    ground: "QuerySet[Any] | None" = None
    """Where words are searched: the rows that they are searched in."""
    after: str = ""
    before: str = ""

    def page(self) -> Page:
        """The asked page."""
        return page_of(self.rows, self.order, after=self.after, before=self.before, ground=self.ground)

    def count(self, page: Page) -> tuple[int, bool]:
        """How many answer, and whether there are more than so many; `page` tells how they are found."""
        if page.total is not None:
            return min(page.total, COUNTED_UP_TO), page.total > COUNTED_UP_TO
        with nullcontext() if page.is_dense else by_search_index():
            return counted(self.rows)

    def ordered(self) -> "QuerySet[Any]":
        """All that answer, in the asked order."""
        return self.rows.order_by(*dict.fromkeys((str(self.order), "-pk" if self.order.descending else "pk")))


def asked(screens: Screens, given: QueryDict, authority: Authority, action: Action = Action.SEE) -> Asked:
    """Read a query string. Raises BadRequest for a name that is not declared."""
    known = (*screens.shown_filters, *filters_for(screens.model))
    filters = {name: each for each in known for name in each.parameters}
    unknown = set(given) - set(filters) - {SEARCH, SORT, COLUMNS, AFTER, BEFORE, VIEW}
    if unknown:
        raise BadRequest(f"{screens.name} has no filter {sorted(unknown)}")
    used = [each for each in known if each.is_shown or any(given.get(name) for name in each.parameters)]
    fields = {name: field for each in used for name, field in each.fields(authority).items()}
    form = type("FilterForm", (forms.Form,), fields)(given)
    text = given.get(SEARCH, "").replace("\x00", "").strip()[:WORDS_CHARS_MAX]
    sort = given.get(SORT) or screens.order
    every = screens.rows(authority, action)
    rows = narrowed(screens, every, form, text, used)
    chosen = [value for value in given.items() if value[0] in filters and value[1]]
    return Asked(
        screens=screens, form=form, words=text, order=_order(screens, sort), sort=sort,
        columns=_columns(screens, given.getlist(COLUMNS)), rows=rows, is_narrow=bool(text or chosen),
        ground=every if screens.search and query_for(text) is not None else None,
        after=given.get(AFTER, ""), before=given.get(BEFORE, ""),
    )  # fmt: skip


def narrowed(
    screens: Screens, rows: "QuerySet[Any]", form: forms.Form, text: str, filters: Iterable[Filter]
) -> "QuerySet[Any]":
    """Those of `rows` that the words and the filters leave; none where a filter says something impossible."""
    if not form.is_valid():
        return rows.none()
    query = query_for(text) if screens.search else None
    if query is not None:
        rows = rows.filter(**{screens.search: query})
    for each in filters:
        rows = each.apply(rows, form.cleaned_data)
    return rows


def _order(screens: Screens, text: str) -> Order:
    try:
        return screens.order_read(text)
    except KeyError as error:
        raise BadRequest(f"{screens.name} does not sort by {text!r}") from error


def _columns(screens: Screens, names: list[str]) -> tuple[Column, ...]:
    known = {column.name: column for column in screens.shown_columns}
    if not set(names) <= set(known):
        raise BadRequest(f"{screens.name} has no such column")
    return tuple(column for name, column in known.items() if name in names) or screens.shown_columns
