"""Steps and workflows as data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from binhyen.kernel.units.authority import Authority

Guard = Callable[[Authority, Any], bool]


@dataclass(frozen=True)
class Within:
    """Time allowed in the state that a step leads to: working hours by the calendar, or wall-clock time."""

    hours: float
    working: bool = True


def working_days(count: float) -> Within:
    """`count` working days of eight hours."""
    return Within(count * 8)


def clock_time(duration: timedelta) -> Within:
    """Wall-clock time, nights and holidays included."""
    return Within(duration.total_seconds() / 3600, working=False)


@dataclass(frozen=True)
class Step:
    """`name` leads from one of `source` to `target`; `allowed` says for whom; `within` is the time
    allowed in `target`. `needs_note` where the regulation wants a reason."""

    name: str
    label: str
    source: tuple[str, ...]
    target: str
    allowed: Guard
    within: Within | None = None
    needs_note: bool = False


@dataclass(frozen=True)
class Workflow:
    """The steps of one kind of thing, in the order a person reads them. `states` pairs names with labels."""

    states: dict[str, str]
    start: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        for step in self.steps:
            for state in (*step.source, step.target):
                if state not in self.states:
                    raise ValueError(f"step {step.name!r} names the unknown state {state!r}")
        if self.start not in self.states:
            raise ValueError(f"unknown start {self.start!r}")

    def __getitem__(self, name: str) -> Step:
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a model field."""
        return list(self.states.items())

    @property
    def final(self) -> frozenset[str]:
        """States that no step leaves."""
        return frozenset(self.states) - {state for step in self.steps for state in step.source}

    def open_to(self, authority: Authority, thing: Any) -> list[Step]:
        """The steps that `authority` may take with `thing` now."""
        return [step for step in self.steps if thing.state in step.source and step.allowed(authority, thing)]
