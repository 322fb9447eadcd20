"""The picture of a workflow: layers, order, lines, and nothing over another thing."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhyen.kernel.testing.workflows import boxes, overlap
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.diagram import Counted, diagram, ranks, turns_back
from binhyen.kernel.workflow.layout import Item, crossings, laid_out
from binhyen.kernel.workflow.table import Step, Workflow, held_by, working_days

CHIEF = held_by(Role.CHIEF)
ONE_DOOR = Workflow(
    {
        "new": "Tiếp nhận",
        "check": "Đang thẩm tra hồ sơ",
        "ask": "Chờ người dân bổ sung giấy tờ",
        "sign": "Trình lãnh đạo ký",
        "done": "Đã trả kết quả",
        "no": "Từ chối giải quyết",
    },
    "new",
    (
        Step("check", "Thẩm tra", ("new",), "check", CHIEF, working_days(3)),
        Step("ask", "Yêu cầu bổ sung", ("new", "check"), "ask", CHIEF),
        Step("back", "Đã bổ sung", ("ask",), "check", CHIEF),
        Step("longer", "Gia hạn", ("check",), "check", CHIEF, working_days(2), extends=True),
        Step("sign", "Trình ký", ("check",), "sign", CHIEF),
        Step("return", "Trả lại", ("sign",), "check", CHIEF, working_days(1)),
        Step("done", "Ký và trả kết quả", ("sign",), "done", CHIEF),
        Step("no", "Từ chối", ("check", "sign", "ask"), "no", CHIEF),
    ),
    paused=("ask",),
)


def parsed(workflow, **options):
    drawn = diagram(workflow, title="Sơ đồ", **options)
    return ElementTree.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{drawn}</div>')


def texts(svg):
    return [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]


def test_states_stand_by_the_longest_way_that_never_turns_back():
    assert ranks(ONE_DOOR) == {"new": 0, "check": 1, "ask": 2, "sign": 2, "done": 3, "no": 3}
    assert [step.name for step in ONE_DOOR.steps if turns_back(ONE_DOOR, step)] == ["back", "longer", "return"]


def test_the_picture_tells_counts_lateness_times_and_pauses():
    words = texts(parsed(ONE_DOOR, counts={"check": Counted(1695, 12)}))
    assert {"đang có 1.695", "▲ 12 trễ hạn", "hạn 3 ngày làm việc", "thêm 2 ngày làm việc", "(dừng tính hạn)"} <= {
        *words
    }
    assert words.count("đang có 0") == 5


def test_words_are_escaped():
    odd = Workflow({"a": "<b> & c", "z": "Xong"}, "a", (Step("s", 'Nói "<x>"', ("a",), "z", CHIEF),))
    assert "<b> & c" in texts(parsed(odd))


@pytest.mark.parametrize("direction", ["right", "down"])
def test_every_line_of_a_step_ends_at_a_box_with_an_arrow(direction):
    svg = parsed(ONE_DOOR, direction=direction)
    heads = [path for path in svg.iter("{http://www.w3.org/2000/svg}path") if "wf-head" in path.get("class")]
    ways_into_steps = 11  # the lines of "no" from `sign` and `ask` join those of `check` on the way or beside it
    assert len(heads) == 1 + len(ONE_DOOR.steps) + ways_into_steps


names = "abcdefg"


@st.composite
def any_workflow(draw):
    states = names[: draw(st.integers(2, len(names)))]
    pairs = st.tuples(st.sets(st.sampled_from(states), min_size=1, max_size=3), st.sampled_from(states))
    steps = draw(st.lists(pairs, min_size=1, max_size=9))
    return Workflow(
        {state: f"Trạng thái số {state} " + "dài" * (index % 4) for index, state in enumerate(states)},
        states[0],
        tuple(
            Step(f"s{index}", f"Bước chuyển {index}", tuple(sorted(sources)), target, CHIEF, working_days(index + 1))
            for index, (sources, target) in enumerate(steps)
        ),
    )


@given(any_workflow(), st.sampled_from(["right", "down"]))
@settings(max_examples=30, deadline=None)
def test_whatever_the_table_nothing_lies_over_another_thing(workflow, direction):
    svg = parsed(workflow, direction=direction)
    placed = [found[0] for kind in ("state", "step") for found in boxes(svg, kind).values()]
    assert len(placed) == len(workflow.states) + len(workflow.steps)
    assert [(a, b) for index, a in enumerate(placed) for b in placed[index + 1 :] if overlap(a, b)] == []
    drawn = next(iter(svg))
    _, _, width, height = map(float, drawn.get("viewBox").split())
    assert all(x >= 0 and y >= 0 and right <= width and bottom <= height for x, y, right, bottom in placed)


def test_the_order_in_a_layer_avoids_crossings():
    layers = [[Item("a", 1, 1), Item("b", 1, 1)], [Item("c", 1, 1), Item("d", 1, 1)]]
    links = [("a", "d"), ("b", "c")]
    assert crossings(layers, links) == 1
    layout = laid_out(layers, links, between_layers=1, between_items=1)
    assert (layout.across["a"] < layout.across["b"]) == (layout.across["d"] < layout.across["c"])


def test_a_chain_is_drawn_straight():
    layers = [[Item("a", 1, 5)], [Item("b", 1, 1)], [Item("c", 1, 9)]]
    layout = laid_out(layers, [("a", "b"), ("b", "c")], between_layers=1, between_items=1)
    assert layout.across["a"] == pytest.approx(layout.across["b"]) == pytest.approx(layout.across["c"])
