"""T09: anyone verifies the sum and the own gift; nobody another's. Files only, as a stranger has them."""

import hashlib
from copy import deepcopy
from itertools import combinations

import pytest

from binhyen.modules.contributions.proof.coins import DENOMINATIONS, Gift, box_of, coins_of
from binhyen.modules.contributions.proof.publication import Header, check_publication, file_of, header_of
from binhyen.modules.contributions.proof.receipt import check_receipt, receipt_of, statement_hash
from binhyen.modules.contributions.proof.tree import Node, ProofError, joined, leaf, levels_of

SEED = bytes(range(32))
AMOUNTS = {"Lan": 2_000_000, "Sơn": 150_000, "Hòa": 1_234_567, "Minh": 150_000, "Tú": 20_000, "Bình": 700_000}


def statement_of(donor):
    return {
        "campaign": "X1-1", "code": f"X1-1-{donor}", "day": "2026-11-21", "donor": donor, "kind": "money",
        "what": f"{AMOUNTS[donor]} đồng",
    }  # fmt: skip


def salt_of(donor):
    return hashlib.sha256(f"salt {donor}".encode()).digest()


def gifts(amounts=AMOUNTS):
    return [
        Gift(f"X1-1-{donor}", amount, statement_hash(statement_of(donor), salt_of(donor)))
        for donor, amount in amounts.items()
    ]


def published(box):
    leaves = [(coin.amount, coin.commitment) for coin in box]
    header, levels = header_of(leaves, campaign="X1-1", number=1, gifts=len(AMOUNTS), previous="")
    return file_of(header, leaves, {"campaign": "Lắp camera"}), header, levels


@pytest.fixture(scope="module")
def box():
    return box_of(gifts(), SEED)


@pytest.fixture
def public(box):
    return published(box)[0]


def receipt_for(donor, box):
    _, header, levels = published(box)
    own = [(index, coin) for index, coin in enumerate(box) if coin.code == f"X1-1-{donor}"]
    return receipt_of(statement_of(donor), salt_of(donor), own, header, levels)


def test_T09_anyone_adds_up_the_published_sum(public):
    header = check_publication(public)
    assert (header.total, header.gifts) == (sum(AMOUNTS.values()), 6)
    assert sum(amount for amount, _ in public["coins"]) == header.total


@pytest.mark.parametrize("donor", AMOUNTS)
def test_T09_every_donor_finds_the_own_gift_to_the_dong(donor, box, public):
    checked = check_receipt(receipt_for(donor, box), root=public["root"])
    assert (checked.amount, checked.statement["donor"]) == (AMOUNTS[donor], donor)


# --- a keeper of the ledger who cheats -------------------------------------------------------------------------------
def rooted(file):
    """The file with its header's root made right again: a forger can do that much."""
    file["root"] = Header.read(file["header"]).root
    return file


def total_is_lowered(file):
    file["header"]["total"] -= 500_000


def coin_is_dropped(file):
    file["header"]["total"] -= file["coins"].pop()[0]
    file["header"]["coins"] -= 1


def coin_is_negative(file):
    file["coins"].append([-500_000, "ab" * 32])
    file["header"]["coins"] += 1
    file["header"]["total"] -= 500_000


def coins_are_exchanged(file):
    first = file["coins"][0]
    other = next(at for at, each in enumerate(file["coins"]) if each[0] != first[0])
    file["coins"][0], file["coins"][other] = file["coins"][other], first


def commitments_are_exchanged(file):
    one, other = file["coins"][0], file["coins"][1]
    one[1], other[1] = other[1], one[1]


def coin_is_no_note(file):
    file["coins"][0][0] += 3


def coin_stands_twice(file):
    file["coins"].append(file["coins"][0])
    file["header"]["coins"] += 1
    file["header"]["total"] += file["coins"][0][0]


def amount_is_text(file):
    file["coins"][0][0] = str(file["coins"][0][0])


def amount_is_truth(file):
    file["coins"][0][0] = True


def count_is_off(file):
    file["header"]["coins"] += 1


def header_has_more(file):
    file["header"]["note"] = "x"


ATTACKS_ON_THE_SUM = [
    total_is_lowered, coin_is_dropped, coin_is_negative, coins_are_exchanged, commitments_are_exchanged,
    coin_is_no_note, coin_stands_twice, amount_is_text, amount_is_truth, count_is_off,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS_ON_THE_SUM, ids=lambda attack: attack.__name__)
def test_T09_a_changed_publication_is_refused(public, attack):
    forged = deepcopy(public)
    attack(forged)
    with pytest.raises(ProofError):
        check_publication(rooted(forged))


def test_T09_a_root_that_does_not_belong_to_its_header_is_refused(public):
    with pytest.raises(ProofError, match="Mã gốc"):
        check_publication({**public, "header": {**public["header"], "number": 2}})
    header_has_more(public)
    with pytest.raises(ProofError, match="Phần đầu"):
        check_publication(public)


@pytest.mark.parametrize("file", [None, [], {}, {"format": "binhyen-contributions-1"}, {"format": "x", "header": {}}])
def test_T09_what_is_no_such_file_is_refused(file):
    with pytest.raises(ProofError):
        check_publication(file)
    with pytest.raises(ProofError):
        check_receipt(file)


def test_T09_negative_sums_cannot_stand_in_a_tree():
    with pytest.raises(ProofError):
        leaf(-1, bytes(32))
    with pytest.raises(ProofError):
        joined(Node(-5, bytes(32)), Node(10, bytes(32)))
    with pytest.raises(ProofError):
        joined(Node(2**63, bytes(32)), Node(0, bytes(32)))


def test_T09_a_joint_is_no_leaf_and_both_sums_are_fixed():
    left, right = leaf(5, b"a" * 32), leaf(10, b"b" * 32)
    assert joined(left, right) != joined(right, left)
    assert joined(left, right).hash != joined(Node(10, left.hash), Node(5, right.hash)).hash
    assert leaf(0, bytes(32)) == levels_of([left, right, left])[0][3]  # the padding is a note of nothing


# --- receipts that cheat ---------------------------------------------------------------------------------------------
def words_are_changed(file):
    file["statement"]["donor"] = "Người khác"


def amount_is_changed(file):
    coin = file["coins"][0]
    coin["amount"] = 500_000 if coin["amount"] != 500_000 else 200_000


def place_is_changed(file):
    file["coins"][0]["index"] ^= 1


def coin_is_listed_twice(file):
    file["coins"].append(deepcopy(file["coins"][0]))


def sibling_is_negative(file):
    file["coins"][0]["path"][0][0] = -file["coins"][0]["path"][0][0] or -1


def path_is_short(file):
    file["coins"][0]["path"].pop()


def other_campaign(file):
    file["statement"]["campaign"] = "X1-2"


def salt_is_changed(file):
    file["salt"] = "00" * 32


def salt_is_none(file):
    file["salt"] = None


def path_is_words(file):
    file["coins"][0]["path"][0] = "x"


def coin_has_more(file):
    file["coins"][0]["note"] = 1


def coins_are_missing(file):
    file["coins"] = None


ATTACKS_ON_A_RECEIPT = [
    words_are_changed, amount_is_changed, place_is_changed, coin_is_listed_twice, sibling_is_negative, path_is_short,
    other_campaign, salt_is_changed, salt_is_none, path_is_words, coin_has_more, coins_are_missing,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS_ON_A_RECEIPT, ids=lambda attack: attack.__name__)
def test_T09_a_changed_receipt_is_refused(box, attack):
    forged = receipt_for("Lan", box)
    attack(forged)
    with pytest.raises(ProofError):
        check_receipt(forged)


def test_T09_one_coin_cannot_be_shown_to_two_donors_of_the_same_amount(box):
    shown_to_minh = receipt_for("Sơn", box) | {"statement": statement_of("Minh"), "salt": salt_of("Minh").hex()}
    with pytest.raises(ProofError, match="lời ghi"):
        check_receipt(shown_to_minh)


def test_T09_a_receipt_of_another_publication_is_not_taken_for_this_one(box, public):
    later = published(box_of(gifts({**AMOUNTS, "Tú": 25_000}), SEED[::-1]))[0]
    with pytest.raises(ProofError, match="lần công bố khác"):
        check_receipt(receipt_for("Lan", box), root=later["root"])


# --- somebody who wants to know another's gift -----------------------------------------------------------------------
def test_T09_own_proof_shows_nothing_that_is_not_public(box, public):
    """Every sibling on every path of a receipt follows from the public file: it adds nothing to it."""
    levels = levels_of([leaf(amount, bytes.fromhex(text)) for amount, text in public["coins"]])
    known = {(node.sum, node.hash.hex()) for row in levels for node in row}
    shown = {tuple(node) for coin in receipt_for("Lan", box)["coins"] for node in coin["path"]}
    assert shown <= known


def test_T09_two_worlds_in_which_others_gave_otherwise_look_alike(box):
    """Hòa and Bình exchange what they gave: with their coins in each other's places the public file and Lan's receipt
    show the same amounts at the same places. Only commitments differ, and those are hashes with secret salts."""
    exchanged = {"X1-1-Hòa": "X1-1-Bình", "X1-1-Bình": "X1-1-Hòa"}
    other = [type(coin)(exchanged.get(coin.code, coin.code), coin.amount, coin.salt, coin.commitment) for coin in box]
    there = {code: sum(coin.amount for coin in other if coin.code == code) for code in exchanged}
    assert there == {"X1-1-Hòa": AMOUNTS["Bình"], "X1-1-Bình": AMOUNTS["Hòa"]}
    assert published(other)[0] == published(box)[0]
    assert receipt_for("Lan", other) == receipt_for("Lan", box)


def test_T09_the_coins_fit_very_many_amounts_of_another():
    """From the coins that are not one's own, what another gave can be almost anything."""
    box = box_of(gifts(), SEED)
    others = [coin.amount for coin in box if coin.code != "X1-1-Lan"]
    possible = {sum(chosen) for size in range(1, 5) for chosen in combinations(others, size)}
    assert len(possible) > 500


def test_T09_guessing_amounts_does_not_open_a_commitment(box, public):
    """What is published of a coin is no hash of amount, code and name alone."""
    commitments = {text for _, text in public["coins"]}
    guesses = {
        hashlib.sha256(prefix + amount.to_bytes(8, "big") + salt + gift.statement).hexdigest()
        for gift in gifts()
        for amount in DENOMINATIONS
        for salt in (b"", bytes(32), gift.code.encode())
        for prefix in (b"", b"binhyen coin\x00")
    }
    assert not guesses & commitments


def test_T09_coins_of_one_gift_do_not_lie_together_and_change_with_each_publication():
    again = box_of(gifts(), SEED[::-1])
    first = box_of(gifts(), SEED)
    assert {coin.commitment for coin in again}.isdisjoint(coin.commitment for coin in first)
    places = [at for at, coin in enumerate(first) if coin.code == "X1-1-Hòa"]
    assert places != list(range(places[0], places[0] + len(places)))


@pytest.mark.parametrize("amount", [1, 3, 500_000, 999_999, 123_456_789])
def test_a_gift_is_split_without_loss_into_notes(amount):
    coins = coins_of(Gift("a", amount, bytes(32)), SEED)
    assert sum(coin.amount for coin in coins) == amount
    assert {coin.amount for coin in coins} <= set(DENOMINATIONS)


def test_nothing_given_is_a_sum_too():
    header, _ = header_of([], campaign="X1-1", number=1, gifts=0, previous="")
    assert check_publication(file_of(header, [], {})).total == 0
