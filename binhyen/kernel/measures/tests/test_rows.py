"""What a number opens: exactly its rows, for those who may see them."""

from datetime import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from binhyen.kernel.measures import Period, figure, figures
from binhyen.kernel.measures.rows import Links, Place, PlaceField, PlaceSelect, filter_for
from binhyen.kernel.measures.tests.teams import Guest, Team, counted_teams, on
from binhyen.kernel.units.authority import NOBODY
from binhyen.kernel.units.models import Unit

QUARTER = Period.parse("2026-Q1")


@pytest.fixture
def measures(world):
    with counted_teams() as made:
        team = Team.objects.create(unit=world.commune_a, founded_on=on("2026-01-01"), kind="pho")
        Team.objects.create(unit=world.commune_b, founded_on=on("2026-03-31"), closed_on=on("2026-04-01"))
        for month, kind in ((1, "a"), (2, "b"), (5, "a")):
            Guest.objects.create(team=team, came_at=datetime.fromisoformat(f"2026-0{month}-01T00:00+07:00"), kind=kind)
        yield made


@pytest.mark.parametrize("period", ["2026-01", "2026-Q1", "2026-H1", "2026", "2026-01-02..2026-05-01", "2025"])
def test_the_rows_are_those_that_are_counted(measures, world, period):
    for code in ("thu-to", "thu-khach", "thu-khach-pho"):
        for unit in (world.province, world.commune_a, world.commune_b):
            place = Place(measures[code], unit, Period.parse(period))
            assert figure(place.measure, unit, place.period, authority=NOBODY).value == place.rows().count()


def test_a_kind_is_a_part_of_them(measures, world):
    rows = [
        Place(measures["thu-khach"], world.province, QUARTER, kind).rows().count() for kind in (None, "a", "b", "c")
    ]
    assert rows == [2, 1, 1, 0]


def test_a_place_is_read_back_from_its_address(measures, world):
    for kind in (None, "pho", "a~b"):
        place = Place(measures["thu-to"], world.commune_a, QUARTER, kind)
        assert Place.read(str(place)) == place
    assert place.words == "Tổ, a~b, Quý I/2026, Công an xã An Hòa"
    assert Place(measures["thu-to"], world.commune_a, QUARTER, "pho").words == "Tổ, Phố, Quý I/2026, Công an xã An Hòa"


@pytest.mark.parametrize("text", ["x", "thu-to~1", "khong-co~{}~2026", "thu-to~0~2026", "thu-to~a~2026",
                                  "thu-to~{}~nay", f"thu-to~{10**30}~2026"])  # fmt: skip
def test_a_damaged_address_is_refused_with_a_sentence(measures, world, text):
    damaged = text.format(world.commune_a.pk)
    with pytest.raises(ValueError, match=r".+"):
        Place.read(damaged)
    with pytest.raises(ValidationError, match="Hãy mở lại"):
        PlaceField(Team).clean(damaged)
    assert damaged in PlaceSelect().render("so_lieu", damaged)


def test_a_list_takes_only_figures_of_its_own_rows(measures, world):
    field, good = PlaceField(Team), str(Place(measures["thu-to"], world.commune_a, QUARTER))
    assert str(field.clean(good)) == good
    assert field.clean("") is None
    for code in ("thu-khach", "thu-ty-le"):
        with pytest.raises(ValidationError, match="không lấy từ danh sách này"):
            field.clean(str(Place(measures[code], world.commune_a, QUARTER)))


def test_the_filter_narrows_and_says_what_is_shown(measures, world):
    found = filter_for(Team)
    form = type("F", (forms.Form,), found.fields(NOBODY))({"so_lieu": f"thu-to~{world.commune_a.pk}~2026-Q1"})
    assert form.is_valid()
    assert found.apply(Team.objects.all(), form.cleaned_data).get().unit == world.commune_a
    assert found.said(form.cleaned_data).endswith("Tổ, Quý I/2026, Công an xã An Hòa.")
    assert (found.said({}), found.apply(Team.objects.all(), {}).count()) == ("", 2)
    assert filter_for(Unit) is None


def test_what_is_in_no_register_opens_its_definition(measures, world):
    table = figures([measures["thu-to"], measures["thu-ty-le"]], [world.commune_a], [QUARTER], authority=NOBODY)
    assert {(each.rows_url, each.url) for each in table.values()} == {
        (None, "/chi-so/thu-to/"), (None, "/chi-so/thu-ty-le/"),
    }  # fmt: skip
    assert Links(NOBODY).url_of(Place(measures["thu-to"], world.commune_a, QUARTER)) is None
    assert str(table["thu-ty-le", world.commune_a.pk, "2026-Q1"]) == "100,00\N{NO-BREAK SPACE}%"


def test_a_ratio_of_nothing_is_a_dash(measures, world):
    assert figure(measures["thu-ty-le"], world.commune_b, QUARTER, authority=NOBODY).text == "—"
