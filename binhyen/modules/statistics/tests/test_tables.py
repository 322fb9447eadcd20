"""Tables, differences and charts, without a database."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from binhyen.kernel.measures import Figure, Period, measure_of
from binhyen.modules.statistics.charts import Point, bars, line, spark
from binhyen.modules.statistics.comparing import Change, change, change_of
from binhyen.modules.statistics.pages.overview import point_of
from binhyen.modules.statistics.spans import ended_before, offered, period_on, run_of
from binhyen.modules.statistics.tables import Cell, Column, Row, Table, cell_of, differences

D = Decimal


@pytest.mark.parametrize(
    ("now", "before", "places", "is_percent", "said"),
    [
        ("12", "10", 0, False, Change("+2", "+20,0\xa0%", 1)),
        ("2877", "3517", 0, False, Change("−640", "−18,2\xa0%", -1)),
        ("5", "5", 0, False, Change("0", "0,0\xa0%", 0)),
        ("5", "0", 0, False, Change("+5", "—", 1)),
        ("96.07", "95.98", 2, True, Change("+0,09\xa0điểm\xa0%", "—", 1)),
    ],
)
def test_a_difference_in_words(now, before, places, is_percent, said):
    assert change_of(D(now), D(before), places=places, is_percent=is_percent) == said


def test_T10_a_hidden_figure_gives_nothing_away_by_a_difference_a_value_or_a_length():
    measure = measure_of("vu-viec-tiep-nhan")
    shown, hidden = Figure(measure, D(7)), Figure(measure, None, is_hidden=True)
    assert change(measure, shown, hidden) == change(measure, hidden, shown) == Change()
    assert (cell_of(hidden).text, cell_of(hidden).value) == ("(ẩn)", None)
    assert point_of("Tổ 1", hidden).value is None
    assert change(measure, shown, Figure(measure, D(5))).difference == "+2"


def table(columns, *rows):
    made = [Row(name, name, "", 1, "", 0, False, tuple(Cell(text) for text in cells)) for name, *cells in rows]
    return Table(tuple(Column(label, 0, label, "2026") for label in columns), tuple(made))


def test_many_units_stand_below_each_other_and_few_beside():
    few = table(["A", "B"], ("x", "1", "2"), ("y", "3", "4")).grid()
    assert (few.corner, few.heads, [each.label for each in few.lines]) == ("Chỉ số", ["A", "B"], ["x", "y"])
    many = table(["A", "B", "C"], ("x", "1", "2", "3")).grid()
    assert (many.corner, many.heads) == ("Đơn vị", ["x"])
    assert [(each.label, [cell.text for cell in each.cells]) for each in many.lines] == [
        ("A", ["1"]), ("B", ["2"]), ("C", ["3"]),
    ]  # fmt: skip
    assert table(["A"]).grid().lines == []


def test_what_differs_what_came_and_what_went():
    before, now = (
        table(["A", "B"], ("x", "1", "2"), ("y", "3", "4")),
        table(["A", "B"], ("x", "1", "5"), ("z", "6", "7")),
    )
    assert differences(before, now) == [
        ("x", "B", "2", "5"), ("z", "A", "—", "6"), ("z", "B", "—", "7"), ("y", "A", "3", "—"), ("y", "B", "4", "—"),
    ]  # fmt: skip
    assert differences(now, now) == []


def drawn(svg):
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def texts(svg, name):
    return [each.text for each in drawn(svg).iter("{http://www.w3.org/2000/svg}" + name)]


POINTS = [Point("Tổ <1>", "1.200", D(1200), "/a?b=1&c=2"), Point("Tổ 2", "(ẩn)", None), Point("Tổ 3", "0", D(0))]


@pytest.mark.parametrize("draw", [bars, line])
def test_a_chart_says_every_value_in_words_links_and_has_a_description(draw):
    svg = draw(POINTS, title="Theo tổ", name="theo-to")
    assert {"Tổ <1>", "1.200", "(ẩn)", "0"} <= set(texts(svg, "text"))
    assert texts(svg, "desc") == ["Tổ <1>: 1.200; Tổ 2: (ẩn); Tổ 3: 0"]
    assert [each.get("href") for each in drawn(svg).iter("{http://www.w3.org/2000/svg}a")] == ["/a?b=1&c=2"]
    assert "style=" not in svg


def test_bars_are_as_long_as_their_values_and_a_hidden_one_has_no_length():
    widths = [
        float(each.get("width"))
        for each in drawn(bars(POINTS, title="t", name="n")).iter()
        if each.tag.endswith("rect")
    ]
    assert widths == [360, 1, 1]
    assert "rect" not in bars([], title="t", name="n")


def test_a_line_breaks_where_there_is_no_value_and_small_ones_have_no_words():
    points = [Point(str(n), str(n), D(n) if n != 3 else None) for n in range(1, 6)]
    lines = [each for each in drawn(line(points, title="t", name="n")).iter() if each.tag.endswith("polyline")]
    assert [len(each.get("points").split()) for each in lines] == [2, 2]
    small = spark(points, title="t", name="n")
    assert texts(small, "text") == []
    assert 'role="img"' in small
    nothing = spark([Point("1", "(ẩn)", None)], title="t", name="n")
    assert "circle" not in nothing


def test_periods_that_are_offered_and_that_have_ended():
    day = date(2026, 11, 27)
    assert [period_on(every, day).code for every in ("month", "quarter", "year")] == ["2026-11", "2026-Q4", "2026"]
    assert ended_before("quarter", date(2027, 1, 2)).code == "2026-Q4"
    assert [each.code for each in run_of(Period.parse("2026-02"), 3)] == ["2025-12", "2026-01", "2026-02"]
    groups = offered(day, Period.parse("2022-9M"))
    assert [(kind, periods[0].code) for kind, periods in groups] == [
        ("Đang xem", "2022-9M"), ("Tháng", "2026-11"), ("Quý", "2026-Q4"), ("6 tháng", "2026-H2"), ("Năm", "2026"),
    ]  # fmt: skip
    assert len(offered(day, Period.parse("2026-10"))) == 4
