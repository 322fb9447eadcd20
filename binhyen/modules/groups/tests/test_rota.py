"""The rota: fair or refused with a reason, and never anything else."""

from datetime import date, datetime, timedelta
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhyen.modules.groups.rota import Limits, NoRota, Person, Turn, arrange, is_night

MONDAY = datetime(2026, 11, 23)


def evening(key, day, *, needs=1, hour=19, hours=3):
    start = MONDAY + timedelta(days=day, hours=hour)
    end = start + timedelta(hours=hours)
    return Turn(key, "Ca", start, end, needs, is_night(start, end))


def month(people_per_turn=2, days=28):
    turns = [evening(2 * day, day, needs=people_per_turn) for day in range(days)]
    return turns + [evening(2 * day + 1, day, needs=people_per_turn, hour=22, hours=4) for day in range(days)]


def people(count, **away):
    return [Person(n, f"Người {n}", tuple(away.get(f"p{n}", ()))) for n in range(count)]


def spread(loads, everyone):
    counts = [loads.get(person.key, 0) for person in everyone]
    return max(counts) - min(counts)


def broken(plan, turns, everyone, limits):
    """Every rule that the plan breaks."""
    by_key, found = {turn.key: turn for turn in turns}, []
    for turn in turns:
        if sum(key == turn.key for key, _ in set(plan.duties)) != turn.needs:
            found.append(f"{turn.words}: not {turn.needs} people")
    for person in everyone:
        mine = sorted((by_key[turn] for turn, who in plan.duties if who == person.key), key=lambda turn: turn.start)
        found += [f"{person.name} is away" for turn in mine if not person.can_come(turn)]
        rest = timedelta(hours=limits.rest_hours)
        found += [f"{person.name}: no rest" for a, b in pairwise(mine) if b.start - a.end < rest]
        weeks = [turn.start.isocalendar()[:2] for turn in mine if turn.is_night]
        found += [f"{person.name}: nights" for week in set(weeks) if weeks.count(week) > limits.nights_per_week]
    return found


def counted(turns, everyone):
    return [person for person in everyone if any(person.can_come(turn) for turn in turns)]


def test_a_month_of_seven_people_differs_by_one_turn_and_one_night():
    turns, seven = month(), people(7)
    plan = arrange(turns, seven)
    assert broken(plan, turns, seven, Limits()) == []
    assert (spread(plan.loads(), seven), spread(plan.night_loads(), seven)) == (0, 0)


def test_leave_is_kept_and_made_up_for_in_the_same_period():
    week = (date(2026, 11, 23), date(2026, 11, 29))
    turns, eight = month(), people(8, p3=[week])
    plan = arrange(turns, eight)
    assert broken(plan, turns, eight, Limits()) == []
    assert spread(plan.loads(), eight) <= 1


def test_who_is_away_all_the_time_is_named_and_not_counted():
    turns, four = month(1, days=7), people(4, p0=[(date(2026, 11, 1), date(2026, 12, 31))])
    plan = arrange(turns, four)
    assert [person.key for person in plan.left_out] == [0]
    assert spread(plan.loads(), four[1:]) <= 1


def test_the_same_question_has_the_same_answer_in_whatever_order_it_is_asked():
    turns, seven = month(), people(7)
    assert arrange(turns[::-1], seven[::-1]) == arrange(turns, seven)


def answer(turns, everyone, limits):
    """The plan, or why there is none."""
    try:
        return arrange(turns, everyone, limits)
    except NoRota as refusal:
        return refusal


TURNS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([8, 19, 22]), st.integers(1, 2)), min_size=1, max_size=5, unique=True
)
AWAY = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), max_size=2)
ASKED = st.tuples(TURNS, st.lists(AWAY, min_size=1, max_size=4), st.sampled_from([0, 8, 14]), st.integers(1, 2))


def asked(question):
    wanted, leaves, rest, nights = question
    turns = [evening(key, day, hour=hour, needs=needs) for key, (day, hour, needs) in enumerate(wanted)]
    day = MONDAY.date()
    away = {f"p{n}": [(day + timedelta(a), day + timedelta(a + b)) for a, b in leave] for n, leave in enumerate(leaves)}
    return turns, people(len(leaves), **away), Limits(rest, nights)


def is_possible(turns, everyone, limits):
    """By trying everything."""
    keys = [person.key for person in everyone]
    for chosen in product(*(combinations(keys, turn.needs) for turn in turns)):
        duties = tuple((turn.key, key) for turn, team in zip(turns, chosen, strict=True) for key in team)
        plan = type("Tried", (), {"duties": duties})
        loads = [sum(key == who for _, who in duties) for key in keys]
        if max(loads) - min(loads) <= 1 and not broken(plan, turns, everyone, limits):
            return True
    return False


@settings(max_examples=120, deadline=None)
@given(ASKED)
def test_a_small_rota_is_found_exactly_where_there_is_one(question):
    turns, everyone, limits = asked(question)
    some = counted(turns, everyone)
    plan = answer(turns, everyone, limits)
    assert isinstance(plan, NoRota) == (not some or not is_possible(turns, some, limits))
    if not isinstance(plan, NoRota):
        assert broken(plan, turns, everyone, limits) == []
        assert spread(plan.loads(), some) <= 1


LARGE = st.tuples(st.integers(5, 12), st.integers(7, 31), st.integers(1, 2), st.lists(AWAY, min_size=12, max_size=12))


@settings(max_examples=25, deadline=None)
@given(LARGE)
def test_a_large_rota_that_is_given_is_fair(question):
    count, days, needs, leaves = question
    turns, day = month(needs, days), MONDAY.date()
    apart = {n: [(3 * a, 3 * a + b) for a, b in leave] for n, leave in enumerate(leaves)}
    away = {f"p{n}": [(day + timedelta(a), day + timedelta(b)) for a, b in spans] for n, spans in apart.items()}
    everyone = people(count, **away)
    plan = answer(turns, everyone, Limits())
    assert "Chưa tìm được" not in str(plan)  # that trying was bounded is no answer for a group's month
    if not isinstance(plan, NoRota):
        assert broken(plan, turns, everyone, Limits()) == []
        assert spread(plan.loads(), everyone) <= 1
        assert spread(plan.night_loads(), everyone) <= 2


@pytest.mark.parametrize(
    ("turns", "everyone", "limits", "words"),
    [
        ([], people(2), Limits(), "Chưa có ca trực"),
        ([evening(0, 0, needs=3)], people(2), Limits(), "cần 3 người nhưng chỉ có 2 người"),
        ([evening(n, n, hour=22) for n in range(5)], people(2), Limits(10, 2), "giới hạn 2 đêm"),
        ([evening(n, 0, hour=6 + 3 * n) for n in range(4)], people(2), Limits(12), "nhận được nhiều nhất 2 lượt"),
        (
            [evening(n, n) for n in range(8)],
            people(2, p1=[(date(2026, 11, 24), date(2026, 12, 31))]),
            Limits(),
            "Người 1 chỉ nhận được nhiều nhất 1 ca",
        ),
    ],
)
def test_a_refusal_says_which_turn_or_person_and_why(turns, everyone, limits, words):
    with pytest.raises(NoRota) as refused:
        arrange(turns, everyone, limits)
    assert words in refused.value.sentence
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("start", "hours", "expected"), [(19, 3, False), (19, 4, True), (22, 2, True), (5, 2, True), (6, 8, False)]
)
def test_a_night_touches_the_hours_between_ten_and_six(start, hours, expected):
    begins = MONDAY + timedelta(hours=start)
    assert is_night(begins, begins + timedelta(hours=hours)) is expected
