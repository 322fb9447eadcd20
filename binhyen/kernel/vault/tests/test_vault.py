import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.installation import secret
from binhyen.kernel.vault import (
    KeyRing,
    VaultError,
    load_or_create,
    new_row_key,
    open_row_key,
    open_sealed,
    pseudonym,
    seal,
)
from binhyen.kernel.vault.keys import replace

RING = KeyRing("", {}, b"p" * 32).rotated()


@given(st.binary(max_size=200), st.text(max_size=30))
def test_what_is_sealed_opens_again(plain, context):
    assert open_sealed(seal(plain, context=context, ring=RING), context=context, ring=RING) == plain


@given(st.binary(min_size=1, max_size=40), st.integers(0, 10_000), st.integers(0, 7))
def test_a_sealed_value_with_any_bit_flipped_does_not_open(plain, position, bit):
    sealed = bytearray(seal(plain, context="c", ring=RING))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(VaultError):
        open_sealed(bytes(sealed), context="c", ring=RING)


def test_a_value_moved_to_another_row_does_not_open():
    with pytest.raises(VaultError, match="bị thay đổi hoặc thuộc về một bản ghi khác"):
        open_sealed(seal(b"x", context="camera:1", ring=RING), context="camera:2", ring=RING)


def test_the_same_value_never_seals_to_the_same_bytes():
    assert seal(b"x", context="c", ring=RING) != seal(b"x", context="c", ring=RING)


def test_S08_after_a_rotation_old_values_open_and_new_ones_use_the_new_key():
    rotated = RING.rotated()
    assert open_sealed(seal(b"old", context="c", ring=RING), context="c", ring=rotated) == b"old"
    with pytest.raises(VaultError, match="Không có khóa"):
        open_sealed(seal(b"new", context="c", ring=rotated), context="c", ring=RING)


def test_keys_are_in_no_repr():
    assert RING.keys[RING.current].hex() not in repr(RING)
    assert repr(RING.keys[RING.current]) not in repr(RING)


def test_the_ring_is_made_once_and_closed_to_others(tmp_path):
    made = load_or_create(tmp_path / "vault.json")
    assert load_or_create(tmp_path / "vault.json") == made
    assert (tmp_path / "vault.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["vault.json"]


@pytest.mark.parametrize("make", [load_or_create, secret])
def test_many_first_starts_agree_on_one_secret(tmp_path, make):
    path, found = tmp_path / "made", []
    threads = [threading.Thread(target=lambda: found.append(make(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [make(path)] * 8


def test_a_ring_is_replaced_whole(tmp_path):
    path = tmp_path / "vault.json"
    rotated = load_or_create(path).rotated()
    replace(path, rotated)
    assert load_or_create(path) == rotated


def test_a_damaged_ring_is_named(tmp_path):
    path = tmp_path / "vault.json"
    path.write_text("{}")
    with pytest.raises(VaultError, match=r"vault\.json bị hỏng"):
        load_or_create(path)


def test_this_installations_ring_seals_and_a_rotation_needs_no_restart(settings, tmp_path):
    settings.BINHYEN_KEYS = tmp_path
    sealed = seal(b"x", context="c")
    replace(tmp_path / "vault.json", load_or_create(tmp_path / "vault.json").rotated())
    assert open_sealed(sealed, context="c") == b"x"
    assert seal(b"x", context="c")[:12] != sealed[:12]


def test_a_pseudonym_is_stable_and_differs_by_purpose(settings, tmp_path):
    settings.BINHYEN_KEYS = tmp_path
    assert pseudonym("7", purpose="owner") == pseudonym("7", purpose="owner")
    assert len({pseudonym("7", purpose="owner"), pseudonym("7", purpose="x"), pseudonym("8", purpose="owner")}) == 3


def test_S08_a_value_of_a_row_opens_with_the_row_s_own_key_alone():
    wrapped, key = new_row_key("household:1", ring=RING)
    sealed = key.seal("Ngõ 7".encode(), field="place")
    assert open_row_key(wrapped, "household:1", ring=RING).open(sealed, field="place") == "Ngõ 7".encode()
    other = new_row_key("household:1", ring=RING)[1]
    for attempt in (lambda: other.open(sealed, field="place"), lambda: key.open(sealed, field="person")):
        with pytest.raises(VaultError):
            attempt()


@pytest.mark.parametrize("wrapped", [b"", None], ids=["forgotten", "of another row"])
def test_S08_a_row_whose_key_is_forgotten_opens_no_more(wrapped):
    moved, _ = new_row_key("household:2", ring=RING)
    with pytest.raises(VaultError):
        open_row_key(moved if wrapped is None else wrapped, "household:1", ring=RING)
