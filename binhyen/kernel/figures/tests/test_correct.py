"""Correct reports, news, plans, tables and minutes of more than 4,000 words: nothing is found."""

from pathlib import Path

import pytest

from binhyen.kernel.figures.check import check_text

CORRECT = sorted(Path(__file__).parent.joinpath("correct").glob("*.txt"))


@pytest.mark.parametrize("path", CORRECT, ids=lambda path: path.stem)
def test_no_false_alarm_in_correct_text(path):
    assert check_text(path.read_text(encoding="utf-8")) == []


def test_the_correct_texts_are_long_enough_to_mean_something():
    assert sum(len(path.read_text(encoding="utf-8").split()) for path in CORRECT) > 4000


@pytest.mark.parametrize("path", CORRECT, ids=lambda path: path.stem)
def test_nor_where_long_lines_are_wrapped_or_blanks_do_not_break(path):
    text = path.read_text(encoding="utf-8")
    assert check_text(text.replace(" %", "\N{NO-BREAK SPACE}%")) == []
    assert check_text(text.replace(". ", ".\n")) == []


@pytest.mark.parametrize("path", CORRECT, ids=lambda path: path.stem)
def test_nor_where_a_pdf_lost_the_columns_of_tables(path):
    assert check_text(path.read_text(encoding="utf-8").replace("\t", " ").replace("|", " ")) == []
