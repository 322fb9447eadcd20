"""Answers the module of cameras: which cases are open, to whom."""

from collections.abc import Iterable

from binhyen.kernel.units.authority import Authority, Refusal, across_units
from binhyen.modules.cameras.public import CaseChoice, use_case_book
from binhyen.modules.cases import rules
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.queries import visible_cases
from binhyen.modules.cases.workflow import OPEN_STATES

CASES_OFFERED = 200


class OpenCases:
    """Asked afresh on every check: a case closed a moment ago opens nothing."""

    def refusal(self, authority: Authority, number: str) -> Refusal | None:
        """None where case `number` is open and lies in the units where `authority` works; else why not."""
        with across_units():
            case = Case.objects.select_related("unit").filter(number=number).first()
        if case is None or rules.may_read(authority, case) is not None:
            return Refusal(
                f"Không có vụ việc {number} trong các đơn vị của anh/chị.",
                code="case_unknown",
                remedy="Hãy kiểm tra lại số vụ việc, hoặc lập vụ việc mới.",
            )
        return rules.must_be_open(case)

    def open_cases(self, authority: Authority) -> Iterable[CaseChoice]:
        """The cases that `authority` may look under now, the person's own first."""
        with across_units():
            found = visible_cases(authority).filter(state__in=OPEN_STATES)[:CASES_OFFERED]
            ordered = sorted(found, key=lambda case: authority.user is None or case.assigned_to_id != authority.user.pk)
        return [CaseChoice(case.number, case.title) for case in ordered]

    def is_embargoed(self, number: str) -> bool:
        """While a case is open its looks are not told to owners of cameras: they could warn somebody."""
        with across_units():
            return Case.objects.filter(number=number, state__in=OPEN_STATES).exists()


use_case_book(OpenCases())
