"""The screens of the table."""

from binhyen.bench.listed.models import ListedRow
from binhyen.kernel.screens import Screens, UnitPolicy
from binhyen.kernel.units.roles import OFFICERS


class ListedRowScreens(Screens):
    """Dòng thử."""

    model, slug = ListedRow, "dong-thu"
    columns = "number", "name", "place", "kind", "opened_on", "closed_on", "unit"
    filters = "kind", "opened_on", "unit"
    order = "-opened_on"
    fields = "unit", "number", "name", "place", "kind", "opened_on", "closed_on"
    key = ("number",)
    policy = UnitPolicy(see=OFFICERS, change=OFFICERS)
