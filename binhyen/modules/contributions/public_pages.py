"""For anyone: what was given, how to add it up; for a donor with the private address: the own gift."""

from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from binhyen.kernel.units.authority import across_units, public
from binhyen.modules.contributions import ledger, publishing
from binhyen.modules.contributions.models import Campaign, Entry, Publication
from binhyen.modules.contributions.proof.publication import canonical
from binhyen.modules.contributions.proof.receipt import check_receipt

CAMPAIGNS_SHOWN = 200


@public
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign that has published anything, with its newest total."""
    with across_units():
        newest = Publication.objects.order_by("campaign", "-number").distinct("campaign")
        found = Publication.objects.filter(pk__in=newest.values("pk")).select_related("campaign__unit")
        shown = list(found.defer("coins", "seed").order_by("-published_at")[:CAMPAIGNS_SHOWN])
    return render(request, "contributions/public_list.html", {"publications": shown})


@public
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: its total, every publication, how to check."""
    with across_units():
        found = get_object_or_404(Campaign.objects.select_related("unit"), pk=pk, publications__number=1)
        all_of_it = list(found.publications.defer("coins", "seed"))
    return render(request, "contributions/public_one.html", {"campaign": found, "publications": all_of_it})


@public
def publication_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The file of one publication: every coin."""
    with across_units():
        rows = Publication.objects.select_related("campaign__unit")
        file = publishing.public_file(get_object_or_404(rows, campaign_id=pk, number=number))
    return _download(file, f"cong-bo-{file['header']['campaign']}-{number}.json")


@public
def receipt(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """A donor's own gift, behind an address that only the donor was given."""
    with across_units():
        entry = _gift(code, token)
        publication = publishing.latest(entry.campaign)
        if publication and publication.up_to < entry.number:
            publication = None
        name = ledger.donor_name(entry)
        context = {
            "entry": entry,
            "name": ledger.ERASED if name is None else name or ledger.NAMELESS,
            "net": ledger.net_of(entry),
            "corrections": list(entry.corrections.order_by("number")),
            "publication": publication,
            "checked": _checked(entry, publication) if publication else None,
            "waiting": publishing.DONORS_MIN,
            "qr": _qr(settings.BINHYEN_URL + request.path),
            "address": settings.BINHYEN_URL + request.path,
            "file_url": reverse("contributions-receipt-file", args=[code, token]),
        }
    return _private(render(request, "contributions/receipt.html", context))


@public
def receipt_file(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The receipt as a file that proves itself against the newest publication, offline."""
    with across_units():
        entry = _gift(code, token)
        publication = publishing.latest(entry.campaign)
        if publication is None or publication.up_to < entry.number:
            raise Http404
        file = publishing.receipt_file(entry, publication)
    if file is None:
        raise Http404
    return _private(_download(file, f"bien-nhan-{code}.json"))


def _gift(code: str, token: str) -> Entry:
    """The gift of a receipt's address; the same 404 for a code that is not there and for a wrong secret."""
    is_right = compare_digest(ledger.link_token(code).encode(), token.encode())
    entry = Entry.objects.select_related("campaign__unit").filter(code=code, corrects=None).first()
    if not is_right or entry is None:
        raise Http404
    return entry


def _checked(entry: Entry, publication: Publication) -> Any:
    file = publishing.receipt_file(entry, publication)
    return check_receipt(file, root=publication.root) if file else None


def _qr(address: str) -> str:
    import segno

    return segno.make_qr(address, error="m").svg_data_uri(border=2, scale=4, omitsize=False)


def _download(file: dict[str, Any], name: str) -> HttpResponse:
    response = HttpResponse(canonical(file), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
