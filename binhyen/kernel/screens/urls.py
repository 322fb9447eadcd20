"""The addresses of every declared register."""

from collections.abc import Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from binhyen.kernel.screens.declaration import Screens, View, all_screens
from binhyen.kernel.screens.pages import bringing, listing, one, saved, taking
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import open_to


def urls_of(screens: Screens) -> list[URLPattern]:
    """Every page of one register that somebody may open."""
    found = []
    for page, address, action, view in _pages(screens):
        roles = screens.policy.roles(action)
        if not roles:
            continue  # open_to() without a role means everyone
        guarded = view if hasattr(view, "open_to") else open_to(*roles)(view)
        found.append(path(f"{screens.slug}/{address}", guarded, name=f"{screens.name}-{page}"))
    return found


def _pages(screens: Screens) -> Iterator[tuple[str, str, Action, View]]:
    def own(view: Any, replaced: View | None = None) -> View:
        return replaced or _bound(view, screens)

    def sent(view: Any, action: Action) -> View:
        return require_POST(open_to(*screens.policy.roles(action))(_bound(view, screens)))

    yield "list", "", Action.SEE, own(listing.list_page, screens.list_view)
    yield "views", "cach-xem/", Action.SEE, sent(saved.save_view, Action.SEE)
    yield "view-delete", "cach-xem/xoa/", Action.SEE, sent(saved.delete_view, Action.SEE)
    if screens.fields:
        yield "create", "them/", Action.ADD, own(one.create_page, screens.create_view)
        yield "edit", "<int:pk>/sua/", Action.CHANGE, own(one.edit_page, screens.edit_view)
    yield "delete", "<int:pk>/xoa/", Action.DELETE, own(one.delete_page)
    yield "undo", "hoan-tac/", Action.DELETE, sent(one.undo_page, Action.DELETE)
    yield "detail", "<int:pk>/", Action.SEE, own(one.detail_page, screens.detail_view)
    if hasattr(screens.model, "workflow"):
        yield "step", "<int:pk>/buoc/", Action.SEE, sent(one.step_page, Action.SEE)
    if screens.verbs:
        yield "verb", "<int:pk>/viec/", Action.SEE, sent(one.verb_page, Action.SEE)
        yield "bulk", "hang-loat/", Action.SEE, sent(one.bulk_page, Action.SEE)
    for kind in taking.KINDS:
        yield f"export-{kind}", f"danh-sach.{kind}", Action.TAKE_OUT, own(taking.export_as(kind))
    if screens.fields and screens.key:
        yield "import", "nhap/", Action.BRING_IN, own(bringing.import_page)
        yield "import-sample", "nhap/mau.xlsx", Action.BRING_IN, own(bringing.sample_page)
        yield "import-one", "nhap/<int:pk>/", Action.BRING_IN, own(bringing.import_one)
        yield "import-take", "nhap/<int:pk>/dong-y/", Action.BRING_IN, sent(bringing.take_page, Action.BRING_IN)
        yield "import-undo", "nhap/<int:pk>/hoan-tac/", Action.BRING_IN, sent(bringing.undo_page, Action.BRING_IN)


def _bound(view: View, screens: Screens) -> View:
    @wraps(view)
    def with_screens(request: HttpRequest, **parameters: Any) -> HttpResponse:
        return view(request, screens, **parameters)

    return with_screens


urlpatterns: list[URLPattern] = [
    path("tai-ve/", taking.exports_page, name="exports"),
    path("tai-ve/<int:pk>/", taking.export_page, name="export"),
    path("tai-ve/<int:pk>/tep/", taking.export_file, name="export-file"),
]
urlpatterns += [pattern for screens in all_screens() for pattern in urls_of(screens)]
