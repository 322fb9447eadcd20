"""The product's addresses, and the admin's."""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest
from django.urls import path

from binhyen.bench.listed.models import ListedRow
from binhyen.kernel.screens.paging import ROWS_PER_PAGE
from binhyen.web import urls as product


class OpenSite(AdminSite):
    """Django's admin as it is, open to whoever has signed in."""

    def has_permission(self, request: HttpRequest) -> bool:
        return True


class ListedRowAdmin(ModelAdmin):  # type: ignore[type-arg]  # of ListedRow
    """The same columns, filters and search, said in the admin's words."""

    list_display = ("number", "name", "place", "kind", "opened_on", "closed_on", "unit")
    list_filter = ("kind", "opened_on")
    list_select_related = ("unit",)
    search_fields = ("number", "name", "place")
    ordering = ("-opened_on", "-id")
    list_per_page = ROWS_PER_PAGE

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_module_permission = has_view_permission


site = OpenSite(name="admin")
site.register(ListedRow, ListedRowAdmin)
urlpatterns = [*product.urlpatterns, path("admin/", site.urls)]
handler400 = product.handler400
