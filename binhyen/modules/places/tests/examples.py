"""A plan over the unit with one step."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.units.roles import Role
from binhyen.modules.places.domain import StepFacts, add_step, draft_plan
from binhyen.modules.places.models import StepKind


def _make(setting: Setting) -> dict[str, Any]:
    chief, day = setting.people[Role.CHIEF], localdate() + timedelta(days=30)
    plan = draft_plan(unit=setting.unit, name=f"Đổi tên {setting.mark}", day=day, decision="Nghị quyết thử", by=chief)
    opened = {"code": f"M{setting.mark}", "name": "Công an xã Mới", "level": "xa"}
    add_step(plan, StepFacts(StepKind.RENAME, [setting.unit.code], opens=[opened]), by=chief)
    return {"plan": plan}


_ROUTES = "plan", "plan-edit", "plan-step-create", "plan-step-drop", "plan-rehearse", "plan-step", "plan-inverse"

EXAMPLES = Examples(
    make=_make,
    by_route={(route, "pk"): lambda things: things.plan.pk for route in _ROUTES},
    constants={("plan-step-create", "kind"): "rename", ("plan-step-drop", "number"): 1},
    forms={"plan-step": {"withdraw": lambda things: {"buoc": "withdraw", "ghi_chu": "Không cần nữa."}}},
)
