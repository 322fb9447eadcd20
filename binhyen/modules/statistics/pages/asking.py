"""What an address asks of figures: which unit, which period, compared with which."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from binhyen.kernel.measures import Measure, Period
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.modules.statistics.models import Every
from binhyen.modules.statistics.spans import offered, period_on, readable_units, units_near
from binhyen.modules.statistics.tables import measure_url

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
        if self.against in COMPARED_WITH:
            return self.period.year_before() if self.against == YEAR_BEFORE else self.period.previous()
        return Period.parse(self.against)

    @property
    def against_words(self) -> str:
        """“kỳ trước”, “cùng kỳ năm trước”, “tháng 05/2026”."""
        return COMPARED_WITH.get(self.against, self.before.label).lower()

    def url_of(self, measure: Measure, unit: Unit) -> str:
        """The page of `measure` for `unit`, with the rest of the question as it is."""
        against = "" if self.against == BEFORE else self.against
        return measure_url(measure.code, unit.code, self.period.code, against)

    @property
    def periods(self) -> list[tuple[str, list[Period]]]:
        return offered(localdate(), self.period)

    @property
    def periods_against(self) -> list[tuple[str, list[Period]]]:
        """Other periods to compare with; one that the address names is among them."""
        chosen = None if self.against in COMPARED_WITH else self.before
        return offered(localdate(), chosen)

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
    against = request.GET.get("so-voi") or BEFORE
    try:
        against = against if against in COMPARED_WITH else Period.parse(against).code
    except ValueError as error:
        against, problem = BEFORE, str(error)
    return Asked(unit, units_near(unit, mine), period, against, problem)


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
