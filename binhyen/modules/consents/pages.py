"""Pages of consent: an owner's own, and what an officer hands out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST
from django_scopes import scopes_disabled

from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import Camera, cameras_of
from binhyen.modules.consents import domain
from binhyen.modules.consents.domain import consent_of
from binhyen.modules.consents.forms import ConsentForm, InviteForm
from binhyen.modules.consents.invitations import INVITERS, VALID_FOR, invite
from binhyen.modules.consents.models import Consent, Invitation, Receipt
from binhyen.modules.consents.printing import sheets_of
from binhyen.modules.consents.receipts import public_key
from binhyen.modules.consents.terms import every_terms, terms_on

for_owners = open_to(Role.CAMERA_OWNER)
for_inviters = open_to(*INVITERS)


@for_owners
def own_consent(request: HttpRequest, code: str) -> HttpResponse:
    """Read the terms, choose, and see what was said before."""
    camera = _own(request, code)
    consent = _consent(camera)
    form = ConsentForm(request.POST or None, consent=consent)
    if request.method == "POST" and form.is_valid():
        receipt = domain.agree(camera, form.agreed(), by=request.user)
        messages.success(request, f"Đã ghi nhận. Mã biên nhận: {receipt.number}.")
        return redirect("own_consent", code=code)
    return render(request, "consents/own.html", _context(camera, consent, form), status=422 if form.errors else 200)


def _context(camera: Camera, consent: Consent, form: ConsentForm) -> dict[str, Any]:
    with scopes_disabled():
        receipts = list(Receipt.objects.filter(camera=camera))
    return {
        "camera": camera,
        "consent": consent,
        "form": form,
        "terms": terms_on(localdate()),
        "agreed_terms": every_terms().get(consent.terms),
        "receipts": receipts,
        "is_active": camera.is_active_on(localdate()),
    }


@require_POST
@for_owners
def own_consent_step(request: HttpRequest, code: str) -> HttpResponse:
    """Pause or resume."""
    camera = _own(request, code)
    if request.POST.get("buoc") == "pause":
        domain.pause(camera, by=request.user)
        messages.success(
            request, "Đã tạm dừng: không ghi, không ai hỏi, người đang xem bị ngắt. Tiếp tục lúc nào cũng được."
        )
    elif request.POST.get("buoc") == "resume":
        domain.resume(camera, by=request.user)
        messages.success(request, "Đã tiếp tục, như trước khi tạm dừng.")
    else:
        messages.error(request, "Không rõ anh/chị muốn tạm dừng hay tiếp tục. Hãy bấm lại nút trên trang.")
    return redirect("own_camera", code=code)


@for_owners
def own_receipt(request: HttpRequest, code: str, number: str, kind: str) -> HttpResponse:
    """A receipt as it was signed (`txt`), or the signature (`minisig`)."""
    camera = _own(request, code)
    with scopes_disabled():
        receipt = Receipt.objects.filter(camera=camera, number=number).first()
    if receipt is None:
        raise Http404
    name = f"{number}.txt" if kind == "txt" else f"{number}.txt.minisig"
    return _download(receipt.text if kind == "txt" else receipt.signature, name)


@for_owners
def receipt_key(request: HttpRequest) -> HttpResponse:
    """The key that receipts are checked with."""
    return _download(public_key(), "binhyen-dong-y.pub")


@for_inviters
def invitations(request: HttpRequest) -> HttpResponse:
    """How many invitations a unit made and how many were used, not by whom; and making new ones."""
    form = InviteForm(request.POST or None)
    units = Unit.objects.filter(pk__in=request.authority.unit_ids(INVITERS)).order_by("path")
    form.fields["unit"].queryset = units
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        tokens = invite(unit, form.cleaned_data["count"], by=request.user)
        response = render(
            request,
            "consents/sheets.html",
            {"sheets": sheets_of(request, tokens), "unit": unit, "days": VALID_FOR.days},
        )
        response["Cache-Control"] = "private, no-store"
        return response
    made = Invitation.objects.filter(unit__in=units)
    counts = {"made": made.count(), "used": made.filter(used=True).count()}
    return render(request, "consents/invitations.html", {"form": form, **counts}, status=422 if form.errors else 200)


def _own(request: HttpRequest, code: str) -> Camera:
    for camera in cameras_of(request.user):
        if camera.code == code:
            return camera
    raise Http404


def _consent(camera: Camera) -> Consent:
    consent = consent_of(camera)
    if consent is None:
        raise Http404
    return consent


def _download(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
