"""Who gave for a site: read and written by registrars alone, each time with a line in the log."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from binhyen.kernel.screens import Action, screens_of
from binhyen.modules.network.domain import DONOR_CHARS_MAX, name_donor, read_donor
from binhyen.modules.network.models import CameraSite
from binhyen.modules.network.pages.shared import authority_in, for_keepers, user_in


class DonorForm(forms.Form):
    """Who gave."""

    donor = forms.CharField(
        label="Bên tặng",
        max_length=DONOR_CHARS_MAX,
        required=False,
        help_text="Tên được niêm phong, không có trong danh sách hay tệp nào. Không ghi hộ gia đình có camera "
        "tự nguyện vào đây. Để trống để xóa tên.",
        error_messages={"max_length": f"“Bên tặng” dài quá {DONOR_CHARS_MAX} chữ. Hãy ghi ngắn lại."},
    )


@require_POST
@for_keepers
def donor_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The name, and the form to correct it. By POST, since looking leaves a line in the log."""
    site = _site_in(request, pk)
    form = DonorForm(initial={"donor": read_donor(site, by=user_in(request))})
    return render(request, "network/donor.html", {"site": site, "form": form})


@require_POST
@for_keepers
def donor_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep or remove the name."""
    site, form = _site_in(request, pk), DonorForm(request.POST)
    if not form.is_valid():
        return render(request, "network/donor.html", {"site": site, "form": form}, status=422)
    name_donor(site, form.cleaned_data["donor"], by=user_in(request))
    messages.success(request, "Đã niêm phong tên bên tặng." if form.cleaned_data["donor"] else "Đã xóa tên bên tặng.")
    return redirect("camerasite-detail", pk=site.pk)


def _site_in(request: HttpRequest, pk: int) -> CameraSite:
    screens: Any = screens_of(CameraSite)
    site: CameraSite = get_object_or_404(screens.rows(authority_in(request), Action.CHANGE), pk=pk)
    return site
