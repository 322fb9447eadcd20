"""Two tables to count: teams of a unit, and the people of a team."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, models
from django.db.models import Q

from binhyen.kernel.measures import By, Count, Measure, Ratio, Sum
from binhyen.kernel.measures.declaration import forget, measure_of
from binhyen.kernel.measures.folding import bring_up_to_date
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import forget_said, moves_with_unit


class Team(models.Model):
    """A stock, by kind."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=[("thon", "Thôn"), ("pho", "Phố")], default="thon")
    founded_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    name = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "measures"


class Guest(models.Model):
    """A flow, with money, whose unit is that of its team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    came_at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=5, choices=[("a", "A"), ("b", "B"), ("c", "C")], default="a")
    gift_dong = models.DecimalField(max_digits=14, decimal_places=0, null=True)

    class Meta:
        app_label = "measures"


def declared() -> dict[str, type[Measure]]:
    """The measures, declared."""

    class Teams(Measure):
        code, name, definition, owner = "thu-to", "Tổ", "Số tổ ở cuối kỳ.", "Đội thử"
        what, since, until, kinds = Count(Team), "founded_on", "closed_on", By("kind")

    class Guests(Measure):
        code, name, definition, owner = "thu-khach", "Khách", "Số khách trong kỳ.", "Đội thử"
        what, unit, on, kinds = Count(Guest), "team__unit", "came_at", By("kind")

    class TownGuests(Measure):
        code, name, definition, owner = "thu-khach-pho", "Khách ở phố", "Số khách của các tổ ở phố.", "Đội thử"
        what, unit, on = Count(Guest, where=Q(team__kind="pho")), "team__unit", "came_at"

    class Gifts(Measure):
        code, name, definition, owner = "thu-qua", "Quà", "Tổng tiền quà trong kỳ.", "Đội thử"
        what, unit, on, format = Sum(Guest, "gift_dong"), "team__unit", "came_at", "dong"

    class TownShare(Measure):
        code, name, definition, owner = "thu-ty-le", "Tỷ lệ khách ở phố", "Khách ở phố trên số khách.", "Đội thử"
        what = Ratio(TownGuests, Guests)

    class GuestPeople(Measure):
        code, name, definition, owner = "thu-nguoi", "Người", "Số người đến trong kỳ.", "Đội thử"
        what, unit, on, kinds, people = Count(Guest), "team__unit", "came_at", By("kind"), True

    class TeamPeople(Measure):
        code, name, definition, owner = "thu-nguoi-o", "Người ở", "Số người ở cuối kỳ.", "Đội thử"
        what, since, until, kinds, people = Count(Team), "founded_on", "closed_on", By("kind"), True

    class PeopleShare(Measure):
        code, name, definition, owner = "thu-ty-le-nguoi", "Tỷ lệ", "Khách ở phố trên số người.", "Đội thử"
        what = Ratio(TownGuests, GuestPeople)

    made = (PeopleShare, Teams, Guests, TownGuests, Gifts, TownShare, GuestPeople, TeamPeople)
    return {each.code: each for each in made}


@contextmanager
def counted_teams() -> Iterator[dict[str, Any]]:
    """The tables exist, the measures are declared and kept; inside a transaction that is rolled back."""
    with connection.schema_editor() as editor:
        editor.create_model(Team)
        editor.create_model(Guest)
    moves_with_unit(named_by="name")(Team)
    made = {code: measure_of(code) for code in declared()}
    try:
        bring_up_to_date()
        yield made
    finally:
        forget_said(Team)
        for each in made.values():
            forget(each)


def on(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
