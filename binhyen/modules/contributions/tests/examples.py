"""A gift whose campaign has published its sum."""

from typing import Any

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.testing.world import SINCE
from binhyen.modules.contributions.ledger import enter, link_token, number_campaign
from binhyen.modules.contributions.models import Campaign, Entry
from binhyen.modules.contributions.publishing import publish


def _make(setting: Setting) -> dict[str, Any]:
    campaign = Campaign(unit=setting.unit, name="Mua đèn chiếu sáng", purpose="Đèn cho ngõ tối", opened_on=SINCE)
    number_campaign(campaign)
    gifts = [
        enter(Entry(campaign=campaign, kind="money", amount=100_000, received_on=SINCE), by=None, donor=f"Người {n}")
        for n in range(5)
    ]
    publish(campaign, by=None)
    return {"gift": gifts[0]}


EXAMPLES = Examples(
    make=_make,
    parameters={"token": lambda things: link_token(things.gift.code)},
    by_route={
        ("contributions-correct", "pk"): lambda things: things.gift.pk,
        ("contributions-donor", "pk"): lambda things: things.gift.pk,
        ("contributions-campaign", "pk"): lambda things: things.gift.campaign_id,
        ("contributions-file", "pk"): lambda things: things.gift.campaign_id,
        ("contributions-receipt", "code"): lambda things: things.gift.code,
        ("contributions-receipt-file", "code"): lambda things: things.gift.code,
    },
    constants={("contributions-file", "number"): 1},
    forms={"contributions-correct": {"right": lambda things: {"right_amount": "90.000", "reason": "Đếm lại."}}},
)
