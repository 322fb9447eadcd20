"""“Hôm nay”: what waits for a person, by deadline. Modules say what of theirs does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from binhyen.kernel.units.authority import Authority


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: a sentence, where to do it, by when."""

    label: str
    url: str
    kind: str
    due_at: datetime | None = None
    detail: str = ""


WorkSource = Callable[[Authority], Iterable[WorkItem]]
_sources: list[WorkSource] = []


def add_work_source(source: WorkSource) -> WorkSource:
    """Register a function that lists what waits for the given authority; usable as a decorator."""
    _sources.append(source)
    return source


def work_for(authority: Authority) -> list[WorkItem]:
    """Everything that waits, what is due first on top, what has no deadline at the end."""
    items = [item for source in _sources for item in source(authority)]
    return sorted(items, key=lambda item: (item.due_at is None, item.due_at.timestamp() if item.due_at else 0.0))
