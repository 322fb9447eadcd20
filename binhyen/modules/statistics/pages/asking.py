"""What an address asks of figures: which unit, which period, compared with which."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from binhyen.kernel.measures import Period
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.modules.statistics.models import Every
from binhyen.modules.statistics.spans import offered, period_on, readable_units, units_near

BEFORE, YEAR_BEFORE = "ky-truoc", "cung-ky"
COMPARED_WITH = {BEFORE: "Kỳ trước", YEAR_BEFORE: "Cùng kỳ năm trước"}


@dataclass(frozen=True)
class Asked:
    """The unit and period of a page. `problem` is a sentence where the address said something unreadable."""

    unit: Unit
    units: list[Unit]
    period: Period
    against: str
    problem: str = ""

    @property
    def before(self) -> Period:
        """The period to compare with."""
        return self.period.year_before() if self.against == YEAR_BEFORE else self.period.previous()

    @property
    def periods(self) -> list[tuple[str, list[Period]]]:
        return offered(localdate(), self.period)

    @property
    def choices_against(self) -> list[tuple[str, str]]:
        return list(COMPARED_WITH.items())

    @property
    def above(self) -> list[Unit]:
        """The units above that the person may look at, the highest first."""
        return [each for each in self.units if each.pk != self.unit.pk and each.covers(self.unit)]


def asked(request: HttpRequest) -> Asked:
    """From the address; what is not said is the person's first unit and the current month. 404 for a unit that the
    person may not see."""
    authority = authority_in(request)
    mine, code = readable_units(authority), request.GET.get("don-vi")
    unit = (mine.filter(code=code) if code else mine).first()
    if unit is None:
        raise Http404
    period, problem = period_on(Every.MONTH, localdate()), ""
    try:
        period = Period.parse(request.GET["ky"]) if request.GET.get("ky") else period
    except ValueError as error:
        problem = str(error)
    against = request.GET.get("so-voi", BEFORE)
    if against not in COMPARED_WITH:
        problem = f"Không so được với “{against[:40]}”. Hãy chọn kỳ trước hoặc cùng kỳ năm trước."
        against = BEFORE
    return Asked(unit, units_near(unit, mine), period, against, problem)


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
