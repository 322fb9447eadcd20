"""Any text is checked without failing, in time that grows with its length and no faster."""

import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from binhyen.kernel.figures.check import check_text

PIECES = st.sampled_from(
    [
        *(
            "5.680",
            "2.366/2.465",
            "95,9 %",
            "81.8%",
            " hồ sơ",
            "gồm ",
            "trong đó ",
            ", ",
            ". ",
            "\n- ",
            "\t",
            "|",
            "(",
            ")",
        ),
        *("vượt ", "tổng cộng ", "từ 12 lên 3", "31/02/2024", "bo vệ ", "s ", "=", " + ", ":", "\n", "a\u0323\u0302"),
        *("İ", "\u200b", "😀", "0", "%"),
    ]
)
CORRECT = Path(__file__).parent / "correct"


@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_every_text_has_an_answer_whose_offsets_fit(text):
    for each in check_text(text):
        assert text[each.start : each.end] == each.text
        assert each.sentence


def test_time_grows_with_the_length():
    """Eight times the text takes eight times as long where cost is linear, sixty-four times where it is quadratic; the
    quickest of three runs, since other processes only ever add."""
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(CORRECT.glob("*.txt")))
    short, long = (min(_seconds_for(text * times) for _ in range(3)) for times in (1, 8))
    assert long < 24 * short


def _seconds_for(text):
    started = time.process_time()
    check_text(text)
    return time.process_time() - started


def test_one_line_without_end_is_no_trouble():
    started = time.process_time()
    check_text("5.680 hồ sơ, gồm " + "2.366 hồ sơ và (" * 4000)
    check_text("1.000 + " * 8000)
    check_text("từ 12 " * 8000)
    check_text("Tổng\t1\n" * 3000)
    check_text("gồm " * 8000 + "5 vụ, 95,9 % " * 2000)
    assert time.process_time() - started < 10
