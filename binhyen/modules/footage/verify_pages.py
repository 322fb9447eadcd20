"""For anyone who was handed a package: how to check it, the checker, and the station's public key."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from binhyen.kernel.units.authority import public
from binhyen.modules.footage.evidence.page import viewer_page
from binhyen.modules.footage.evidence.seal import grouped
from binhyen.modules.footage.packages import signing_key


@public
def how_to_verify(request: HttpRequest) -> HttpResponse:
    """In plain words, for a lawyer, a judge, a citizen."""
    key = signing_key().public_key
    context = {"key": key, "fingerprint": grouped(key.fingerprint)}
    return render(request, "footage/verify.html", context)


@public
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The one-file checker: downloaded, since it works offline and needs nothing of this station."""
    response = HttpResponse(viewer_page(), content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="xem-va-kiem.html"'
    return response


@public
def public_key(request: HttpRequest) -> HttpResponse:
    """`minisign.pub` of this station."""
    response = HttpResponse(signing_key().public_key.text(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="minisign.pub"'
    return response
