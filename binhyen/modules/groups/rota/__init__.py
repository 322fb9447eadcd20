"""Working out a fair rota. Pure functions: no Django, no clock, no chance; the same question has the same answer.

`arrange(turns, people, limits)` gives a `Plan` in which the largest number of turns of a person is at most one more
than the smallest, or raises `NoRota`, which says why in Vietnamese.
"""

from binhyen.modules.groups.rota.arrange import arrange
from binhyen.modules.groups.rota.turns import Limits, NoRota, Person, Plan, Turn, is_night

__all__ = ["Limits", "NoRota", "Person", "Plan", "Turn", "arrange", "is_night"]
