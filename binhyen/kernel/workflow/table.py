"""Steps and workflows as data."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import Role

Guard = Callable[[Authority, Any], bool]
_HOURS_PER_DAY = 8


@dataclass(frozen=True)
class HeldBy:
    """The guard that most steps have: one of `roles` is held over the thing's unit."""

    roles: frozenset[str]

    def __call__(self, authority: Authority, thing: Any) -> bool:
        return authority.holds(self.roles, thing.unit)

    @property
    def words(self) -> str:
        return ", ".join(str(role.label) for role in Role if role in self.roles)


def held_by(*roles: Role) -> HeldBy:
    """A guard: whoever holds one of `roles` over the unit of the thing."""
    return HeldBy(frozenset(roles))


def in_words(words: str) -> Callable[[Guard], Guard]:
    """Say in Vietnamese whom a guard of one's own lets through; the diagram's table shows it."""

    def describe(guard: Guard) -> Guard:
        guard.words = words  # type: ignore[attr-defined]  # read by `guard_words`
        return guard

    return describe


def guard_words(guard: Guard) -> str:
    """Whom `guard` lets through, as a person reads it; empty where nobody has said it."""
    return str(getattr(guard, "words", ""))


@in_words("Hệ thống, khi hết thời hạn")
def system_only(authority: Authority, thing: Any) -> bool:
    """The guard of a step that time alone takes (`advance` with `by` None)."""
    return False


@dataclass(frozen=True)
class Within:
    """Time allowed in the state that a step leads to: working hours by the calendar or wall-clock hours; where
    `days` is given, until the closing hour of so many working days after the day on which it begins."""

    hours: float
    working: bool = True
    days: int = 0

    @property
    def length(self) -> timedelta:
        """The time itself; a whole working day counts as eight hours."""
        return timedelta(hours=self.hours + self.days * _HOURS_PER_DAY)

    @property
    def words(self) -> str:
        if self.days:
            return f"hết {self.days} ngày làm việc"
        unit_hours = _HOURS_PER_DAY if self.working else 24
        whole_days = self.hours / unit_hours
        is_days = whole_days == int(whole_days) and (self.working or whole_days > 1)
        count = f"{whole_days if is_days else self.hours:g}".replace(".", ",")
        return f"{count} {'ngày' if is_days else 'giờ'}{' làm việc' if self.working else ''}"


def working_hours(count: float) -> Within:
    """`count` working hours."""
    return Within(count)


def working_days(count: float) -> Within:
    """`count` working days of eight hours, counted from the moment at which they begin."""
    return Within(count * _HOURS_PER_DAY)


def whole_working_days(count: int) -> Within:
    """Until the closing hour of the `count`-th working day after the day on which they begin, as the law counts."""
    return Within(0, days=count)


def clock_time(duration: timedelta) -> Within:
    """Wall-clock time, nights and holidays included."""
    return Within(duration.total_seconds() / 3600, working=False)


@dataclass(frozen=True)
class Step:
    """`name` leads from one of `source` to `target`; `allowed` says for whom; `within` is the time
    allowed in `target`. `needs_note` where the regulation wants a reason.

    A step that `extends` adds `within` to the deadline that stands instead of starting anew; its target may be its
    source. `at_most`: how many times one thing may take it.
    """

    name: str
    label: str
    source: tuple[str, ...]
    target: str
    allowed: Guard
    within: Within | None = None
    needs_note: bool = False
    extends: bool = False
    at_most: int | None = None


@dataclass(frozen=True)
class Escalation:
    """So many working hours after a deadline has passed, those who hold one of `to` are told: in the thing's unit, or
    `above` levels higher; where nobody holds one there, in the nearest unit above where somebody does."""

    after_hours: float
    to: frozenset[str]
    above: int = 0

    @property
    def words(self) -> str:
        when = f"sau {self.after_hours:g} giờ làm việc".replace(".", ",") if self.after_hours else "ngay khi trễ hạn"
        where = "của đơn vị" if not self.above else "của đơn vị cấp trên"
        return f"{when}: báo {', '.join(str(role.label) for role in Role if role in self.to)} {where}"


def escalate(*to: Role, after_hours: float = 0, above: int = 0) -> Escalation:
    """An `Escalation` to the holders of the roles `to`."""
    return Escalation(after_hours, frozenset(to), above)


@dataclass(frozen=True)
class Workflow:
    """The steps of one kind of thing, in the order a person reads them. `states` pairs names with labels.

    A thing begins in `start`, or in one of `other_starts`; `begin_within` is the time allowed there.
    The clock stands still in the states of `paused` (the citizen is asked for something); a step that leaves one goes
    on with what was left, unless it brings a time of its own. In the states of `lapsing` the time is somebody else's:
    when it has passed, nobody here is late. In the states of `ended` the work is done although a step may take it up
    again. `readers`: roles that may see which things are late.
    """

    states: dict[str, str]
    start: str
    steps: tuple[Step, ...]
    other_starts: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    begin_within: Mapping[str, Within] = field(default_factory=dict)
    paused: tuple[str, ...] = ()
    lapsing: tuple[str, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    readers: Collection[str] = frozenset()

    def __post_init__(self) -> None:
        for step in self.steps:
            for state in (*step.source, step.target):
                if state not in self.states:
                    raise ValueError(f"step {step.name!r} names the unknown state {state!r}")
        if self.start not in self.states:
            raise ValueError(f"unknown start {self.start!r}")
        for state in (*self.other_starts, *self.ended, *self.begin_within, *self.paused, *self.lapsing):
            if state not in self.states:
                raise ValueError(f"the workflow names the unknown state {state!r}")
        waits = [escalation.after_hours for escalation in self.escalations]
        if waits != sorted(waits):
            raise ValueError("escalations must stand in the order in which they happen")

    def __getitem__(self, name: str) -> Step:
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    @property
    def starts(self) -> tuple[str, ...]:
        """Every state in which a thing may begin."""
        return (self.start, *self.other_starts)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a model field."""
        return list(self.states.items())

    @property
    def final(self) -> frozenset[str]:
        """States that no step leaves."""
        return frozenset(self.states) - {state for step in self.steps for state in step.source}

    @property
    def done(self) -> frozenset[str]:
        """States in which nothing is left to do."""
        return self.final | frozenset(self.ended)

    @property
    def binding(self) -> tuple[str, ...]:
        """States whose deadline, once passed, makes somebody late."""
        exempt = {*self.lapsing, *self.paused, *self.done}
        return tuple(state for state in self.states if state not in exempt)

    def open_to(self, authority: Authority, thing: Any) -> list[Step]:
        """The steps that `authority` may take with `thing` now."""
        return [step for step in self.steps if thing.state in step.source and step.allowed(authority, thing)]

    def times_in(self, state: str) -> list[Within]:
        """The times that may be allowed in `state`, by how it is reached; each once."""
        found = [self.begin_within[state]] if state in self.begin_within else []
        found += [step.within for step in self.steps if step.target == state and step.within and not step.extends]
        return list(dict.fromkeys(found))
