"""The clock of a thing: when its time runs out, how it stands still and goes on, when the superior hears of it.

These functions change the thing in memory; `begin` and `advance` save it.
"""

from datetime import datetime, timedelta

from binhyen.kernel.units.models import Unit
from binhyen.kernel.workflow.models import Stateful
from binhyen.kernel.workflow.table import Step, Within
from binhyen.kernel.workflow.working_time import calendar_for

CLOCK_FIELDS = ("due_at", "due_working", "paused_at", "left_us", "escalate_at", "escalations_done")
_MICROSECOND = timedelta(microseconds=1)


def due_after(within: Within | None, at: datetime, *, unit: Unit | None = None) -> datetime | None:
    """When the time allowed by `within` runs out if it starts at `at` in `unit`."""
    if within is None:
        return None
    if within.days:
        return calendar_for(unit).add_days(at, within.days)
    return _moved(at, timedelta(hours=within.hours), working=within.working, unit=unit)


def begin(thing: Stateful, *, at: datetime, state: str = "") -> None:
    """Put a new thing into the state in which it begins (the workflow's first, or `state`) and start its clock."""
    thing.state = state or thing.workflow.start
    within = thing.workflow.begin_within.get(thing.state)
    _set_due(thing, due_after(within, at, unit=_unit_of(thing)), working=within is not None and within.working)


def turn_clock(thing: Stateful, step: Step, *, at: datetime) -> None:
    """What `step`, just taken into its target, does to the clock of `thing`."""
    if step.target in thing.workflow.paused:
        _pause(thing, at=at)
        if step.extends and step.within and thing.left_us is not None:
            thing.left_us += step.within.length // _MICROSECOND
    elif step.extends and step.within:
        _resume(thing, at=at)
        _set_due(thing, _extended(thing, step.within, at), working=thing.due_working)
    elif step.within is not None or thing.left_us is None:
        within = step.within
        due_at = due_after(within, at, unit=_unit_of(thing))
        thing.paused_at = thing.left_us = None
        _set_due(thing, due_at, working=within is not None and within.working)
    elif step.target in thing.workflow.done:
        thing.paused_at = thing.left_us = None
        _set_due(thing, None, working=False)
    else:
        _resume(thing, at=at)


def _pause(thing: Stateful, *, at: datetime) -> None:
    """Keep what is left, less than nothing where the thing is late, and stop the clock."""
    if thing.due_at is None:
        return  # there was no deadline, or the clock stands already
    unit = _unit_of(thing)
    left = calendar_for(unit).between(at, thing.due_at) if thing.due_working else thing.due_at - at
    thing.left_us, thing.paused_at = left // _MICROSECOND, at
    thing.due_at, thing.escalate_at = None, None


def _resume(thing: Stateful, *, at: datetime) -> None:
    if thing.left_us is None:
        return
    left = thing.left_us * _MICROSECOND
    thing.left_us = thing.paused_at = None
    _set_due(thing, _moved(at, left, working=thing.due_working, unit=_unit_of(thing)), working=thing.due_working)


def _extended(thing: Stateful, within: Within, at: datetime) -> datetime | None:
    """What is added has the kind of the clock that runs; without one it starts at `at`."""
    if thing.due_at is None:
        thing.due_working = within.working
        return due_after(within, at, unit=_unit_of(thing))
    return due_after(within, thing.due_at, unit=_unit_of(thing))


def _set_due(thing: Stateful, due_at: datetime | None, *, working: bool) -> None:
    thing.due_at, thing.due_working, thing.escalations_done = due_at, working, 0
    thing.escalate_at = next_escalation(thing)


def next_escalation(thing: Stateful) -> datetime | None:
    """When the superior hears of it next if nothing happens; None where nobody is to be told any more."""
    declared = thing.workflow.escalations[thing.escalations_done :]
    if thing.due_at is None or not declared or thing.state not in thing.workflow.binding:
        return None
    wait = timedelta(hours=declared[0].after_hours)
    return _moved(thing.due_at, wait, working=True, unit=_unit_of(thing)) if wait else thing.due_at


def _moved(start: datetime, length: timedelta, *, working: bool, unit: Unit | None) -> datetime:
    return calendar_for(unit).add(start, length) if working else start + length


def _unit_of(thing: Stateful) -> Unit | None:
    return getattr(thing, "unit", None)
