"""A Merkle tree whose every node carries the sum below it.

A node is SHA-256(1 ‖ sum left ‖ hash left ‖ sum right ‖ hash right), a leaf SHA-256(0 ‖ amount ‖ commitment), sums as
16 bytes without a sign. Both sums are hashed, not only theirs together: a tree that hashes the joint sum alone can
be made to show two different paths to one root (Chalkias, Chatzigiannis, Ji: Broken Proofs of Solvency, 2022).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

SUM_BYTES = 16
SUM_MAX = 2**63 - 1
"""In đồng. Whatever a real campaign holds is far below; a sum above it is a forgery."""
HASH_BYTES = 32


class ProofError(Exception):
    """What was given proves nothing; the sentence says why, for the person who checks."""


@dataclass(frozen=True)
class Node:
    """A sum in đồng and the hash that fixes it with everything below."""

    sum: int
    hash: bytes


def leaf(amount: int, commitment: bytes) -> Node:
    """One coin. Raises ProofError where the amount is no amount."""
    return Node(amount, hashlib.sha256(b"\x00" + _written(amount) + _hash(commitment)).digest())


PADDING = Node(0, hashlib.sha256(b"\x00" + bytes(SUM_BYTES + HASH_BYTES)).digest())
"""What fills the lowest row up to a power of two."""


def joined(left: Node, right: Node) -> Node:
    """The node above two others."""
    both = _written(left.sum) + _hash(left.hash) + _written(right.sum) + _hash(right.hash)
    return Node(left.sum + right.sum, hashlib.sha256(b"\x01" + both).digest())


def depth_of(count: int) -> int:
    """How many joints lie between the root and each of `count` leaves."""
    return max(count - 1, 0).bit_length()


def levels_of(leaves: Sequence[Node]) -> list[list[Node]]:
    """Every row of the tree from the leaves up; the last holds the root alone."""
    row = [*leaves, *[PADDING] * (2 ** depth_of(len(leaves)) - len(leaves))]
    levels = [row]
    while len(row) > 1:
        row = [joined(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        levels.append(row)
    return levels


def path_of(levels: Sequence[Sequence[Node]], index: int) -> list[Node]:
    """The sibling at each row, from the leaf up."""
    return [row[(index >> height) ^ 1] for height, row in enumerate(levels[:-1])]


def climbed(start: Node, index: int, path: Sequence[Node]) -> Node:
    """The root to which `path` leads from the leaf at `index`. Raises ProofError for a sum that is none."""
    node = start
    for height, sibling in enumerate(path):
        node = joined(sibling, node) if index >> height & 1 else joined(node, sibling)
    return node


def _written(amount: int) -> bytes:
    if type(amount) is not int or not 0 <= amount <= SUM_MAX:
        raise ProofError(f"Số tiền {amount!r} không hợp lệ: phải là số nguyên không âm, tính bằng đồng.")
    return amount.to_bytes(SUM_BYTES, "big")


def _hash(value: bytes) -> bytes:
    if len(value) != HASH_BYTES:
        raise ProofError("Mã băm không đủ 32 byte.")
    return value
