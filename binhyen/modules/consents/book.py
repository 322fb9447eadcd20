"""What cameras ask of consents."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.timezone import localdate
from django_scopes import scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.modules.cameras.public import Camera, Standing, use_consent_book
from binhyen.modules.consents import domain
from binhyen.modules.consents.models import Consent


class Consents:
    """See `cameras.consent.ConsentBook`."""

    def standings(self, codes: Collection[str], at: datetime) -> Mapping[str, Standing]:
        """One query, however many cameras."""
        with scopes_disabled():
            found = Consent.objects.filter(camera__code__in=codes).select_related("camera")
            return {consent.camera.code: _standing(consent, at) for consent in found}

    def begin(self, camera: Camera, *, owner: User, agreed: bool, streams: bool) -> None:
        """See `domain.begin`."""
        domain.begin(camera, owner=owner, agreed=agreed, streams=streams)

    def withdraw(self, camera: Camera, *, by: User) -> None:
        """See `domain.withdraw`."""
        domain.withdraw(camera, by=by)


def _standing(consent: Consent, at: datetime) -> Standing:
    is_open = consent.state == Consent.State.GIVEN and bool(consent.expires_on and localdate(at) < consent.expires_on)
    return Standing(
        is_open=is_open,
        hours=consent.hours,
        live=consent.live,
        purposes=frozenset(consent.purposes),
        streams=consent.streams,
    )


use_consent_book(Consents())
