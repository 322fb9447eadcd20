import pytest

from binhyen.kernel.vietnamese.encodings import NotText, decode, from_tcvn3_fonts

TEXT = "Công an xã giữ gìn trật tự, quản lý địa bàn của mình; đồng bào được hướng dẫn đầy đủ."
TCVN3 = "C«ng an x· gi÷ g×n trËt tù, qu¶n lý ®Þa bµn cña m×nh; ®ång bµo ®­îc h­íng dÉn ®Çy ®ñ."
"""The same, as ABC fonts have it; the letter before \"îc\" is a soft hyphen."""


def windows_1258(text):
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    pieces = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = [each for each in parts if each in tones]
        base = unicodedata.normalize("NFC", "".join(each for each in parts if each not in tones))
        pieces.append(base + "".join(tone))
    return "".join(pieces).encode("cp1258")


def test_windows_1258_is_recognised_and_composed():
    assert decode(windows_1258(TEXT)) == TEXT


def test_tcvn3_is_recognised():
    assert decode(TCVN3.encode("latin-1")) == TEXT


def test_text_for_abc_fonts_inside_unicode_is_read_letter_by_letter():
    assert from_tcvn3_fonts(TCVN3) == TEXT
    assert len(TCVN3) == len(TEXT)


@pytest.mark.parametrize("text", [TEXT, "Café, 5 µm, ÷ 3", "plain text"])
def test_other_text_is_left_alone(text):
    assert from_tcvn3_fonts(text) == text


@pytest.mark.parametrize("raw", [bytes(range(128, 256)) * 4, b"\xff\xfe\x00"])
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(NotText, match="UTF-8"):
        decode(raw)
