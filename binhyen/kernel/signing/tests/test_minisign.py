import base64

import pytest

from binhyen.kernel.signing.minisign import KeyFileError, PublicKey, SecretKey, Signature, open_signing_key, sign_file
from binhyen.kernel.signing.station import station_key

KEY = SecretKey.generate(bytes(range(40)))
OTHER = SecretKey.generate(bytes(range(50, 90)))
CONTENT = "Báo cáo tháng 11/2026".encode()


def signed(content=CONTENT, comment="bao cao 1", key=KEY):
    return sign_file(content, subject="report", trusted_comment=comment, signer=key)


def line(raw):
    return base64.b64encode(raw).decode()


def raw_secret():
    return bytearray(base64.b64decode(KEY.text().splitlines()[1]))


def test_a_signature_file_says_what_it_is_for_and_reads_back():
    text = signed().text()
    assert text.startswith(f"untrusted comment: Binh Yen report, key {KEY.public_key.name}\n")
    assert Signature.parse(text, subject="report") == signed()
    with pytest.raises(KeyFileError, match="no signature covers"):
        Signature.parse(text, subject="evidence")


def test_only_the_signed_bytes_and_the_key_that_signed_are_accepted():
    signature = signed()
    assert signature.is_valid(CONTENT, KEY.public_key)
    assert not signature.is_valid(CONTENT + b".", KEY.public_key)
    assert not signature.is_valid(CONTENT, OTHER.public_key)
    assert not KEY.public_key.verify(b"short", CONTENT)
    with pytest.raises(ValueError, match="one line"):
        signed(comment="two\nlines")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:3], "four lines"),
        (lambda lines: [lines[0], "không", *lines[2:]], "not base64"),
        (lambda lines: [lines[0], line(bytes(74)), *lines[2:]], "algorithm"),
        (lambda lines: [lines[0], line(bytes(3)), *lines[2:]], "3 bytes, not 74"),
        (lambda lines: [lines[0] + " ", *lines[1:]], "no signature covers"),
    ],
)
def test_a_damaged_signature_file_is_named(change, said):
    with pytest.raises(KeyFileError, match=said):
        Signature.parse("\n".join(change(signed().text().split("\n"))), subject="report")


def test_keys_read_back_and_damaged_ones_are_named():
    assert PublicKey.parse(KEY.public_key.text()) == PublicKey.parse(KEY.public_key.base64) == KEY.public_key
    assert SecretKey.parse(KEY.text()) == KEY
    for text, said in (("a\nb", "one line"), (line(bytes(42)), "algorithm")):
        with pytest.raises(KeyFileError, match=said):
            PublicKey.parse(text)
    wrong = {0: "algorithm", 2: "encrypted", 70: "checksum"}
    for place, said in wrong.items():
        raw = raw_secret()
        raw[place] ^= 1
        with pytest.raises(KeyFileError, match=said):
            SecretKey.parse(f"comment\n{line(bytes(raw))}\n")
    with pytest.raises(KeyFileError, match="two lines"):
        SecretKey.parse("one")
    with pytest.raises(ValueError, match="40 random bytes"):
        SecretKey.generate(b"few")


def test_a_key_is_made_once_for_the_service_alone(tmp_path):
    path = tmp_path / "keys" / "report.key"
    with pytest.raises(FileNotFoundError):
        open_signing_key(path)
    made = open_signing_key(path, randomness=bytes(range(40)))
    assert (made, open_signing_key(path, randomness=bytes(40)), path.stat().st_mode & 0o777) == (KEY, KEY, 0o600)


def test_the_station_has_a_key_for_each_kind_of_thing(settings, tmp_path, monkeypatch):
    settings.BINHYEN_KEYS = tmp_path
    first = station_key("report")
    assert (station_key("report"), station_key("evidence") == first) == (first, False)


def test_of_two_processes_that_make_the_key_at_once_both_have_the_same(settings, tmp_path, monkeypatch):
    settings.BINHYEN_KEYS = tmp_path
    kept = station_key("report")
    looks = iter([False])
    monkeypatch.setattr("pathlib.Path.exists", lambda path: next(looks, True))
    assert station_key("report") == kept
