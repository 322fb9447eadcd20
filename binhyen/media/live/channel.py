"""One stream of one camera, shared by all who watch it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from binhyen.contracts import SECOND, Instant
from binhyen.media.live.fragments import FramePacker
from binhyen.media.live.timing import FrameTime, TimeLine
from binhyen.media.live.viewer import Message, Viewer
from binhyen.media.packets import AccessUnit, ParameterSets

GOP_BYTES_MAX = 8 * 1024 * 1024
GOP_FRAMES_MAX = 900


@dataclass(frozen=True, slots=True)
class Frame:
    """A coded picture with its place on the channel's time line."""

    payload: bytes
    time: FrameTime
    key: bool
    arrived_at: Instant


@dataclass(slots=True)
class _Gop:
    """What a new viewer is sent at once: everything since the last key frame, within a bound."""

    messages: list[Message] = field(default_factory=list)
    size: int = 0
    usable: bool = False

    def add(self, message: Message) -> None:
        if message.key:
            self.messages.clear()
            self.size = 0
            self.usable = True
        if not self.usable:
            return
        self.messages.append(message)
        self.size += message.size
        if self.size > GOP_BYTES_MAX or len(self.messages) > GOP_FRAMES_MAX:
            self.messages.clear()
            self.usable = False


class Channel:
    """Fan-out of one stream. All calls come from the one event loop of the live process.

    `on_frame` and `on_parameters` are the taps of the HLS packager; they are called before viewers are served.
    """

    def __init__(self, code: str, stream: str) -> None:
        self.code = code
        self.stream = stream
        self.sets: ParameterSets | None = None
        self.viewers: set[Viewer] = set()
        self.frames = 0
        self.last_frame_at: Instant | None = None
        self.on_parameters: list[Callable[[ParameterSets], None]] = []
        self.on_frame: list[Callable[[Frame], None]] = []
        self.time = TimeLine()
        self._packer = FramePacker()
        self._gop = _Gop()
        self._head: tuple[Message, ...] = ()

    def parameters(self, sets: ParameterSets) -> None:
        """The stream begins, or its coding changed: viewers get a new description and a new init segment."""
        if sets == self.sets:
            return
        self.sets = sets
        self.time.restart(sets.reorder_frames)
        self._gop = _Gop()
        self._head = (Message.text(describe(sets)), Message.frame(self._packer.init(sets), 0.0, 0.0, key=False))
        for tap in self.on_parameters:
            tap(sets)
        for viewer in self.viewers:
            viewer.begin(self._head)

    def access_unit(self, unit: AccessUnit) -> None:
        """One coded picture from the camera; ignored until the parameters are known."""
        if self.sets is None:
            return
        time = self.time.place(unit.pts, unit.arrived_at)
        payload = b"".join(unit.parts)
        self.frames += 1
        self.last_frame_at = unit.arrived_at
        for tap in self.on_frame:
            tap(Frame(payload, time, unit.key, unit.arrived_at))
        fragment = self._packer.frame(payload, time, key=unit.key)
        message = Message.frame(fragment, time.media_time_s, unit.arrived_at / SECOND, key=unit.key)
        self._gop.add(message)
        for viewer in self.viewers:
            viewer.offer(message)

    def ended(self, reason: str, *, code: str = "no_picture") -> None:
        """Nothing comes for now; every viewer is told why, once. The next parameters begin anew."""
        head = (Message.text({"error": reason, "code": code}),)
        if self._head == head:
            return
        self.sets = None
        self._gop = _Gop()
        self._head = head
        for viewer in self.viewers:
            viewer.begin(self._head)

    def join(self) -> Viewer:
        """A new viewer, who starts at once with what came since the last key frame."""
        viewer = Viewer()
        viewer.begin(self._head)
        viewer.catch_up(self._gop.messages)
        self.viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)


def describe(sets: ParameterSets) -> dict[str, object]:
    """The text message that precedes an init segment."""
    return {"mime": f'video/mp4; codecs="{sets.mime}"', "width": sets.width, "height": sets.height}
