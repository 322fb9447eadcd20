"""Receipts of what an owner said: a text anyone can read, signed so that anyone can check it with minisign."""

import secrets
from datetime import datetime

from django.template.loader import render_to_string
from django_scopes import scopes_disabled

from binhyen.kernel.signing.minisign import sign_file
from binhyen.kernel.signing.station import station_key
from binhyen.modules.consents.models import Consent, Receipt
from binhyen.modules.consents.terms import every_terms

KEY = "consent"


def write_receipt(consent: Consent, about: str, *, at: datetime) -> Receipt:
    """Write and sign one."""
    number = f"DY-{secrets.token_hex(4)}-{secrets.token_hex(4)}".upper()
    context = {"consent": consent, "about": about, "number": number, "at": at, "terms": every_terms()[consent.terms]}
    text = render_to_string("consents/receipt.txt", context)
    with scopes_disabled():
        return Receipt.objects.create(
            camera=consent.camera, number=number, about=about, at=at, text=text, signature=_signature(text, number)
        )


def _signature(text: str, number: str) -> str:
    comment = f"binhyen-consent receipt={number}"
    return sign_file(text.encode(), subject=KEY, trusted_comment=comment, signer=station_key(KEY)).text()


def public_key() -> str:
    """The key that receipts are checked with, as a file that `minisign -p` reads."""
    return station_key(KEY).public_key.text()
