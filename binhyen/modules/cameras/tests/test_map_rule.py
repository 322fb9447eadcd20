"""T02: no map, and no two maps compared, tell of fewer than five homes."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhyen.modules.cameras.map_rule import Home, deal, joined

PROVINCE = (1, "")


def home(commune=2, cell="a", shown=None):
    areas = ((commune, cell), (commune, ""), PROVINCE)
    return Home(tuple(area for area in areas if cell or area != (commune, cell)), shown)


def dealt(homes, seats=None, **options):
    told = deal(homes, seats or {}, **options)
    return dict(told.seats), [replace(each, shown=shown) for each, shown in zip(homes, told.shown, strict=True)], told


@pytest.mark.parametrize(
    ("homes", "seats"),
    [
        ([home()] * 4, {}),
        ([home()] * 5, {(2, "a"): 5}),
        ([home()] * 9, {(2, "a"): 5}),
        ([home()] * 3 + [home(cell="b")] * 2, {(2, ""): 5}),
        ([home()] * 3 + [home(commune=3)] * 3, {PROVINCE: 5}),
        ([home()] * 8 + [home(cell="b")] * 3, {(2, "a"): 5, (2, ""): 5}),
    ],
    ids=["too few", "a cell", "four wait", "the commune", "the province", "what a cell leaves over"],
)
def test_T02_homes_are_shown_in_the_finest_area_that_carries_five(homes, seats):
    assert dealt(homes)[0] == seats


def test_T02_one_who_comes_or_goes_changes_nothing():
    seats, homes, _ = dealt([home()] * 10)
    assert dealt([*homes, home()], seats)[0] == dealt(homes[1:], seats)[0] == dealt(homes[4:], seats)[0] == seats


def test_T02_five_who_go_are_taken_off_together():
    seats, homes, _ = dealt([home()] * 10)
    assert dealt(homes[5:], seats)[0] == {(2, "a"): 5}


def test_T02_below_five_an_area_ends_and_rests():
    seats, homes, _ = dealt([home()] * 5)
    seats, homes, told = dealt(homes[1:], seats)
    assert (seats, told.ended) == ({}, {(2, "a")})
    came_back = [*homes, home()]
    assert dealt(came_back, seats, resting={(2, "a")})[0] == {(2, ""): 5}
    assert dealt(came_back, seats)[0] == {(2, "a"): 5}


def test_T02_five_of_a_commune_move_to_their_cell_together():
    seats, homes, _ = dealt([home()] * 4 + [home(cell="b")] * 4 + [home(cell="c")] * 2)
    assert seats == {(2, ""): 10}
    assert dealt([*homes, home()], seats)[0] == seats  # four sit in the commune's seats, one waits: no five of one kind
    assert dealt([*homes, *[home()] * 5], seats)[0] == {(2, ""): 10, (2, "a"): 5}


def test_T02_somebody_waiting_takes_a_free_seat_unseen():
    seats, homes, _ = dealt([home()] * 5)
    seats, homes, told = dealt([*homes[1:], home()], seats)
    assert (seats, told.ended, [each.shown for each in homes]) == ({(2, "a"): 5}, frozenset(), [(2, "a")] * 5)


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_T02_over_sixty_weeks_of_coming_and_going_nobody_is_isolated(seed):
    chance, homes, seats, resting = random.Random(seed), [], {}, {}
    maps = []
    for week in range(60):
        homes = [each for each in homes if chance.random() > 0.06]
        homes += [home(chance.choice((2, 2, 2, 3, 4)), chance.choice("aab")) for _ in range(chance.randint(0, 3))]
        before = [each.shown for each in homes]
        resting = {area: until for area, until in resting.items() if until > week}
        seats, homes, told = dealt(homes, seats, resting=resting)
        resting |= dict.fromkeys(told.ended, week + 12)
        maps.append(seats)
        sitting = Counter(each.shown for each in homes if each.shown)
        assert set(seats) == set(sitting)
        assert all(sitting[area] >= 5 and 0 <= seats[area] - sitting[area] < 5 for area in seats)
        assert all(shown in each.areas for each in homes if (shown := each.shown))
        assert not set(seats) - set(maps[-2] if week else ()) & set(resting)
        new = Counter(now.shown for was, now in zip(before, homes, strict=True) if now.shown and was is None)
        moved = Counter(
            now.shown for was, now in zip(before, homes, strict=True) if now.shown and was not in (None, now.shown)
        )
        for area in seats:
            grown = seats[area] - (maps[-2].get(area, 0) if week else 0)
            assert grown <= new[area] + moved[area]
    areas = {area for seats in maps for area in seats}
    numbers = [seats.get(area, 0) for seats in maps for area in areas]
    assert {(one - other) % 5 for one in set(numbers) for other in set(numbers)} <= {0}


def test_cameras_that_share_an_owner_or_a_spot_are_one_home():
    assert joined([("An", "spot 1"), ("Bình", "spot 2"), ("An", "spot 3"), ("Chi", "spot 3"), ("Dung", "spot 4")]) == [
        0, 1, 0, 0, 2,
    ]  # fmt: skip
