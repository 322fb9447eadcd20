"""Officers' pages: writing a gift into the ledger, setting one right, reading a donor's name."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.screens import screens_of
from binhyen.kernel.screens.changing import save_row
from binhyen.kernel.screens.forms import form_for
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Refused, open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.contributions import ledger
from binhyen.modules.contributions.fields import AMOUNT_MAX, DongInput
from binhyen.modules.contributions.models import Entry


class DonorForm(forms.Form):
    """Who gave: stands on the receipt, sealed in the database, on no list."""

    donor = forms.CharField(
        label="Họ tên người góp",
        max_length=120,
        required=False,
        help_text="Chỉ in trên biên nhận và được niêm phong. Để trống nếu người góp không muốn ghi tên.",
    )


class CorrectionForm(forms.Form):
    """What is right, and why."""

    right_amount = DongInput(
        label="Số đúng (đồng)", min_value=0, max_value=AMOUNT_MAX, help_text="Ghi 0 nếu khoản này không có thật."
    )
    reason = forms.CharField(label="Lý do", max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages["required"] = f"Chưa nhập “{field.label}”. Hãy nhập rồi gửi lại."


@open_to(Role.CHIEF, Role.COMMUNE_OFFICER, Role.GROUP_LEADER)
def enter_page(request: HttpRequest) -> HttpResponse:
    """A new gift: the ledger's form and the donor's name."""
    authority, screens = request.authority, screens_of(Entry)  # type: ignore[attr-defined]  # set by the middleware
    initial = {name: request.GET[name] for name in screens.fields if name in request.GET}
    sent = request.POST if request.method == "POST" else None
    form, donor = form_for(screens, authority, sent, initial=initial), DonorForm(sent)
    if request.method == "POST" and form.is_valid() and donor.is_valid():
        entry = form.save(commit=False)
        refusal = screens.policy.may(authority, Action.ADD, entry)
        if refusal:
            raise Refused(refusal)
        entry.donor_words = donor.cleaned_data["donor"]
        save_row(screens, entry, by=authority.user)
        messages.success(request, f"Đã ghi khoản {entry}. Hãy in biên nhận cho người góp.")
        return redirect(screens.url_of(entry))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "donor": donor, "back": screens.url()}
    return render(request, "contributions/enter.html", context, status=status)


@open_to(Role.CHIEF, Role.COMMUNE_OFFICER)
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a gift right by a new line; the old one stays."""
    entry = _own_gift(request, pk)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        with acting(user):
            line = ledger.correct(entry, **form.cleaned_data, by=user)
        record(
            "contributions.entry.correct", by=user, subject=line.code, unit=entry.unit.code, purpose=line.reason[:200]
        )
        messages.success(request, f"Đã ghi dòng sửa {line}. Dòng cũ vẫn còn nguyên.")
        return redirect("entry-detail", pk=entry.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "entry": entry, "net": ledger.net_of(entry), "back": reverse("entry-detail", args=[pk])}
    return render(request, "contributions/correct.html", context, status=status)


@require_POST
@open_to(Role.CHIEF, Role.COMMUNE_OFFICER)
def donor_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gave. Reading a name leaves a line in the log."""
    entry = _own_gift(request, pk)
    user: Any = request.user
    record("contributions.donor.read", by=user, subject=entry.code, unit=entry.unit.code)
    name = ledger.donor_name(entry)
    shown = ledger.ERASED if name is None else name or ledger.NAMELESS
    return render(request, "contributions/donor.html", {"entry": entry, "name": shown})


def _own_gift(request: HttpRequest, pk: int) -> Entry:
    screens: Any = screens_of(Entry)
    authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    entry: Entry = get_object_or_404(screens.rows(authority, Action.ADD), pk=pk, corrects=None)
    return entry


def receipt_url(entry: Entry) -> str:
    """The private address of a gift's receipt."""
    return reverse("contributions-receipt", args=[entry.code, ledger.link_token(entry.code)])
