"""The public file: how much was given, coin by coin, and the root that fixes it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from binhyen.modules.contributions.proof.coins import DENOMINATIONS
from binhyen.modules.contributions.proof.tree import HASH_BYTES, Node, ProofError, leaf, levels_of

FORMAT = "binhyen-contributions-1"
COINS_MAX = 2_000_000


@dataclass(frozen=True)
class Header:
    """What a publication says of itself. Its root fixes all of it, the publication before it included."""

    campaign: str
    number: int
    gifts: int
    coins: int
    total: int
    previous: str
    tree: str

    @property
    def root(self) -> str:
        """The hash to copy down: SHA-256 of the header as canonical JSON."""
        return hashlib.sha256(b"\x02" + canonical(vars(self))).hexdigest()

    @classmethod
    def read(cls, given: Any) -> "Header":
        """Raises ProofError where something is missing or of the wrong kind."""
        if not isinstance(given, Mapping) or set(given) != set(cls.__annotations__):
            raise ProofError("Phần đầu của tệp không đủ các mục cần có.")
        for name, kind in cls.__annotations__.items():
            if type(given[name]) is not kind:
                raise ProofError(f"Mục “{name}” ở phần đầu không đúng dạng.")
        return cls(**given)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: what is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def header_of(
    leaves: Sequence[tuple[int, bytes]], *, campaign: str, number: int, gifts: int, previous: str
) -> tuple[Header, list[list[Node]]]:
    """The header of these coins, and the rows of their tree."""
    levels = levels_of([leaf(amount, commitment) for amount, commitment in leaves])
    root = levels[-1][0]
    header = Header(campaign, number, gifts, len(leaves), root.sum, previous, root.hash.hex())
    return header, levels


def file_of(header: Header, leaves: Sequence[tuple[int, bytes]], about: Mapping[str, str]) -> dict[str, Any]:
    """The file as it is downloaded; `about` is for readers and proves nothing."""
    coins = [[amount, commitment.hex()] for amount, commitment in leaves]
    return {"format": FORMAT, "about": dict(about), "header": vars(header), "root": header.root, "coins": coins}


def check_publication(file: Any) -> Header:
    """Add up every coin and build the tree anew. Gives the header; raises ProofError with what does not hold."""
    header = header_in(file, FORMAT)
    coins = file.get("coins")
    if not isinstance(coins, list) or len(coins) != header.coins or len(coins) > COINS_MAX:
        raise ProofError(f"Tệp phải có đúng {header.coins} mảnh như phần đầu đã ghi.")
    leaves = [_coin(each, at) for at, each in enumerate(coins, 1)]
    if len({commitment for _, commitment in leaves}) != len(leaves):
        raise ProofError("Có mảnh được kê hai lần.")
    total = sum(amount for amount, _ in leaves)
    if total != header.total:
        raise ProofError(f"Cộng các mảnh được {total} đồng, phần đầu ghi {header.total} đồng.")
    root = levels_of([leaf(amount, commitment) for amount, commitment in leaves])[-1][0]
    if root.hash.hex() != header.tree:
        raise ProofError("Mã gốc của cây không khớp các mảnh: có mảnh bị sửa, bớt, thêm hoặc đổi chỗ.")
    return header


def header_in(file: Any, kind: str) -> Header:
    """The header of a file of `kind`, whose root it must have. Raises ProofError."""
    if not isinstance(file, dict) or file.get("format") != kind:
        raise ProofError("Đây không phải tệp công bố hay biên nhận đóng góp của Bình Yên.")
    header = Header.read(file.get("header"))
    if file.get("root") != header.root:
        raise ProofError("Mã gốc không khớp phần đầu của tệp: có số đã bị sửa.")
    return header


def _coin(given: Any, at: int) -> tuple[int, bytes]:
    match given:
        case [int(amount), str(text)] if type(amount) is int and amount in DENOMINATIONS:
            return amount, bytes_of(text, f"mảnh {at}")
    raise ProofError(f"Mảnh {at} không hợp lệ: số tiền phải là một mệnh giá từ 1 đến 500.000 đồng.")


def bytes_of(text: Any, what: str) -> bytes:
    """32 bytes from hexadecimal digits."""
    try:
        found = bytes.fromhex(text)
    except (TypeError, ValueError) as error:
        raise ProofError(f"Mã của {what} không phải số thập lục phân.") from error
    if len(found) != HASH_BYTES or found.hex() != text:
        raise ProofError(f"Mã của {what} không đủ 64 chữ số.")
    return found
