"""The donor's file: the words of the receipt, and the coins of the own gift with their paths to the published root.

A path shows sums of other coins. That tells no more than the public file does, which lists every coin in the same
order: the paths are computed from it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from binhyen.modules.contributions.proof.coins import DENOMINATIONS, Coin, commitment_of
from binhyen.modules.contributions.proof.publication import Header, bytes_of, canonical, header_in
from binhyen.modules.contributions.proof.tree import Node, ProofError, climbed, depth_of, leaf, path_of

FORMAT = "binhyen-gift-1"
STATEMENT = ("campaign", "code", "day", "donor", "kind", "what")
"""What a receipt says. The donor's name stands in it, so that one coin cannot be shown to two donors."""


@dataclass(frozen=True)
class Checked:
    """What a receipt proves: so much of the published total is this gift."""

    statement: Mapping[str, str]
    amount: int
    header: Header


def statement_hash(statement: Mapping[str, str], salt: bytes) -> bytes:
    """Fixes the words of a receipt and tells none of them."""
    return hashlib.sha256(b"binhyen statement\x00" + salt + canonical(dict(statement))).digest()


def receipt_of(
    statement: Mapping[str, str],
    salt: bytes,
    coins: Sequence[tuple[int, Coin]],
    header: Header,
    levels: Sequence[Sequence[Node]],
) -> dict[str, Any]:
    """The file for one donor; `coins` with their places in the publication."""
    shown = [
        {
            "amount": coin.amount,
            "salt": coin.salt.hex(),
            "index": index,
            "path": [[node.sum, node.hash.hex()] for node in path_of(levels, index)],
        }
        for index, coin in coins
    ]
    own = {"statement": dict(statement), "salt": salt.hex(), "coins": shown}
    return {"format": FORMAT, "header": vars(header), "root": header.root, **own}


def check_receipt(file: Any, *, root: str | None = None) -> Checked:
    """What the receipt proves, against the `root` that the donor knows where given. Raises ProofError."""
    header = header_in(file, FORMAT)
    if root is not None and root.strip().lower() != header.root:
        raise ProofError("Biên nhận thuộc một lần công bố khác mã gốc đã cho.")
    statement = file.get("statement")
    if not isinstance(statement, dict) or set(statement) != set(STATEMENT):
        raise ProofError("Lời ghi trên biên nhận không đủ các mục cần có.")
    if statement["campaign"] != header.campaign:
        raise ProofError("Biên nhận ghi một đợt vận động khác.")
    hashed = statement_hash(statement, bytes_of(file.get("salt"), "biên nhận"))
    coins = file.get("coins")
    if not isinstance(coins, list) or len(coins) > header.coins:
        raise ProofError("Biên nhận không kê các mảnh của khoản góp.")
    places = [_checked_coin(each, hashed, header) for each in coins]
    if len({index for index, _ in places}) != len(places):
        raise ProofError("Một mảnh được kê hai lần trong biên nhận.")
    return Checked(statement, sum(amount for _, amount in places), header)


def _checked_coin(given: Any, statement: bytes, header: Header) -> tuple[int, int]:
    """Place and amount of a coin whose path leads to the root."""
    if not isinstance(given, dict) or set(given) != {"amount", "salt", "index", "path"}:
        raise ProofError("Một mảnh của biên nhận không đủ các mục cần có.")
    amount, index, path = given["amount"], given["index"], given["path"]
    if type(amount) is not int or amount not in DENOMINATIONS:
        raise ProofError("Một mảnh có số tiền không phải mệnh giá.")
    if type(index) is not int or not 0 <= index < header.coins:
        raise ProofError("Một mảnh nằm ngoài danh sách đã công bố.")
    if not isinstance(path, list) or len(path) != depth_of(header.coins):
        raise ProofError("Đường dẫn của một mảnh dài ngắn không đúng.")
    siblings = [_sibling(each) for each in path]
    start = leaf(amount, commitment_of(amount, bytes_of(given["salt"], "mảnh"), statement))
    found = climbed(start, index, siblings)
    if (found.sum, found.hash.hex()) != (header.total, header.tree):
        raise ProofError("Có mảnh không nằm trong tổng đã công bố, hoặc lời ghi trên biên nhận đã bị sửa.")
    return index, amount


def _sibling(given: Any) -> Node:
    match given:
        case [int(amount), str(text)]:
            return Node(amount, bytes_of(text, "đường dẫn"))
    raise ProofError("Đường dẫn của một mảnh không đúng dạng.")
