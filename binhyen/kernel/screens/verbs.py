"""What can be done with a row besides correcting it: a button on its page, and for many rows on the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from binhyen.kernel.screens.policy import Action


def _always(row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Verb:
    """`do(row, by=user)` changes the row, or raises Refused with a sentence. Shown where `applies`; on the list too
    where `bulk`. `confirm` is asked first. Whose rows: those with which the person may do `action`."""

    name: str
    label: str
    do: Callable[..., object]
    action: Action = Action.CHANGE
    applies: Callable[[Any], bool] = _always
    bulk: bool = False
    confirm: str = ""
    icon: str = "bolt"
