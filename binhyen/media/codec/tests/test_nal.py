import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.media.codec import SYNTAX, BitstreamError, Packing, Role, annex_b_units, length_prefixed_units
from binhyen.media.codec.nal import announces_recovery_point
from binhyen.media.codec.tests.bit_writer import escape
from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.packets import Codec

_units = st.lists(st.binary(min_size=1, max_size=40).map(lambda b: escape(b + b"\x80")), max_size=6)


@given(_units, st.sampled_from([b"\0\0\1", b"\0\0\0\1"]), st.sampled_from([b"", b"\0", b"\0\0\0"]))
def test_start_codes_part_units(units, start_code, trailing):
    stream = b"".join(start_code + unit + trailing for unit in units)
    assert list(annex_b_units(stream)) == units


@given(_units, st.sampled_from([1, 2, 4]))
def test_lengths_part_units(units, length_bytes):
    sample = b"".join(len(unit).to_bytes(length_bytes, "big") + unit for unit in units)
    assert list(length_prefixed_units(sample, length_bytes)) == units


@pytest.mark.parametrize("sample", [b"\0", b"\0\0\0\5ab", b"\xff\xff\xff\xff"])
def test_lengths_that_do_not_add_up_are_a_named_error(sample):
    with pytest.raises(BitstreamError):
        list(length_prefixed_units(sample))


@pytest.mark.parametrize(
    ("sei", "announces"),
    [
        (b"\x06\x06\x01\xc4\x80", True),
        (b"\x06\x05\x02ab\x06\x01\x80\x80", True),
        (b"\x06\x05\x10ab", False),
        (b"\x06\xff\x01\x02ab\x06\x01\x80\x80", True),
        (b"\x06\xff\xff\xff", False),
        (b"\x06", False),
    ],
)
def test_a_recovery_point_is_found_among_messages(sei, announces):
    assert announces_recovery_point(sei) is announces


@pytest.mark.parametrize("codec", Codec)
def test_key_pictures_are_those_of_the_encoder(codec):
    stream = encoded(codec, gop=10)
    roles = SYNTAX[codec].roles
    keys = [any(roles[nal[0]] == Role.KEY_SLICE for nal in picture.nals) for picture in stream.pictures]
    assert keys == [picture.key for picture in stream.pictures] == ([True] + [False] * 9) * 3


def test_every_first_byte_has_a_role_and_a_packing():
    for syntax in SYNTAX.values():
        assert len(syntax.roles) == len(syntax.packings) == len(syntax.references) == 256
    assert Packing(SYNTAX[Codec.H264].packings[0x7C]) is Packing.FRAGMENT
    assert Packing(SYNTAX[Codec.H265].packings[0x62]) is Packing.FRAGMENT


def test_only_pictures_that_others_may_refer_to_count_as_references():
    h264, h265 = SYNTAX[Codec.H264].references, SYNTAX[Codec.H265].references
    assert [h264[byte] for byte in (0x01, 0x41, 0x65)] == [0, 1, 1]
    assert [h265[kind << 1] for kind in (0, 1, 8, 9, 19)] == [0, 1, 0, 1, 1]
