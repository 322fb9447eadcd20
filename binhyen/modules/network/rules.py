"""Who may see and keep the registers of the network, and who may read a donor's name."""

from binhyen.kernel.screens.policy import UnitPolicy
from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras.public import REGISTRARS
from binhyen.modules.network.models import CameraSite

READERS = OFFICERS | {Role.IT_ADMIN}
KEEPERS = REGISTRARS
"""Who keeps the registers: the same who keep that of cameras."""
ERASERS = frozenset({Role.CHIEF, Role.IT_ADMIN})


def policy(unit: str = "unit") -> UnitPolicy:
    """The policy of every register here; `unit` leads from a row to its unit."""
    return UnitPolicy(see=READERS, change=KEEPERS, delete=ERASERS, unit=unit)


def may_read_donor(authority: Authority, site: CameraSite) -> Refusal | None:
    """Who gave for a site: registrars of its unit; each look is logged."""
    if authority.holds(KEEPERS, site.unit):
        return None
    return Refusal(
        "Tên bên tặng được niêm phong.",
        code="donor_sealed",
        remedy="Cán bộ công an xã, Trưởng công an hoặc Quản trị kỹ thuật của đơn vị xem được, có ghi nhật ký.",
    )
