"""Splitting gifts into coins, shuffling all of them, and the secrets that open them.

A sibling on a Merkle path would show another's gift. So no leaf is a gift: each is a coin of one of the denominations
below, as if every gift were changed into notes and all notes thrown into one box. What the box shows is how many
notes of each kind it holds; which belong together only the seed knows.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

DENOMINATIONS = tuple(digit * 10**power for power in (5, 4, 3, 2, 1, 0) for digit in (5, 2, 1))
"""500.000 đ down to 1 đ, as notes and coins are. A large gift is many notes, and all look alike."""
SMALLER_ONE_IN = 4
"""So often a smaller note than the largest that fits is taken: the notes of a gift do not follow from its amount."""


@dataclass(frozen=True)
class Gift:
    """What a donor has given, net of corrections, in đồng; `statement` is the hash of the receipt's words."""

    code: str
    amount: int
    statement: bytes


@dataclass(frozen=True)
class Coin:
    """A part of one gift and what opens its commitment."""

    code: str
    amount: int
    salt: bytes
    commitment: bytes


class Dice:
    """Numbers that only the holder of the seed can foretell, and always the same from it."""

    def __init__(self, seed: bytes, purpose: str) -> None:
        self._key = hmac.digest(seed, purpose.encode(), "sha256")
        self._count = 0

    def below(self, limit: int) -> int:
        """An even draw from 0 up to `limit`, at most 2⁶⁴."""
        ceiling = 2**64 - 2**64 % limit  # what lies above would favour small numbers
        while True:
            self._count += 1
            drawn = int.from_bytes(hmac.digest(self._key, self._count.to_bytes(8, "big"), "sha256")[:8], "big")
            if drawn < ceiling:
                return drawn % limit


def commitment_of(amount: int, salt: bytes, statement: bytes) -> bytes:
    """Fixes a coin's amount and whose receipt it belongs to, and tells neither without the salt."""
    return hashlib.sha256(b"binhyen coin\x00" + amount.to_bytes(8, "big") + salt + statement).digest()


def coins_of(gift: Gift, seed: bytes) -> list[Coin]:
    """The coins of one gift, by the seed of one publication."""
    dice = Dice(seed, f"split {gift.code}")
    coins: list[Coin] = []
    left = gift.amount
    while left:
        fitting = [each for each in DENOMINATIONS if each <= left]
        amount = fitting[min(len(fitting) - 1, 1 if dice.below(SMALLER_ONE_IN) == 0 else 0)]
        salt = hmac.digest(seed, f"salt {gift.code} {len(coins)}".encode(), "sha256")
        coins.append(Coin(gift.code, amount, salt, commitment_of(amount, salt, gift.statement)))
        left -= amount
    return coins


def box_of(gifts: Iterable[Gift], seed: bytes) -> list[Coin]:
    """Every coin of every gift, shuffled (Fisher and Yates)."""
    coins = [coin for gift in gifts for coin in coins_of(gift, seed)]
    dice = Dice(seed, "shuffle")
    for last in range(len(coins) - 1, 0, -1):
        other = dice.below(last + 1)
        coins[last], coins[other] = coins[other], coins[last]
    return coins
