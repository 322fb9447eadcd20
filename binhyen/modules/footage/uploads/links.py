"""The one-time link: a code that is opened once, on one device, and lets that device send one ask's file.

The code has 80 bits and stands behind `#` in the link, so that no server writes it to a log; it can be typed as well.
Opening it
gives a grant of 256 bits that the device keeps. Both are kept as SHA-256 alone. A new link of the same ask ends the
old one
and the grant that came of it, so at most one device sends at a time. Neither shows what was asked for, nor anything
sent.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from binhyen.kernel.units.authority import across_units
from binhyen.modules.footage.uploads.faults import NO_GRANT, UploadRefused, over
from binhyen.modules.footage.uploads.models import UploadLink

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which are read wrongly aloud and on screens."""
CODE_LETTERS = 16
GROUP = 4
_MEANT = str.maketrans("ILOU", "110V")

UNKNOWN_CODE = (
    "Mã nộp tệp này không đúng, đã được mở trên máy khác hoặc đã hết hạn. Hãy lập liên kết mới ở trang yêu cầu."
)
UNKNOWN_GRANT = "Máy này không còn quyền gửi tệp. Hãy lập liên kết mới ở trang yêu cầu rồi mở trên máy này để gửi tiếp."


@transaction.atomic
def make_link(ask_id: UUID, *, at: datetime) -> str:
    """A fresh code for an ask that waits, as a person reads it; what was made for the ask before is void."""
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
    _keep(ask_id, at, code_hash=_hash(code), grant_hash=None, opened_at=None)
    return "-".join(code[n : n + GROUP] for n in range(0, CODE_LETTERS, GROUP))


@transaction.atomic
def grant_here(ask_id: UUID, *, at: datetime) -> str:
    """A grant for the device where the owner is signed in; a link made before is void."""
    grant = secrets.token_urlsafe(32)
    _keep(ask_id, at, code_hash=_hash(secrets.token_hex(32)), grant_hash=_hash(grant), opened_at=at)
    return grant


@transaction.atomic
def open_link(code: str, *, at: datetime) -> str:
    """The grant that `code` opens, once. Raises UploadRefused."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_MEANT)
    grant = secrets.token_urlsafe(32)
    with across_units():
        found = UploadLink.objects.filter(code_hash=_hash(plain), opened_at=None, expires_at__gt=at)
        if not found.update(opened_at=at, grant_hash=_hash(grant)):
            raise UploadRefused(NO_GRANT, UNKNOWN_CODE)
    return grant


def ask_of(grant: str, *, at: datetime) -> UUID:
    """The id of the ask that `grant` is for, while that waits for an answer. Raises UploadRefused."""
    with across_units():
        found = UploadLink.objects.filter(grant_hash=_hash(grant)) if grant else UploadLink.objects.none()
        link = found.select_related("ask__request__case").first()
    if link is None:
        raise UploadRefused(NO_GRANT, UNKNOWN_GRANT)
    ask = link.ask
    if at >= link.expires_at or ask.state != "waiting" or ask.request.state != "open" or not ask.request.case.is_open:
        raise over()
    return UUID(str(ask.pk))


def _keep(ask_id: UUID, at: datetime, **hashes: object) -> None:
    with across_units():
        due_at = UploadLink._meta.get_field("ask").related_model._base_manager.get(pk=ask_id).due_at  # type: ignore[union-attr]  # a model
        UploadLink.objects.update_or_create(ask_id=ask_id, defaults={"made_at": at, "expires_at": due_at, **hashes})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
