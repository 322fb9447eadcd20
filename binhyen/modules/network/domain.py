"""Verbs of the network's registers: a donor's name, the outcome of an item of the checklist."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate, now
from django_scopes import scopes_disabled

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.history import acting
from binhyen.kernel.units.authority import Refused, authority_of
from binhyen.kernel.upkeep.erasing import erase_rows
from binhyen.kernel.vault import open_sealed, seal
from binhyen.modules.cameras.public import Tier
from binhyen.modules.network import rules
from binhyen.modules.network.checklist import items
from binhyen.modules.network.models import CameraSite, SecurityCheck, SiteDonor

DONOR_CHARS_MAX = 160
NOTE_CHARS_MAX = 200


@transaction.atomic
def name_donor(site: CameraSite, name: str, *, by: User) -> None:
    """Keep sealed who gave for `site`; an empty name takes it away. The log says that, never whom. Raises Refused."""
    refusal = rules.may_read_donor(authority_of(by), site)
    if refusal:
        raise Refused(refusal)
    with scopes_disabled():
        if name.strip():
            sealed = seal(name.strip()[:DONOR_CHARS_MAX].encode(), context=_context(site))
            SiteDonor.objects.update_or_create(site=site, defaults={"sealed": sealed})
        else:
            SiteDonor.objects.filter(site=site).delete()
    record("network.donor.name", by=by, subject=str(site), unit=site.unit.code)


def read_donor(site: CameraSite, *, by: User) -> str:
    """Who gave for `site`, "" where nobody is named; the look is logged. Raises Refused."""
    refusal = rules.may_read_donor(authority_of(by), site)
    if refusal:
        raise Refused(refusal)
    with scopes_disabled():
        donor = SiteDonor.objects.filter(site=site).first()
    record("network.donor.read", by=by, subject=str(site), unit=site.unit.code)
    return open_sealed(bytes(donor.sealed), context=_context(site)).decode() if donor else ""


def has_donor(site: CameraSite) -> bool:
    """Whether somebody is named."""
    with scopes_disabled():
        return SiteDonor.objects.filter(site=site).exists()


def record_check(
    camera_code: str, item: str, outcome: str, *, by: User | None, note: str = "", at: datetime | None = None
) -> SecurityCheck:
    """Keep what came of trying one item of the checklist at a camera of tier 1 or 2; the newest outcome counts.

    `outcome` is of `SecurityCheck.Outcome`; `by` None is the station itself. `note` must hold no password. Raises
    ValueError for an unknown item or outcome or a household's camera, Camera.DoesNotExist for an unknown code.
    """
    if item not in items() or outcome not in SecurityCheck.Outcome.values:
        raise ValueError(f"no item or outcome of the checklist: {item!r}, {outcome!r}")
    with scopes_disabled(), acting(by):
        camera = SecurityCheck._meta.get_field("camera").related_model._base_manager.get(code=camera_code)
        if camera.tier == Tier.HOUSEHOLD:
            raise ValueError("a household's camera stands in no register of the network")
        tried = outcome != SecurityCheck.Outcome.NOT_TRIED
        kept, _ = SecurityCheck.objects.update_or_create(
            camera=camera,
            item=item,
            defaults={
                "outcome": outcome,
                "checked_on": localdate(at or now()) if tried else None,
                "how": SecurityCheck.How.MACHINE,
                "note": note[:NOTE_CHARS_MAX],
            },
        )
    return kept


def _context(site: CameraSite) -> str:
    return f"network.site_donor:{site.pk}"


erase_rows(SiteDonor)
