"""Views of a list that a person keeps under a name, and shares inside the unit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from binhyen.kernel.screens.asking import AFTER, BEFORE, VIEW, asked
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.models import SavedView
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit


class ViewForm(forms.Form):
    """A name, the question, and whether the unit sees it."""

    ten = forms.CharField(label="Tên cách xem", max_length=60)
    cau_hoi = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput())
    dung_chung = forms.BooleanField(label="Dùng chung trong đơn vị", required=False)


def views_for(screens: Screens, authority: Authority) -> "QuerySet[SavedView]":
    """The person's own, and those shared in the units that the person serves."""
    mine = Q(user=authority.user) | Q(unit_id__in=_own_units(authority))
    return SavedView.objects.filter(mine, screens=screens.name).select_related("user")


def _own_units(authority: Authority) -> "QuerySet[Unit]":
    paths = {path for held in authority.paths.values() for path in held}
    return Unit.objects.filter(path__in=paths)  # type: ignore[no-any-return]  # treebeard is untyped


def save_view(request: HttpRequest, screens: Screens) -> HttpResponse:
    """Keep the question under a name; one of the same name is replaced."""
    authority: Authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chưa lưu cách xem: hãy nhập tên, tối đa 60 ký tự.")
        return redirect(screens.url())
    question = _question(form.cleaned_data["cau_hoi"])
    asked(screens, question, authority)  # only what the list understands is kept
    unit = _own_units(authority).first() if form.cleaned_data["dung_chung"] else None
    values: dict[str, Any] = {"query": question.urlencode(), "unit": unit}
    SavedView.objects.update_or_create(
        user=authority.user, screens=screens.name, name=form.cleaned_data["ten"], defaults=values
    )
    messages.success(request, f"Đã lưu cách xem “{form.cleaned_data['ten']}”.")
    return redirect(f"{screens.url()}?{question.urlencode()}")


def delete_view(request: HttpRequest, screens: Screens) -> HttpResponse:
    """Take out a view of one's own."""
    authority: Authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    own = SavedView.objects.filter(user=authority.user, screens=screens.name)
    key = request.POST.get("xem", "")
    get_object_or_404(own, pk=int(key) if key.isdecimal() and len(key) < 19 else 0).delete()
    messages.success(request, "Đã xóa cách xem.")
    return redirect(screens.url())


def _question(text: str) -> QueryDict:
    question = QueryDict(text, mutable=True)
    for name in (AFTER, BEFORE, VIEW):
        question.pop(name, None)
    return question
