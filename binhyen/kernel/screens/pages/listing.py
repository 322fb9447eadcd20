"""The list of a register."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from binhyen.kernel.screens.asking import AFTER, BEFORE, COLUMNS, SORT, VIEW, Asked, asked
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.pages.saved import views_for
from binhyen.kernel.screens.panels import cells
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Authority

UNDO_KEY = "screens_undo"


def list_page(request: HttpRequest, screens: Screens) -> HttpResponse:
    """Rows of the asked question; the address says the whole question, so it can be kept and sent on."""
    authority: Authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    question = asked(screens, request.GET, authority)
    page = question.page()
    count, is_more = question.count(page)
    context = {
        "screens": screens,
        "asked": question,
        "page": page,
        "lines": [(row, screens.url_of(row), cells(question.columns, row)) for row in page.rows],
        "count": count,
        "is_more": is_more,
        "heads": heads(question, request),
        "older": address(request, {AFTER: page.older}) if page.older else "",
        "newer": address(request, {BEFORE: page.newer}) if page.newer else "",
        "has_any": bool(page.rows) or screens.rows(authority).exists(),
        "bulk": [verb for verb in screens.verbs if verb.bulk and not screens.policy.may(authority, verb.action)],
        "may": allowed(screens, authority),
        "undo": request.session.pop(UNDO_KEY, None),
        "views": views_for(screens, authority),
        "urls": urls_for(screens),
        "query": address(request, {}).removeprefix("?"),
        "chosen_columns": request.GET.getlist(COLUMNS),
        "kept": [
            (name, value) for name, value in request.GET.items() if value and name not in (COLUMNS, AFTER, BEFORE)
        ],
    }
    response = render(request, "screens/list.html", context, status=422 if question.form.errors else 200)
    # What a form sends for its empty fields says nothing; the address that is kept and sent on is the short one.
    response["HX-Push-Url"] = f"{request.path}{address(request, {})}".removesuffix("?")
    return response


def allowed(screens: Screens, authority: Authority) -> dict[str, bool]:
    """What the person may do at all, by the action's name; what has no page is left out."""
    may = {action.value: screens.policy.may(authority, action) is None for action in Action}
    return may | {
        "add": may["add"] and bool(screens.fields),
        "change": may["change"] and bool(screens.fields),
        "bring_in": may["bring_in"] and bool(screens.fields and screens.key),
    }


def urls_for(screens: Screens) -> dict[str, str]:
    """Addresses of the pages that name no row, by name with underscores; missing ones are left out."""
    from django.urls import NoReverseMatch

    found = {}
    for page in ("list", "create", "import", "bulk", "undo", "views", "view-delete", "export-csv", "export-xlsx",
                 "export-pdf"):  # fmt: skip
        try:
            found[page.replace("-", "_")] = screens.url(page)
        except NoReverseMatch:
            continue  # nobody has the role, or the register has no form
    return found


def heads(question: Asked, request: HttpRequest) -> list[dict[str, Any]]:
    """Column heads: the label, whether it sorts the list now and how, and the address that sorts by it."""
    found = []
    for column in question.columns:
        now = {column.name: "ascending", f"-{column.name}": "descending"}.get(question.sort, "none")
        target = f"-{column.name}" if now == "ascending" else column.name
        url = address(request, {SORT: target}) if column.sort else ""
        found.append({"label": column.label, "direction": now, "url": url, "is_number": column.is_number})
    return found


def address(request: HttpRequest, changes: dict[str, str]) -> str:
    """The question of this address with `changes`, from the first page on."""
    given = request.GET.copy()
    for name in (AFTER, BEFORE, VIEW):
        given.pop(name, None)
    for name, value in changes.items():
        given[name] = value
    for name in [name for name in given if not any(given.getlist(name))]:
        given.pop(name)
    return f"?{given.urlencode()}"


__all__ = ["COLUMNS", "address", "allowed", "list_page", "urls_for"]
