"""A report with an open question, a signed one, and a plan."""

from typing import Any

from binhyen.kernel.measures import Period
from binhyen.kernel.testing.examples import Examples, Form, Setting, Things
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.statistics.domain import Wanted, check_report, draft_report, mark_of, sign_report
from binhyen.modules.statistics.planning import plan_report

MEASURE = "vu-viec-tiep-nhan"
WRONG_SUM = "Lập 5.680 hồ sơ, gồm 2.366 hồ sơ mới, 2.877 hồ sơ cấp đổi và 438 hồ sơ cấp lại."


def _make(setting: Setting) -> dict[str, Any]:
    officer, chief = setting.people[Role.INVESTIGATOR], setting.people[Role.CHIEF]
    report = draft_report(_wanted(setting.unit), by=officer, text=WRONG_SUM)
    return {
        "report": report,
        "signed_report": sign_report(check_report(draft_report(_wanted(setting.unit), by=chief), by=chief), by=chief),
        "question": report.questions.get(),
        "plan": plan_report(_wanted(setting.unit), every="month", workday=3, by=officer),
    }


def _wanted(unit: Unit) -> Wanted:
    return Wanted(unit, "Báo cáo tháng", [MEASURE], "compare", Period.parse("2026-11"))


def _form(things: Things) -> Form:
    unit = things.report.unit.code
    return {"ten": "Báo cáo", "don_vi": unit, "ky": "2026", "cot": "compare", "chi_so": MEASURE}


EXAMPLES = Examples(
    make=_make,
    by_route={
        **{
            (f"report{page}", "pk"): lambda things: things.report.pk
            for page in ("", "-edit", "-step", "-drop", "-csv", "-xlsx", "-pdf")
        },
        **{
            (f"report-{page}", "pk"): lambda things: things.signed_report.pk
            for page in ("correct", "content", "signature")
        },
        ("report-prove", "public_id"): lambda things: things.signed_report.public_id,
        ("report-question", "pk"): lambda things: things.question.pk,
        ("report-question-ask", "pk"): lambda things: things.question.pk,
        ("report-plan-end", "pk"): lambda things: things.plan.pk,
    },
    constants={
        ("measure", "code"): MEASURE,
        **{(f"statistics-measure{page}", "code"): MEASURE for page in ("", "-csv", "-xlsx", "-pdf")},
    },
    forms={
        "report-create": {"save": _form},
        "report-edit": {"save": lambda things: _form(things) | {"_seen": mark_of(things.report)}},
        "report-step": {
            "check": lambda things: {"buoc": "check"},
            "sign": lambda things: {"buoc": "sign"},
        },
        "report-question": {"answer": lambda things: {"tra_loi": "Số đúng là 6."}},
        "report-question-ask": {"unit": lambda things: {"don_vi": things.report.unit.code}},
    },
)
