"""What goes dark: a network drawn by hand, and any network against the plainest way of asking."""

from hypothesis import given, settings
from hypothesis import strategies as st

from binhyen.modules.network.graph.layers import placed
from binhyen.modules.network.graph.reaching import NOTHING, Cut, Edge, Graph, hanging_behind

#            1 centre
#     10 |        | 11
#        2 ------ 3         a ring of three: each stands in for the other two
#     13 |   12   | 14, 15  two lines side by side
#        4        5
#     16 |
#        6        7 ─17─ 8  apart from everything
CENTRE, EAST, WEST, VILLAGE, MARKET, BRIDGE, LONE, LONELY = range(1, 9)
BY_HAND = Graph(
    nodes=frozenset(range(1, 9)),
    edges=(Edge(10, 1, 2), Edge(11, 1, 3), Edge(12, 2, 3), Edge(13, 2, 4), Edge(14, 3, 5), Edge(15, 3, 5),
           Edge(16, 4, 6), Edge(17, 7, 8)),
    roots=frozenset({CENTRE}),
)  # fmt: skip


def dark(lines=(), nodes=()):
    return BY_HAND.darkened(Cut(frozenset(lines), frozenset(nodes)))


def test_a_ring_keeps_everything_alive_when_one_of_its_lines_is_cut():
    assert [dark({line}) for line in (10, 11, 12)] == [set(), set(), set()]


def test_what_hangs_on_one_line_alone_goes_dark_with_all_behind_it():
    assert (dark({13}), dark({16})) == ({VILLAGE, BRIDGE}, {BRIDGE})


def test_two_lines_side_by_side_stand_in_for_each_other_until_both_are_cut():
    assert (dark({14}), dark({15}), dark({14, 15})) == (set(), set(), {MARKET})


def test_a_device_that_fails_takes_along_what_hangs_on_it():
    assert dark(nodes={EAST}) == {EAST, VILLAGE, BRIDGE}
    assert dark(nodes={CENTRE}) == {CENTRE, EAST, WEST, VILLAGE, MARKET, BRIDGE}


def test_two_cuts_together_darken_more_than_each():
    assert dark({10, 12}) == {EAST, VILLAGE, BRIDGE}


def test_what_led_nowhere_before_does_not_go_dark():
    assert dark({17}) == set()


def test_lines_on_which_something_hangs_alone():
    assert hanging_behind(BY_HAND) == {13: {VILLAGE, BRIDGE}, 16: {BRIDGE}}


def test_a_second_centre_stands_in_for_the_first():
    two = Graph(BY_HAND.nodes, BY_HAND.edges, frozenset({CENTRE, BRIDGE}))
    assert two.darkened(Cut(lines=frozenset({13}))) == set()
    assert hanging_behind(two) == {}


@st.composite
def networks(draw):
    size = draw(st.integers(1, 9))
    ends = st.tuples(st.integers(1, size), st.integers(1, size)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw(st.lists(ends, max_size=14)) if size > 1 else []
    roots = draw(st.sets(st.integers(1, size), max_size=3))
    edges = tuple(Edge(100 + number, a, b) for number, (a, b) in enumerate(pairs))
    return Graph(frozenset(range(1, size + 1)), edges, frozenset(roots))


def reached_plainly(graph, cut=NOTHING):
    """Brute force: spread along every line until nothing changes any more."""
    found = {node for node in graph.roots if node not in cut.nodes}
    while True:
        spread = {
            there
            for edge in graph.edges
            if edge.id not in cut.lines
            for here, there in ((edge.a, edge.b), (edge.b, edge.a))
            if here in found and there not in cut.nodes
        }
        if spread <= found:
            return found
        found |= spread


@settings(max_examples=300, deadline=None)
@given(networks(), st.data())
def test_any_cut_darkens_what_the_plainest_search_no_longer_finds(graph, data):
    lines = data.draw(st.sets(st.sampled_from([edge.id for edge in graph.edges]))) if graph.edges else set()
    nodes = data.draw(st.sets(st.sampled_from(sorted(graph.nodes)), max_size=3))
    cut = Cut(frozenset(lines), frozenset(nodes))
    assert graph.darkened(cut) == reached_plainly(graph) - reached_plainly(graph, cut)


@settings(max_examples=300, deadline=None)
@given(networks())
def test_what_hangs_on_a_line_is_what_cutting_it_alone_darkens(graph):
    one_by_one = {
        edge.id: reached_plainly(graph) - reached_plainly(graph, Cut(frozenset({edge.id}))) for edge in graph.edges
    }
    assert hanging_behind(graph) == {line: gone for line, gone in one_by_one.items() if gone}


@settings(max_examples=150, deadline=None)
@given(networks())
def test_in_the_picture_no_two_devices_cover_each_other(graph):
    places = placed(graph, names={node: f"{node:03}" for node in graph.nodes})
    assert set(places) == graph.nodes
    for one in graph.nodes:
        for other in graph.nodes - {one}:
            if places[one].column == places[other].column:
                assert abs(places[one].row - places[other].row) > 0.99
