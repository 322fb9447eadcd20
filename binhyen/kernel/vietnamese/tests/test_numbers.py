from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.kernel.vietnamese.numbers import (
    QUALIFIERS,
    Bound,
    Figure,
    NotAFigure,
    Printed,
    Rounding,
    number_words,
    read_figure,
    read_number,
    rounded,
    written,
)

VALUES = st.decimals(allow_nan=False, allow_infinity=False, places=None, min_value=-(10**15), max_value=10**15).map(
    lambda value: value if value.as_tuple().exponent <= 0 else value.quantize(Decimal(1))
)
PRINTED = st.builds(Printed, st.decimals(0, 10**12, places=2), st.integers(1, 4), st.just(True)).map(
    lambda printed: read_number(str(printed))
)


@given(VALUES)
def test_every_value_survives_being_written_and_read(value):
    read = read_number(written(value)).value
    assert read == value
    assert read.as_tuple().exponent == value.as_tuple().exponent


@given(
    PRINTED, st.sampled_from(["", *QUALIFIERS]), st.none() | PRINTED, st.sampled_from(["", " %", "%", " tỷ đồng", " đ"])
)
def test_every_figure_survives_with_its_qualifier_padding_and_unit(number, qualifier, out_of, tail):
    figure = Figure(number, qualifier, out_of, tail)
    assert read_figure(str(figure)) == figure
    assert str(read_figure(str(figure))) == str(figure)


@pytest.mark.parametrize(
    ("text", "amount", "bound"),
    [
        ("1.695", "1695", Bound.EXACT),
        ("96,07 %", "96.07", Bound.EXACT),
        ("96,07\N{NO-BREAK SPACE}%", "96.07", Bound.EXACT),
        ("2.877", "2877", Bound.EXACT),
        ("5.000.000 đ", "5000000", Bound.EXACT),
        ("1,5 tỷ đồng", "1500000000", Bound.EXACT),
        ("05", "5", Bound.EXACT),
        ("03/63", "3", Bound.EXACT),
        ("gần 05 tỷ", "5000000000", Bound.BELOW),
        ("Hơn 1.096 buổi", "1096", Bound.ABOVE),
        ("trên 1,1 tỷ đồng", "1100000000", Bound.ABOVE),
        ("khoảng 300 nghìn lượt", "300000", Bound.ABOUT),
        ("ít nhất 12 giờ", "12", Bound.AT_LEAST),
        ("không quá 5 ngày", "5", Bound.AT_MOST),
        ("2024", "2024", Bound.EXACT),
    ],
)
def test_what_the_stories_print_is_read_exactly_and_printed_again(text, amount, bound):
    figure = read_figure(text)
    assert (figure.amount, figure.bound, str(figure)) == (Decimal(amount), bound, text)


@pytest.mark.parametrize("text", ["81.8", "1,695,000", "12.34.567", "", "năm", "1 695", "+5", "٣"])
def test_a_refusal_names_the_text_and_what_to_write(text):
    with pytest.raises(NotAFigure, match="Hãy viết") as refusal:
        read_number(text)
    assert f"“{text}”" in str(refusal.value)


def test_rounding_and_truncation_differ_and_have_names():
    share = Decimal(2366) * 100 / Decimal(2465)
    assert [(by.label, str(rounded(share, 1, by=by))) for by in Rounding] == [("làm tròn", "96.0"), ("cắt bớt", "95.9")]
    assert number_words(share, places=1, by=Rounding.TRUNCATED) == "95,9"


def test_a_value_without_end_is_refused():
    with pytest.raises(NotAFigure, match="hữu hạn"):
        written(Decimal("Infinity"))
