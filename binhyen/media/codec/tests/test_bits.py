import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.media.codec.bits import MAX_PARAMETER_SET_BYTES, BitReader, BitstreamError, unescape
from binhyen.media.codec.tests.bit_writer import BitWriter, escape


@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 255])).map(bytes))
def test_what_an_encoder_escapes_is_read_back_as_it_was(payload):
    assert unescape(escape(payload)) == payload


@given(st.lists(st.integers(0, 2**32 - 2), max_size=20), st.lists(st.integers(-(2**31) + 1, 2**31 - 1), max_size=20))
def test_golomb_codes_round_trip(unsigned, signed):
    bits = BitReader(unescape(BitWriter().ue(*unsigned).se(*signed).payload()))
    assert [bits.unsigned() for _ in unsigned] == unsigned
    assert [bits.signed() for _ in signed] == signed


@pytest.mark.parametrize("read", [lambda b: b.bits(9), lambda b: b.unsigned(), lambda b: b.unsigned_up_to(3, "x")])
def test_reading_past_the_end_is_a_named_error(read):
    with pytest.raises(BitstreamError):
        read(BitReader(b"\0"))


def test_a_code_above_its_bound_is_named():
    with pytest.raises(BitstreamError, match="chroma_format_idc is 9; at most 3"):
        BitReader(BitWriter().ue(9).payload()).unsigned_up_to(3, "chroma_format_idc")


def test_an_absurdly_long_parameter_set_is_refused():
    with pytest.raises(BitstreamError):
        BitReader(b"\1" * (MAX_PARAMETER_SET_BYTES + 1))
