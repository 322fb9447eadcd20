"""A receipt of the household `home`, and an invitation of the unit."""

from typing import Any

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import Purpose
from binhyen.modules.consents.domain import Agreed, agree
from binhyen.modules.consents.invitations import invite


def _make(setting: Setting) -> dict[str, Any]:
    owner, agreed = setting.people[Role.CAMERA_OWNER], Agreed((Purpose.CASE.value, Purpose.TRAFFIC.value))
    return {
        "consent_receipt": agree(setting.things.home, agreed, by=owner),
        "invitation": invite(setting.unit, 1, by=setting.people[Role.CHIEF])[0],
    }


ROUTES = ("own_consent", "own_consent_step", "own_receipt", "own_receipt_signature")

EXAMPLES = Examples(
    make=_make,
    by_route={
        **{(route, "code"): lambda things: things.home.code for route in ROUTES},
        **{(route, "number"): lambda things: things.consent_receipt.number for route in ROUTES[2:]},
        ("join", "token"): lambda things: things.invitation,
    },
    forms={
        "own_consent": {
            "agree": lambda things: {"purposes": ["vu_viec"], "when": "ca-ngay", "months": "6", "read": "on"}
        },
        "own_consent_step": {"pause": lambda things: {"buoc": "pause"}},
        "invitations": {"one": lambda things: {"unit": things.camera.unit_id, "count": "1"}},
    },
)
