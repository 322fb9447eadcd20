"""The rows behind a figure, and the address that opens the register with exactly these."""

from binhyen.kernel.measures.declaration import Measure
from binhyen.kernel.measures.periods import Period
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit


def url_of(measure: Measure, unit: Unit, period: Period, kind: str | None, authority: Authority) -> str | None:
    """Where the rows behind one figure are; None where this person may not see all of them."""
    return None
