"""The page's own cryptography against published vectors and against Python's."""

import hashlib
import zlib

import pytest

from binhyen.modules.footage.evidence import SecretKey
from binhyen.modules.footage.evidence.tests.rfc8032 import ED25519
from binhyen.modules.footage.evidence.tests.viewing import SCREEN, opened, written_page

pytestmark = pytest.mark.browser

LENGTHS = [0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 119, 127, 128, 129, 255, 256, 257, 1023, 4097]
MESSAGES = [hashlib.shake_128(str(length).encode()).digest(length) for length in LENGTHS]
FROM_HEX = "const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));"
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
]


@pytest.fixture(scope="module")
def reader(chromium, tmp_path_factory):
    with opened(chromium, written_page(tmp_path_factory.mktemp("trang")), SCREEN) as found:
        yield found


def digests(reader, function):
    script = f"(hexes) => {{ {FROM_HEX} return hexes.map((hex) => toHex({function}(fromHex(hex)))); }}"
    return reader.run(script, [message.hex() for message in MESSAGES])


def verifies(reader, key, signature, message):
    script = (
        f"([key, signature, message]) => {{ {FROM_HEX} "
        "return ed25519Verify(fromHex(key), fromHex(signature), fromHex(message)); }"
    )
    return reader.run(script, [key, signature, message])


@pytest.mark.parametrize(("function", "name"), [("sha256", "sha256"), ("sha512", "sha512"), ("blake2b512", "blake2b")])
def test_hashes_of_every_awkward_length_are_pythons(reader, function, name):
    assert digests(reader, function) == [hashlib.new(name, message).hexdigest() for message in MESSAGES]


def test_the_published_vectors_of_abc_hold(reader):
    """FIPS 180-4 examples, RFC 7693 appendix A."""
    found = reader.run("[sha256, sha512, blake2b512].map((hash) => toHex(hash(new TextEncoder().encode('abc'))))")
    assert [each[:32] for each in found] == [
        "ba7816bf8f01cfea414140de5dae2223", "ddaf35a193617abacc417349ae204131", "ba80a53f981c4d0d6a2797b69f12f6e9",
    ]  # fmt: skip


def test_sha256_does_not_care_how_the_message_is_cut(reader):
    script = f"""([hex, cuts]) => {{ {FROM_HEX} const bytes = fromHex(hex), hash = new Sha256(); let at = 0;
        for (const cut of cuts) hash.update(bytes.subarray(at, at += cut));
        return toHex(hash.update(bytes.subarray(at)).finish()); }}"""
    message = MESSAGES[-1]
    for cuts in ([1] * 70, [63, 1, 64, 65], [0, 100, 28], [4096]):
        assert reader.run(script, [message.hex(), cuts]) == hashlib.sha256(message).hexdigest()


def test_the_checksum_of_zip_is_pythons(reader):
    script = f"(hexes) => {{ {FROM_HEX} return hexes.map((hex) => crc32(fromHex(hex))); }}"
    assert reader.run(script, [each.hex() for each in MESSAGES]) == [zlib.crc32(each) for each in MESSAGES]


@pytest.mark.parametrize("name", ED25519)
def test_the_signatures_of_rfc_8032_are_accepted(reader, name):
    key, message, signature = ED25519[name]
    assert verifies(reader, key, signature, message) is True


@pytest.mark.parametrize("name", ED25519)
def test_the_signatures_of_rfc_8032_do_not_sign_anything_else(reader, name):
    key, message, signature = ED25519[name]
    wrong_head = f"{int(signature[:2], 16) ^ 1:02x}" + signature[2:]
    wrong_tail = signature[:64] + f"{int(signature[64:66], 16) ^ 1:02x}" + signature[66:]
    found = [
        verifies(reader, key, signature, message + "00"), verifies(reader, key, wrong_head, message),
        verifies(reader, key, wrong_tail, message), verifies(reader, ED25519["TEST 2"][0][::-1], signature, message),
    ]  # fmt: skip
    assert found == [False] * 4


@pytest.mark.parametrize("key", SMALL_ORDER)
def test_a_key_of_small_order_signs_nothing(reader, key):
    """With such a key R = identity and S = 0 would satisfy the equation for every message."""
    assert verifies(reader, key, "01" + "00" * 63, "00") is False


def test_a_coordinate_beyond_the_field_is_no_key(reader):
    beyond = (2**255 - 19 + 3).to_bytes(32, "little").hex()
    assert reader.run(f"(hex) => {{ {FROM_HEX} return decodePoint(fromHex(hex)); }}", beyond) is None


def test_pythons_signatures_are_accepted(reader):
    for n, message in enumerate(MESSAGES[:6]):
        key = SecretKey.generate(bytes([n] * 40))
        assert verifies(reader, key.public_key.key.hex(), key.sign(message).hex(), message.hex()) is True
