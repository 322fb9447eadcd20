"""Frozen types that cross planes, and the one way they are written as JSON.

Nothing here imports anything of Bình Yên or of a library: a recorder at the edge and the
control plane agree on these and on nothing else.
"""

from binhyen.contracts.clock import MICROSECOND, SECOND, Clock, Instant, SystemClock
from binhyen.contracts.events import Event, EventBatch, EventKind
from binhyen.contracts.node import CameraSpec, CameraState, CameraStatus, Hold, NodeSpec, StatusReport
from binhyen.contracts.store import Gap, GapReason, Segment
from binhyen.contracts.wire import ContractError, dump, load

__all__ = [
    "MICROSECOND",
    "SECOND",
    "CameraSpec",
    "CameraState",
    "CameraStatus",
    "Clock",
    "ContractError",
    "Event",
    "EventBatch",
    "EventKind",
    "Gap",
    "GapReason",
    "Hold",
    "Instant",
    "NodeSpec",
    "Segment",
    "StatusReport",
    "SystemClock",
    "dump",
    "load",
]
