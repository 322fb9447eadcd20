"""Who may do what with plans. None means yes."""

from binhyen.kernel.units.authority import Authority, Refusal
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.places.models import Plan
from binhyen.modules.places.workflow import SECONDS

READERS = SECONDS
"""Who reads plans, over the plan's unit."""


def may_plan_for(authority: Authority, unit: Unit) -> Refusal | None:
    """Write and rehearse plans over the units below `unit`."""
    if authority.holds(OFFICERS, unit):
        return None
    return Refusal(f"Anh/Chị không lập phương án của {unit.name}.", code="wrong_unit",
                   remedy="Hãy chọn đơn vị mà anh/chị đang công tác.")  # fmt: skip


def may_change(authority: Authority, plan: Plan) -> Refusal | None:
    """Change a plan: while it is a draft."""
    if plan.state != "draft":
        return Refusal(f"Phương án này không sửa được: {plan.state_label.lower()}.", code="not_a_draft",
                       remedy="Nếu cần sửa, hãy trả phương án về “Đang soạn”.")  # fmt: skip
    return may_plan_for(authority, plan.unit)
