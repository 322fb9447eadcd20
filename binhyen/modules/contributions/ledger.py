"""Writing into the ledger."""

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Refusal, Refused
from binhyen.kernel.units.roles import Role
from binhyen.kernel.upkeep.erasing import erase_rows
from binhyen.kernel.vault import open_sealed, pseudonym, seal
from binhyen.kernel.vietnamese.folding import without_diacritics
from binhyen.kernel.vietnamese.numbers import money_words
from binhyen.modules.contributions.models import Campaign, Donor, Entry
from binhyen.modules.contributions.proof.receipt import statement_hash

KEEPERS = frozenset({Role.CHIEF, Role.COMMUNE_OFFICER})
"""Those who keep the ledger: set gifts right, read and erase names, publish."""
NAMELESS = "Người góp không ghi tên"
ERASED = "(tên đã được xóa theo yêu cầu)"


@transaction.atomic
def number_campaign(campaign: Campaign) -> None:
    """Give a new campaign its code, and save it."""
    if not campaign.code:
        count = Campaign._base_manager.select_for_update().filter(unit=campaign.unit).count()
        campaign.code = f"{campaign.unit.code}-{count + 1}"
        while Campaign._base_manager.filter(code=campaign.code).exists():  # one of the unit's was deleted
            count += 1
            campaign.code = f"{campaign.unit.code}-{count + 1}"
    campaign.save()


def enter(entry: Entry, *, by: User | None, donor: str = "") -> Entry:
    """Write a gift as the next line of its campaign. `donor` is sealed. Raises Refused where the campaign is over."""
    return enter_many(entry.campaign_id, [(entry, donor)], by=by)[0]


@transaction.atomic
def enter_many(campaign_id: int, gifts: list[tuple[Entry, str]], *, by: User | None) -> list[Entry]:
    """Write gifts with their donors' names as the next lines of a campaign, all or none."""
    campaign = _locked(campaign_id)
    first = _last_number(campaign) + 1
    for number, (entry, donor) in enumerate(gifts, first):
        _refuse_after_the_end(entry, campaign)
        _number(entry, campaign, by, number)
        donor = _plain(donor)
        entry.statement_hash = statement_hash(statement_of(entry, donor), statement_salt(entry.code)).hex()
        entry.donor_key = pseudonym(without_diacritics(donor), purpose="contributions.donor") if donor else ""
    written = Entry._base_manager.bulk_create([entry for entry, _ in gifts])
    Donor._base_manager.bulk_create(
        Donor(entry=entry, sealed=seal(_plain(donor).encode(), context=_context(entry))) for entry, donor in gifts
    )
    return written


def _plain(donor: str) -> str:
    return " ".join(donor.split())


def _refuse_after_the_end(entry: Entry, campaign: Campaign) -> None:
    if campaign.closed_on and entry.received_on > campaign.closed_on:
        raise Refused(
            Refusal(
                f"{campaign.name} đã kết thúc ngày {campaign.closed_on:%d/%m/%Y}.",
                code="campaign_closed",
                remedy="Hãy kiểm tra ngày nhận, hoặc ghi vào đợt đang mở.",
            )
        )


@transaction.atomic
def correct(entry: Entry, *, right_amount: int, reason: str, by: User | None) -> Entry:
    """Set a gift right: a new line with the difference. Raises Refused where nothing would change."""
    campaign = _locked(entry.campaign_id)
    difference = right_amount - net_of(entry)
    if entry.corrects_id is not None or difference == 0 or right_amount < 0:
        sentence = f"Khoản {entry} hiện là {money_words(net_of(entry))}: không có gì để sửa."
        raise Refused(
            Refusal(sentence, code="nothing_to_correct", remedy="Hãy nhập số tiền đúng, 0 nếu không có thật.")
        )
    line = Entry(
        campaign=campaign, group=entry.group, kind=entry.kind, amount=difference, what=entry.what,
        received_on=entry.received_on, corrects=entry, reason=" ".join(reason.split()), donor_key=entry.donor_key,
    )  # fmt: skip
    _number(line, campaign, by, _last_number(campaign) + 1)
    line.unit = entry.unit  # whose sum it sets right, although the campaign may be another unit's by now
    line.save(force_insert=True)
    return line


def _locked(pk: int) -> Campaign:
    """The campaign, locked: lines of one campaign come one after the other, and never while it is being published."""
    return Campaign._base_manager.select_for_update(of=("self",)).select_related("unit").get(pk=pk)


def _last_number(campaign: Campaign) -> int:
    return Entry._base_manager.filter(campaign=campaign).aggregate(last=Max("number"))["last"] or 0


def _number(entry: Entry, campaign: Campaign, by: User | None, number: int) -> None:
    entry.campaign, entry.unit = campaign, campaign.unit
    entry.number = number
    entry.code = f"{campaign.code}-{entry.number:05d}"
    entry.recorded_at, entry.recorded_by = now(), by


def net_of(entry: Entry) -> int:
    """What a gift amounts to after its corrections, in đồng."""
    taken = Entry._base_manager.filter(corrects=entry).aggregate(sum=Sum("amount"))["sum"]
    return int(entry.amount + (taken or 0))


def donor_name(entry: Entry) -> str | None:
    """Who gave; empty for somebody who wanted no name written down, None where it was erased."""
    donor = Donor._base_manager.filter(entry=entry).first()
    if donor is None:
        return None
    return open_sealed(donor.sealed, context=_context(entry)).decode()


def names_somebody(entry: Entry) -> bool:
    """Whether a donor's name, or that none was wanted, is still kept for this gift."""
    return Donor._base_manager.filter(entry=entry).exists()


def erase_donor(entry: Entry, *, by: User | None) -> None:
    """Erase a donor's name for good, in backups too; the gift stays in every sum."""
    for donor in Donor._base_manager.filter(entry=entry):
        donor.delete()


erase_rows(Donor)  # noted in the journal of erasures: a backup that is brought back loses the name again


def statement_of(entry: Entry, donor: str) -> dict[str, str]:
    """The words of a receipt, as they are hashed."""
    gift = f"{entry.what} (trị giá {entry.amount} đồng)" if entry.what else f"{entry.amount} đồng"
    return {
        "campaign": entry.campaign.code,
        "code": entry.code,
        "day": entry.received_on.isoformat(),
        "donor": donor or NAMELESS,
        "kind": entry.kind,
        "what": gift,
    }


def statement_salt(code: str) -> bytes:
    """What hides the words of a receipt from those who would guess them."""
    return bytes.fromhex(pseudonym(code, purpose="contributions.statement"))


def link_token(code: str) -> str:
    """The secret part of a receipt's address: kept nowhere, computed with a key outside the database."""
    return pseudonym(code, purpose="contributions.link")[:32]


def _context(entry: Entry) -> str:
    return f"contributions.donor:{entry.code}"
