"""Publishing a campaign's sum, and giving donors their receipts."""

import json
import secrets
import zlib
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.kernel.vault import open_sealed, seal
from binhyen.modules.contributions.ledger import donor_name, statement_of, statement_salt
from binhyen.modules.contributions.models import Campaign, Entry, Publication
from binhyen.modules.contributions.proof.coins import Coin, Gift, box_of, coins_of
from binhyen.modules.contributions.proof.publication import Header, file_of, header_of
from binhyen.modules.contributions.proof.receipt import receipt_of
from binhyen.modules.contributions.proof.tree import leaf, levels_of

DONORS_MIN = 5
"""So many donors' gifts must differ between two publications: a smaller step would tell what somebody gave."""
SEED_BYTES = 32


def latest(campaign: Campaign) -> Publication | None:
    """The newest publication of a campaign."""
    return Publication._base_manager.filter(campaign=campaign).order_by("-number").first()


def gifts_of(campaign: Campaign, up_to: int) -> list[Gift]:
    """Every gift of the first `up_to` lines, net of the corrections among them; those that came to nothing left out."""
    net: dict[int, int] = defaultdict(int)
    gifts: dict[int, tuple[str, str]] = {}
    lines = Entry._base_manager.filter(campaign=campaign, number__lte=up_to).order_by("number")
    for pk, code, amount, corrects, hashed in lines.values_list("pk", "code", "amount", "corrects", "statement_hash"):
        net[corrects or pk] += amount
        if corrects is None:
            gifts[pk] = code, hashed
    return [Gift(code, net[pk], bytes.fromhex(hashed)) for pk, (code, hashed) in gifts.items() if net[pk]]


def waiting_donors(campaign: Campaign, since: int) -> int:
    """How many donors' sums the lines after `since` change. All who gave no name count as one: they may be one."""
    change: dict[str, int] = defaultdict(int)
    lines = Entry._base_manager.filter(campaign=campaign, number__gt=since)
    for donor, amount in lines.values_list("donor_key", "amount"):
        change[donor] += amount
    return sum(1 for amount in change.values() if amount)


def can_publish(campaign: Campaign) -> bool:
    """Whether enough has changed."""
    last = latest(campaign)
    return waiting_donors(campaign, last.up_to if last else 0) >= DONORS_MIN


@transaction.atomic
def publish(campaign: Campaign, *, by: User | None) -> Publication:
    """Publish the campaign's sum as it stands. Raises Refused where fewer than five donors would stand behind it."""
    campaign = Campaign._base_manager.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    last = latest(campaign)
    waiting = waiting_donors(campaign, last.up_to if last else 0)
    if waiting < DONORS_MIN:
        raise Refused(
            Refusal(
                f"Mới có khoản góp của {waiting} người chưa công bố; cần ít nhất {DONORS_MIN} người.",
                code="too_few_donors",
                remedy="Công bố ít hơn thì ai cũng trừ ra được người ấy góp bao nhiêu. Hãy đợi thêm.",
            )
        )
    up_to = Entry._base_manager.filter(campaign=campaign).order_by("-number").values_list("number", flat=True)[0]
    made = _made(campaign, up_to, last)
    made.published_at, made.published_by = now(), by
    made.save(force_insert=True)
    record(
        "contributions.publication.publish",
        by=by,
        subject=str(made)[:120],
        unit=campaign.unit.code,
        detail={"total": str(made.total), "gifts": str(made.gifts), "root": made.root},
    )
    return made


def _made(campaign: Campaign, up_to: int, last: Publication | None) -> Publication:
    number, seed = (last.number if last else 0) + 1, secrets.token_bytes(SEED_BYTES)
    gifts = gifts_of(campaign, up_to)
    leaves = [(coin.amount, coin.commitment) for coin in box_of(gifts, seed)]
    header, _ = header_of(
        leaves, campaign=campaign.code, number=number, gifts=len(gifts), previous=last.root if last else ""
    )
    packed = zlib.compress(json.dumps([[amount, commitment.hex()] for amount, commitment in leaves]).encode(), 6)
    return Publication(
        campaign=campaign, number=number, up_to=up_to, gifts=header.gifts, total=header.total, header=vars(header),
        root=header.root, coins=packed, seed=seal(seed, context=_context(campaign, number)),
    )  # fmt: skip


def _context(campaign: Campaign, number: int) -> str:
    return f"contributions.seed:{campaign.code}:{number}"


def leaves_of(publication: Publication) -> list[tuple[int, bytes]]:
    """The public coins."""
    packed = json.loads(zlib.decompress(bytes(publication.coins)))
    return [(amount, bytes.fromhex(text)) for amount, text in packed]


def public_file(publication: Publication) -> dict[str, Any]:
    """The file that anybody may download."""
    campaign = publication.campaign
    about = {
        "campaign": campaign.name,
        "unit": campaign.unit.name,
        "published_at": localtime(publication.published_at).isoformat(timespec="seconds"),
    }
    return file_of(Header(**publication.header), leaves_of(publication), about)


def receipt_file(entry: Entry, publication: Publication) -> dict[str, Any] | None:
    """The donor's file for one gift; None where the name that stands in it was erased."""
    donor = donor_name(entry)
    if donor is None:
        return None
    leaves = leaves_of(publication)
    coins = _coins_of(entry, publication, leaves)
    levels = levels_of([leaf(amount, commitment) for amount, commitment in leaves])
    header = Header(**publication.header)
    return receipt_of(statement_of(entry, donor), statement_salt(entry.code), coins, header, levels)


def _coins_of(entry: Entry, publication: Publication, leaves: list[tuple[int, bytes]]) -> list[tuple[int, Coin]]:
    """The gift's coins with their places: split anew by the publication's seed, found in what was published."""
    campaign = publication.campaign
    seed = open_sealed(publication.seed, context=_context(campaign, publication.number))
    gift = next((each for each in gifts_of(campaign, publication.up_to) if each.code == entry.code), None)
    places = {commitment: index for index, (_, commitment) in enumerate(leaves)}
    return [(places[coin.commitment], coin) for coin in coins_of(gift, seed)] if gift else []
