"""News from a node to the centre. Spooled on disk while the centre is away, delivered at least once."""

from dataclasses import dataclass, field
from enum import StrEnum

from binhyen.contracts.clock import Instant


class EventKind(StrEnum):
    """What a node has to tell."""

    CAMERA_STATE = "camera_state"
    GAP = "gap"
    DISK = "disk"
    CLOCK_STEP = "clock_step"
    NODE_STARTED = "node_started"


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is unique for ever: the centre takes each once, however often it is delivered."""

    id: str
    kind: EventKind
    at: Instant
    camera: str = ""
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventBatch:
    """`id` is the idempotency key of the whole batch."""

    id: str
    events: tuple[Event, ...]
