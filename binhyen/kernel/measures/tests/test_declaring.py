"""A measure that cannot be right stops the start; one that can is written as people write."""

from decimal import Decimal

import pytest
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from binhyen.kernel.measures import By, Count, Measure, Ratio, Sum, measure_of, registered
from binhyen.kernel.measures.answers import NOTHING, written
from binhyen.kernel.measures.contributions import tables_of
from binhyen.kernel.measures.declaration import forget
from binhyen.kernel.measures.tests.teams import Guest, Team
from binhyen.kernel.units.models import Unit
from binhyen.kernel.vietnamese.numbers import NARROW, Rounding

GOOD = {
    "code": "thu", "name": "Thử", "definition": "Số để thử.", "owner": "Đội thử", "what": Count(Team),
    "since": "founded_on",
}  # fmt: skip


class Vague(models.Model):
    """Leads to what may not be there, to itself, and to many."""

    team = models.ForeignKey(Team, models.DO_NOTHING, null=True, related_name="vague")
    above = models.ForeignKey("self", models.DO_NOTHING, related_name="below")
    units = models.ManyToManyField(Unit)
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+")
    on = models.DateField(db_index=True)
    weight = models.FloatField()

    class Meta:
        app_label = "measures"


@pytest.fixture(autouse=True)
def _forget_what_is_declared():
    before = {each.code for each in registered()}
    yield
    for each in registered():
        if each.code not in before:
            forget(each)


def declare(**changes):
    return type("Made", (Measure,), {**GOOD, **changes})


def guests(**changes):
    return {"what": Count(Guest), "unit": "team__unit", "since": "", "on": "came_at", **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "Tổ"}, "no code"),
        ({"code": "a" * 61}, "no code"),
        ({"name": " "}, "say name"),
        ({"definition": ""}, "say definition"),
        ({"owner": "", "name": ""}, "say name, owner"),
        ({"version": 0}, "version 0"),
        ({"format": "pounds"}, "pounds"),
        ({"since": ""}, "say either on"),
        ({"on": "founded_on"}, "say either on"),
        (guests(until="came_at"), "say either on"),
        ({"since": "begun_on"}, "no field 'begun_on'"),
        ({"since": "kind"}, "no date"),
        ({"unit": "kind"}, "does not lead to a unit"),
        ({"unit": "kind__unit"}, "no field 'kind__unit'"),
        ({"what": Count(Vague), "unit": "units"}, "leads to many rows"),
        ({"unit": "vague__unit"}, "leads to many rows"),
        ({"kinds": By("unit")}, "no choices"),
        ({"what": Sum(Vague, "weight"), "since": "on"}, "summed exactly"),
        ({"since": "", "on": "founded_on"}, "no index of Team begins with 'founded_on'"),
    ],
)
def test_a_mistake_stops_the_start(changes, words):
    with pytest.raises(TypeError, match=words):
        declare(**changes)
    assert "thu" not in {each.code for each in registered()}


def test_what_is_missing_is_named():
    without = {name: value for name, value in GOOD.items() if name != "what"}
    with pytest.raises(TypeError, match="say what"):
        type("Made", (Measure,), without)


def test_a_code_is_taken_once_and_found_by_name():
    made = declare()
    with pytest.raises(ValueError, match="already a measure"):
        declare()
    assert type(measure_of("thu")) is made
    with pytest.raises(KeyError):
        measure_of("khong-co")


def test_a_ratio_is_of_what_is_counted():
    part = declare()
    share = declare(code="thu-ty-le", what=Ratio(part, part), since="")
    made = measure_of("thu-ty-le")
    assert (made.is_ratio, made.is_stock, made.model, made.shown_as, made.counts_people) == (
        True, True, Team, "percent", False,
    )  # fmt: skip
    with pytest.raises(TypeError, match="ratio of ratios"):
        declare(code="thu-hai", what=Ratio(share, part), since="")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"what": Count(Vague, Q(above__weight=1)), "since": "", "on": "on"}, "one table twice"),
        ({"what": Count(Vague, Q(team__kind="pho") | Q(weight=1)), "since": "", "on": "on"}, "may be empty"),
        ({"what": Count(Vague, Q(below__weight=1)), "since": "", "on": "on"}, "twice|many rows"),
        ({"what": Count(Team, Q(vague__weight=1))}, "many rows"),
        ({"what": Count(Team, Q(kind="pho") & Q(Exists(Vague.objects.filter(team=OuterRef("pk")))))}, "asks another"),
        ({"what": Count(Team, Q(kind="pho") & ~(Q(pk=1) | Q(pk__in=Vague.objects.values("team"))))}, "asks another"),
    ],
)
def test_what_a_trigger_could_not_follow_is_refused(db, changes, words):
    declare(**changes)
    with pytest.raises(TypeError, match=words):
        tables_of(measure_of("thu"))


def test_conditions_on_parents_and_on_two_columns_can_be_followed(db):
    declare(**guests(what=Count(Guest, Q(team__kind="pho") & Q(team__founded_on__lt=F("came_at")))))
    assert tables_of(measure_of("thu")) == ["measures_guest", "measures_team"]


def test_values_are_written_as_people_write_them():
    count, money = declare(), declare(code="thu-tien", format="dong")
    share = declare(code="thu-ty-le", what=Ratio(count, count), since="")
    cut = declare(code="thu-cat", what=Ratio(count, count), since="", places=1, rounding=Rounding.TRUNCATED)
    found = [written(measure_of(each.code), Decimal(text)) for each, text in (
        (count, "2877"), (money, "5000000"), (share, "96.0698"), (cut, "95.984"))]  # fmt: skip
    assert found == ["2.877", f"5.000.000{NARROW}đ", f"96,07{NARROW}%", f"95,9{NARROW}%"]
    assert written(measure_of("thu"), None) == NOTHING
