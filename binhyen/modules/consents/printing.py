"""Sheets with a QR to hand out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Sheet:
    """One sheet: the address that it opens, and its QR as a picture."""

    address: str
    qr: str


def sheets_of(request: HttpRequest, tokens: Sequence[str]) -> list[Sheet]:
    """A sheet for each token, with the address under which this station is seen."""
    import segno

    addresses = [request.build_absolute_uri(reverse("join", args=[token])) for token in tokens]
    return [
        Sheet(address, segno.make_qr(address, error="m").svg_data_uri(border=2, scale=4, omitsize=False))
        for address in addresses
    ]
