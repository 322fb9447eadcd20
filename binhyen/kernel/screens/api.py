"""Registers over HTTP for programs: list by key, and one row. Read only; the same policy as the pages."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.security import SessionAuth
from pydantic import Field, create_model

from binhyen.kernel.screens.asking import AFTER, SEARCH, SORT, asked
from binhyen.kernel.screens.columns import Column
from binhyen.kernel.screens.declaration import Screens, all_screens
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.sheets import Cell
from binhyen.kernel.sheets.writing import cell_words
from binhyen.kernel.units.authority import Authority, Refused

KEY_MAX = 2**63 - 1


class SignedIn(SessionAuth):
    """The session of a person who has signed in with the second factor."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.authority.user  # type: ignore[attr-defined]  # set by AuthorityMiddleware


class Problem(Schema):
    """What was wrong, and what to do."""

    code: str = ""
    detail: str
    remedy: str = ""


def routers() -> dict[str, Router]:
    """A router for each register that is in the API, by its prefix."""
    return {f"/{screens.slug}": router_of(screens) for screens in all_screens() if screens.has_api}


def router_of(screens: Screens) -> Router:
    """List and detail of one register. Every value is text as in a file; `id` is the row's key."""
    router = Router(tags=[screens.title], auth=SignedIn(csrf=False))
    name = screens.model.__name__
    fields: dict[str, Any] = {column.name: (str, ...) for column in screens.shown_columns}
    row_schema: Any = create_model(f"{name}Row", __base__=Schema, id=(int, ...), **fields)
    list_schema: Any = create_model(f"{name}List", __base__=Schema, rows=(list[row_schema], ...), next=(str, ...))
    refusals: dict[Any, Any] = {400: Problem, 401: Problem, 403: Problem, 404: Problem}
    router.get("", response={200: list_schema, **refusals}, summary=f"{screens.title}: danh sách",
               operation_id=f"{screens.name}_list", url_name=f"{screens.name}_list")(_list(screens))  # fmt: skip
    router.get("/{pk}", response={200: row_schema, **refusals}, summary=f"{screens.title}: một dòng",
               operation_id=f"{screens.name}_one", url_name=f"{screens.name}_one")(_one(screens))  # fmt: skip
    return router


def _list(screens: Screens) -> Callable[..., Any]:
    def rows(
        request: HttpRequest,
        tim: Annotated[str, Field(max_length=200)] = "",
        sap: Annotated[str, Field(max_length=60)] = screens.order,
        sau: Annotated[str, Field(max_length=500)] = "",
    ) -> Any:
        """Rows in the asked order; `next` goes into `sau` for the following ones. Filters are those of the page."""
        authority = _refused(request, screens)
        given = request.GET.copy()
        for parameter, value in ((SEARCH, tim), (SORT, sap), (AFTER, sau)):
            given[parameter] = value
        question = asked(screens, given, authority)
        if question.form.errors:
            sentences = [str(each) for errors in question.form.errors.values() for each in errors]
            return Status(400, {"detail": " ".join(sentences)})
        page = question.page()
        return {"rows": [as_json(screens.shown_columns, row) for row in page.rows], "next": page.older}

    return rows


def _one(screens: Screens) -> Callable[..., Any]:
    def one(request: HttpRequest, pk: int) -> Any:
        """One row by its key."""
        authority = _refused(request, screens)
        found = get_object_or_404(screens.rows(authority), pk=pk if -KEY_MAX <= pk <= KEY_MAX else 0)
        return as_json(screens.shown_columns, found)

    return one


def _refused(request: HttpRequest, screens: Screens) -> Authority:
    authority: Authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    refusal = screens.policy.may(authority, Action.SEE)
    if refusal:
        raise Refused(refusal)
    return authority


def as_json(columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    """A row as the API gives it."""
    return {"id": row.pk} | {column.name: _text(column.value(row)) for column in columns}


def _text(value: Cell) -> str:
    return value if isinstance(value, str) else cell_words(value)
