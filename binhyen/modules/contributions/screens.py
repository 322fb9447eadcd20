"""The pages of campaigns and of the ledger."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from binhyen.kernel.screens import Action, Column, Facts, History, Related, Screens, UnitPolicy, Verb
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.contributions import ledger, pages, publishing
from binhyen.modules.contributions.models import Campaign, Entry
from binhyen.modules.groups.public import READERS, OwnGroup

WRITERS = ledger.KEEPERS | {Role.GROUP_LEADER}
"""Those who write gifts down: a leader those of the own group."""
MENU_POSITION = 58


@dataclass(frozen=True)
class Published:
    """What the public sees of the campaign, and how much still waits."""

    title: str = "Đã công bố"
    template: str = "contributions/_published.html"

    def context(self, screens: Screens, authority: Authority, row: Campaign) -> dict[str, Any]:
        """The newest publication."""
        last = publishing.latest(row)
        waiting = publishing.waiting_donors(row, last.up_to if last else 0)
        missing = max(publishing.DONORS_MIN - waiting, 0)
        url = reverse("contributions-campaign", args=[row.pk])
        return {"publication": last, "waiting": waiting, "missing": missing, "url": url}


@dataclass(frozen=True)
class Standing:
    """What a gift amounts to now, its corrections, and the way to its receipt."""

    title: str = "Giá trị hiện nay"
    template: str = "contributions/_standing.html"

    def context(self, screens: Screens, authority: Authority, row: Entry) -> dict[str, Any]:
        """For a gift; a correction leads to its gift."""
        gift = row.corrects or row
        may = gift.pk == row.pk and screens.policy.may(authority, Action.ADD, row) is None
        keeps = may and authority.holds(ledger.KEEPERS, row.unit)
        lines = [(line, screens.url_of(line)) for line in gift.corrections.order_by("number")]
        return {
            "gift": gift,
            "is_gift": gift.pk == row.pk,
            "gift_url": screens.url_of(gift),
            "net": ledger.net_of(gift),
            "lines": lines,
            "reason": row.reason,
            "receipt_url": pages.receipt_url(row) if may else "",
            "correct_url": reverse("contributions-correct", args=[row.pk]) if keeps else "",
            "donor_url": reverse("contributions-donor", args=[row.pk]) if keeps else "",
        }


class CampaignScreens(Screens):
    """Đợt vận động."""

    model, slug, icon, position = Campaign, "dot-van-dong", "heart-handshake", MENU_POSITION
    columns = "name", "code", "opened_on", "closed_on", "unit"
    filters = "opened_on", "unit"
    order = "-opened_on"
    fields = "unit", "name", "purpose", "opened_on", "closed_on"
    key = "unit", "name"
    panels = Facts(), Published(), Related(Entry, "campaign", "Các khoản mới nhất"), History()
    verbs = (
        Verb(
            "publish", "Công bố tổng", publishing.publish, applies=publishing.can_publish, icon="world-share",
            confirm="Công bố tổng của đợt này? Con số đã công bố không rút lại được.",
        ),
    )  # fmt: skip
    policy = UnitPolicy(see=READERS, change=ledger.KEEPERS, take_out=OFFICERS)
    example = {
        "name": "Lắp camera ngõ xóm",
        "purpose": "Mua và lắp camera ở các ngõ chưa có.",
        "opened_on": "01/11/2025",
        "closed_on": "",
    }

    def save(self, row: Campaign, *, by: Any, is_new: bool) -> None:
        """A new campaign gets its code."""
        ledger.number_campaign(row)


class EntryScreens(Screens):
    """Sổ đóng góp."""

    model, slug, icon, position = Entry, "so-dong-gop", "coins", None
    columns = (
        "code",
        "received_on",
        "campaign",
        "kind",
        Column("gift", "Hiện vật, lý do", lambda row: row.what or row.reason),
        Column("dong", "Số tiền (đồng)", lambda row: row.amount, is_number=True),
        "unit",
    )
    filters = "campaign", "group", "kind", "received_on", "unit"
    order = "-received_on"
    fields = "campaign", "group", "kind", "amount", "what", "received_on"
    panels = (
        Facts(("code", "campaign", "group", "kind", "amount", "what", "received_on", "recorded_by", "recorded_at")),
        Standing(),
        History(),
    )
    verbs = (
        Verb(
            "erase_donor", "Xóa tên người góp", ledger.erase_donor, action=Action.BRING_IN,
            applies=ledger.names_somebody,
            confirm="Xóa hẳn tên người góp của khoản này? Khoản góp vẫn còn trong tổng.", icon="user-off",
        ),
    )  # fmt: skip
    # No file comes in, for the register has no key: what keepers alone may do with a line goes by that action.
    policy = OwnGroup(see=READERS, add=WRITERS, bring_in=ledger.KEEPERS, take_out=OFFICERS, unit="campaign__unit")
    create_view = staticmethod(pages.enter_page)
    example = {"group": "", "kind": "Tiền", "amount": "2.000.000", "what": "", "received_on": "21/11/2025"}

    @property
    def title(self) -> str:
        return "Sổ đóng góp"

    def save(self, row: Entry, *, by: Any, is_new: bool) -> None:
        """The only way in: as the next line of its campaign."""
        ledger.enter(row, by=by, donor=getattr(row, "donor_words", ""))
