"""A case and a person in it."""

from typing import Any

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.units.roles import Role
from binhyen.modules.cases.domain import CaseFacts, add_person, open_case


def _make(setting: Setting) -> dict[str, Any]:
    officer = setting.people[Role.INVESTIGATOR]
    case = open_case(CaseFacts("trom-cap", "Mất xe máy"), unit=setting.unit, by=officer)
    return {"case": case, "person": add_person(case, part="witness", name="Người Làm Chứng", by=officer)}


EXAMPLES = Examples(
    make=_make,
    parameters={
        "pk": lambda things: things.case.pk,
        "case": lambda things: things.case.pk,
        "person": lambda things: things.person.pk,
    },
    constants={("workflow", "name"): "vu-viec"},
    forms={
        "case-step": {
            "start": lambda things: {"step": "investigate"},
            "close": lambda things: {"step": "close", "note": "Đã giải quyết xong."},
        },
        "case-note": {"text": lambda things: {"text": "Đã xác minh tại chỗ."}},
        "case-person": {"name": lambda things: {"part": "witness", "name": "Người Thử"}},
    },
)
