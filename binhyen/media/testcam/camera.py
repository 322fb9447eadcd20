"""One simulated camera and what one reader of it is sent."""

import random
from dataclasses import dataclass, field
from itertools import pairwise

from binhyen.contracts import SECOND, Clock, Instant
from binhyen.media.testcam.channel import Channel
from binhyen.media.testcam.faults import Fault
from binhyen.media.testcam.rtp import FRAMING_BYTES, PackedFrame, sender_report
from binhyen.media.testcam.timeline import Sending, Timeline

REPORT_EVERY_US = 5 * SECOND
RTP_HEADER_BYTES = 12
SWITCH_TICKS = 6_000
"""Between the last picture of one timeline and the first of the next, a fifteenth of a second."""


@dataclass(slots=True)
class Track:
    """One stream of a camera: what it plays, and what it plays after its parameters changed."""

    timeline: Timeline
    changed: Timeline
    sdp: bytes


@dataclass(slots=True)
class SimulatedCamera:
    """`clock_offset_us` is how far the camera's own clock is ahead of ours."""

    name: str
    tracks: dict[str, Track]
    clock_offset_us: int = 0
    fault: Fault = Fault.NONE
    loss_ratio: float = 0.2
    flap_every_s: float = 3.0
    redirect_to: str = ""
    deliveries: set["Delivery"] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Delivery:
    """One reader of one track, with the faults of its camera applied to what it is sent."""

    camera: SimulatedCamera
    track: Track
    channel: Channel
    clock: Clock
    chance: random.Random
    dropped: int = 0
    _timeline: Timeline | None = None
    _started: bool = False
    _switched: bool = False
    _last: tuple[int, int] = (-1, 0)  # sequence number and timestamp of the last packet sent
    _shift: tuple[int, int] = (0, 0)  # added to the timeline's own numbers
    _report_due: Instant | None = None
    _counts: tuple[int, int] = (0, 0)

    @property
    def octets(self) -> int:
        """Bytes of pictures that were sent, packet headers included."""
        return self._counts[1]

    def begin(self) -> None:
        self.camera.deliveries.add(self)
        self.follow()

    def end(self) -> None:
        self.camera.deliveries.discard(self)
        if self._timeline is not None:
            self._timeline.listeners.discard(self)
        self._timeline = None
        self.channel.close()

    def follow(self) -> None:
        """Listen to the timeline that the camera's fault asks for; numbers go on without a break."""
        wanted = self.track.changed if self.camera.fault is Fault.PARAMETER_CHANGE else self.track.timeline
        if wanted is self._timeline:
            return
        if self._timeline is not None:
            self._timeline.listeners.discard(self)
            self._switched = True
        self._timeline, self._started = wanted, False
        wanted.listeners.add(self)

    def deliver(self, sending: Sending) -> None:
        if self.camera.fault in (Fault.SILENT, Fault.DEAD):
            self._started = False  # what comes after the silence starts with a key picture
            return
        if not self._ready(sending):
            return
        if self.channel.congested():
            self.dropped += 1
            self._started = False  # pictures up to the next key picture could not be decoded anyway
            return
        self._last = (sending.sequence + self._shift[0] + len(sending.starts) - 1, sending.timestamp + self._shift[1])
        packets = self._spoiled(sending, self._restamped(sending))
        self.channel.send(packets)
        self._counts = (self._counts[0] + len(sending.starts), self._counts[1] + len(packets))
        self._report()

    def _ready(self, sending: Sending) -> bool:
        if self._started or not sending.key:
            return self._started
        self._started = True
        sequence, timestamp = self._last
        if self._switched and sequence >= 0:
            self._shift = (sequence + 1 - sending.sequence, timestamp + SWITCH_TICKS - sending.timestamp)
        self._switched = False
        return True

    def _restamped(self, sending: Sending) -> bytes:
        if self._shift == (0, 0):
            return sending.packets
        frame = PackedFrame(bytearray(sending.packets), sending.starts)
        sequence, timestamp = sending.sequence + self._shift[0], sending.timestamp + self._shift[1]
        frame.stamp(sequence, timestamp & 0xFFFFFFFF, self.track.timeline.ssrc)
        return bytes(frame.buffer)

    def _spoiled(self, sending: Sending, packets: bytes) -> bytes:
        fault = self.camera.fault
        if fault is Fault.GARBAGE:
            return self.chance.randbytes(len(packets))
        if fault is Fault.NOISE:
            return b"".join([self._noise(each) for each in _cut(packets, sending.starts)])
        if fault is Fault.LOSS:
            kept = [p for p in _cut(packets, sending.starts) if self.chance.random() >= self.camera.loss_ratio]
            return b"".join(kept)
        return packets

    def _noise(self, packet: bytes) -> bytes:
        head = FRAMING_BYTES + RTP_HEADER_BYTES
        return packet[:head] + self.chance.randbytes(len(packet) - head)

    def _report(self) -> None:
        if self.camera.fault is Fault.GARBAGE:
            return
        if self._report_due is not None and self.clock.monotonic() < self._report_due:
            return
        self._report_due = Instant(self.clock.monotonic() + REPORT_EVERY_US)
        camera_clock = Instant(self.clock.now() + self.camera.clock_offset_us)
        timestamp = self._last[1] & 0xFFFFFFFF
        self.channel.send(sender_report(self.track.timeline.ssrc, camera_clock, timestamp, *self._counts))


def _cut(packets: bytes, starts: list[int]) -> list[bytes]:
    edges = [at - FRAMING_BYTES for at in starts] + [len(packets)]
    return [packets[a:b] for a, b in pairwise(edges)]
