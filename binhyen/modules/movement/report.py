"""The report of the movement: measures by unit for a period. Every number is a figure, and opens its rows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.timezone import localdate

from binhyen.kernel.measures import Figure, Measure, Period, figures, registered
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS

CODES = (
    "to-tu-quan", "thanh-vien-to", "camera-cua-to", "dong-gop", "buoi-tuyen-truyen", "vu-viec-tu-tin-bao",
    "vu-ma-tuy", "doi-tuong-ma-tuy", "ho-so-cai-nghien", "luot-giao-duc", "xu-phat", "tang-vat", "tham-muu-xu-phat",
)  # fmt: skip
"""What the report counts, in this order."""
UNITS_MAX = 200
BILLION = 1_000_000_000
NEARLY = Decimal("0.95")
"""From so much of the next billion on, a sum is told as nearly that."""


@dataclass(frozen=True)
class Report:
    """`lines` are the units below `unit` with their figures; `total` are those of `unit` itself."""

    unit: Unit
    period: Period
    measures: list[Measure]
    lines: list[tuple[Unit, list[Figure]]]
    total: list[Figure]

    @property
    def title(self) -> str:
        return "Báo cáo phong trào toàn dân bảo vệ an ninh Tổ quốc"

    @property
    def tiles(self) -> list[tuple[Measure, Figure, str]]:
        """Each measure with its total, and what one says of a large sum."""
        return [
            (each, each_figure, nearly(each, each_figure))
            for each, each_figure in zip(self.measures, self.total, strict=True)
        ]

    @property
    def hides_some(self) -> bool:
        """Whether a number about few people is left out."""
        return any(each.is_hidden for each in [*self.total, *(cell for _, cells in self.lines for cell in cells)])


def measures() -> list[Measure]:
    """The measures of the report that are declared."""
    known = {measure.code: measure for measure in registered()}
    return [known[code] for code in CODES if code in known]


def units_of(authority: Authority) -> list[Unit]:
    """Units whose report the person may open: the highest first."""
    return list(Unit.objects.filter(pk__in=authority.unit_ids(OFFICERS)).order_by("path")[:UNITS_MAX])


def units_below(unit: Unit, period: Period) -> list[Unit]:
    """The units one level below that existed at some time of the period."""
    existed = Q(valid_until__isnull=True) | Q(valid_until__gt=period.first)
    below = Unit.objects.filter(existed, path__startswith=unit.path, depth=unit.depth + 1, valid_from__lte=period.last)
    return list(below.order_by("path")[:UNITS_MAX])


def report_for(unit: Unit, period: Period, *, authority: Authority) -> Report:
    """All figures, read at once."""
    chosen, below = measures(), units_below(unit, period)
    found = figures(chosen, [unit, *below], [period], authority=authority)
    cells = {each: [found[measure.code, each.pk, period.code] for measure in chosen] for each in [unit, *below]}
    return Report(unit, period, chosen, [(each, cells[each]) for each in below], cells[unit])


def nearly(measure: Measure, figure: Figure) -> str:
    """ "gần 5 tỷ đồng", "hơn 5 tỷ đồng": how a large sum is told, beside the exact one and never instead of it."""
    if measure.format != "dong" or figure.value is None or figure.value < BILLION * NEARLY:
        return ""
    whole, rest = divmod(int(figure.value), BILLION)
    if not rest:
        return f"{whole} tỷ đồng"
    is_near = Decimal(rest) / BILLION >= NEARLY
    return f"gần {whole + 1} tỷ đồng" if is_near else f"hơn {whole} tỷ đồng"


def offered(today: date | None = None) -> list[Period]:
    """Periods that are chosen without typing: this year and last, halves, quarters, the last twelve months."""
    today = today or localdate()
    year = today.year
    codes = [
        str(year),
        str(year - 1),
        f"{year}-9M",
        f"{year}-H1",
        f"{year}-H2",
        *(f"{year}-Q{n}" for n in (1, 2, 3, 4)),
    ]
    months = [(year * 12 + today.month - 1) - back for back in range(12)]
    codes += [f"{month // 12}-{month % 12 + 1:02}" for month in months]
    return [period for period in map(Period.parse, codes) if period.first <= today]
