"""RTP payloads of H.264 (RFC 6184) and H.265 (RFC 7798) into access units.

`drain` is the hot loop of the whole product: every byte of every camera passes through it. Its fast path takes
a middle fragment, most packets of any camera, with one `unpack_from` and one slice; all else goes through `_packet`.
"""

import struct

from binhyen.contracts import Instant
from binhyen.media.codec import SYNTAX, BitstreamError, Packing, ParameterSetStore, Role
from binhyen.media.codec.nal import announces_recovery_point
from binhyen.media.packets import AccessUnit, Sink
from binhyen.media.sources.presentation import PresentationClock
from binhyen.media.sources.rtsp.sdp import VideoTrack

HEAD_BYTES = 19
"""What the loop reads at once: interleaved header, RTP header, and the first three bytes of the payload.

A receive buffer must have as many bytes after its last received one."""

MAX_UNIT_BYTES = 8 << 20
"""Bound of one picture: a 4K key frame at the best quality takes 3 MB."""

_HEAD = struct.Struct(">HHBBHI4xBBB")
_RTP = struct.Struct(">BBHI")
_OVERHEAD_BYTES = 256
_PLACEHOLDER = b"\0\0\0\0"
_MARKER = 0x80
_HALF_SEQUENCE = 0x8000
_ONE_BYTE = tuple(bytes((byte,)) for byte in range(256))
_KEY_SLICE = int(Role.KEY_SLICE)


class ReceiveBuffer:
    """What the network fills; one serves all connections of a thread, each keeps only its unfinished packet."""

    __slots__ = ("capacity", "received", "view")

    def __init__(self, capacity: int = 1 << 20) -> None:
        self.capacity = capacity
        self.received = bytearray(capacity + HEAD_BYTES)
        self.view = memoryview(self.received)


class VideoReceiver:
    """RTP packets of one video track on one interleaved channel, in order, into `sink`.

    Packets that are missing damage the picture they belong to; as pictures depend on each other, nothing is
    delivered until the next key picture, unless only a picture was hurt that no other refers to.
    """

    def __init__(self, track: VideoTrack, sink: Sink, *, channel: int = 0) -> None:
        self.delivered = 0
        self.malformed = 0
        self._sink = sink
        self._syntax = SYNTAX[track.codec]
        self._wide = self._syntax.header_bytes == 2
        self._fragment_body = self._syntax.header_bytes + 1
        self._payload_type = track.payload_type
        self._presentation = PresentationClock(track.clock_rate)
        self._start = 0x2400 | channel
        self._sets = ParameterSetStore(track.codec)
        for nal in track.parameter_sets:
            self._sets.take(nal)
        self._expected = -1
        self._timestamp = -1
        self._closed_timestamp = -1
        self._marker_lies = False
        self._await_key = True
        self._arrived_at = Instant(0)
        self._parts: list[bytes | memoryview] = []
        self._settled = 0  # how many of these are copies of their own, no views of the receive buffer
        self._unit_bytes = 0
        self._nal_at = -1  # index of the length of the NAL unit in hand, or -1 between units
        self._role = 0
        self._news: list[bytes] = []
        self._begin_unit()

    def drain(self, buffer: ReceiveBuffer, at: int, fill: int, arrived_at: Instant) -> int:
        """Take the packets of this channel that lie whole in `buffer.received[at:fill]`, one after the other.

        Returns where it stopped: at an incomplete packet, or at something that is no packet of this channel.
        Until then parts of a picture are views of the buffer; what is unfinished at the end is copied out of it.
        """
        self._arrived_at = arrived_at
        try:
            return self._drain(buffer, at, fill)
        finally:
            if len(self._parts) > self._settled:
                self._settle()

    def _drain(self, buffer: ReceiveBuffer, at: int, fill: int) -> int:
        received, view = buffer.received, buffer.view
        unpack, packings, wide = _HEAD.unpack_from, self._syntax.packings, self._wide
        start, payload_type, body = self._start, self._payload_type, 16 + self._fragment_body
        expected, timestamp, parts, inside = self._expected, self._timestamp, self._parts, self._nal_at >= 0
        while fill - at >= 4:
            begin, length, first, second, sequence, stamp, head0, head1, head2 = unpack(received, at)
            end = at + 4 + length
            if begin != start or end > fill:
                break
            fragment_head = head2 if wide else head1
            if (
                inside
                and sequence == expected
                and stamp == timestamp
                and first == 0x80
                and packings[head0] == 1  # Packing.FRAGMENT; looking the name up costs 4 % of the loop
                and fragment_head < 0x80
            ):
                parts.append(view[at + body : end])
                expected = (sequence + 1) & 0xFFFF
                if second != payload_type or fragment_head & 0x40:
                    self._expected = expected
                    self._end_fragment(second, fragment_head)
                    expected, parts, inside = self._expected, self._parts, self._nal_at >= 0
            else:
                if first >> 6 != 2 or length < 12:
                    break
                self._expected = expected
                self._packet(buffer, at + 4, end)
                expected, timestamp, parts, inside = self._expected, self._timestamp, self._parts, self._nal_at >= 0
            at = end
        self._expected = expected
        return at

    def _end_fragment(self, second: int, fragment_head: int) -> None:
        """What the fast path leaves: the end of a NAL unit, the end of a picture, or a packet of another type."""
        if second & 127 != self._payload_type:
            self._parts.pop()
            self._expected = (self._expected - 1) & 0xFFFF
            return
        if fragment_head & 0x40:
            self._close_nal()
        if second & _MARKER and not self._marker_lies:
            self._finish_unit()

    def _settle(self) -> None:
        """Copy what is new and unfinished out of the receive buffer, in as few pieces as can be."""
        at, parts, since = self._nal_at, self._parts, self._settled
        if at >= since:
            fresh = [b"".join(parts[since:at]), _PLACEHOLDER, b"".join(parts[at + 1 :])]
            self._nal_at = since + 1
        else:
            fresh = [b"".join(parts[since:])]
        parts[since:] = fresh
        self._settled = len(parts)
        self._unit_bytes += sum(map(len, fresh)) + _OVERHEAD_BYTES
        if self._unit_bytes > MAX_UNIT_BYTES:
            self.malformed += 1
            self._begin_unit()
            self._damaged = True

    def _begin_unit(self) -> None:
        self._parts = []
        self._settled = self._unit_bytes = 0
        self._nal_at = -1
        self._news = []
        self._slices = 0
        self._key = self._starts = self._reference = self._damaged = False

    def _packet(self, buffer: ReceiveBuffer, at: int, end: int) -> None:
        received = buffer.received
        first, second, sequence, stamp = _RTP.unpack_from(received, at)
        if second & 127 != self._payload_type:
            return
        at += 12 + 4 * (first & 15)
        if first & 0x10:
            at += 4 + 4 * int.from_bytes(received[at + 2 : at + 4], "big")
        if first & 0x20:
            end -= received[end - 1]
        if sequence != self._expected:
            self._note_loss(sequence, stamp)
        self._expected = (sequence + 1) & 0xFFFF
        if at >= end:
            self.malformed += at > end
            return
        if stamp != self._timestamp:
            self._finish_unit()
            self._timestamp = stamp
        self._payload(buffer, at, end)
        if second & _MARKER and not self._marker_lies:
            self._finish_unit()

    def _note_loss(self, sequence: int, stamp: int) -> None:
        if self._expected < 0:
            return
        missing = (sequence - self._expected) & 0xFFFF
        self._sink.lost(missing if missing < _HALF_SEQUENCE else 1)  # the latter: the camera began to count anew
        if self._nal_at >= 0:
            self._drop_nal()
        self._damaged = True
        if stamp != self._timestamp or not self._slices:
            self._finish_unit()  # what lies between may have been other pictures
            self._await_key = True
            self._begin_unit()

    def _payload(self, buffer: ReceiveBuffer, at: int, end: int) -> None:
        packing = self._syntax.packings[buffer.received[at]]
        if packing == Packing.FRAGMENT:
            self._fragment(buffer, at, end)
            return
        if self._nal_at >= 0:
            self._close_nal()  # the camera forgets the end bit
        if packing == Packing.SINGLE:
            self._whole_nal(buffer.view[at:end])
        elif packing == Packing.AGGREGATE:
            self._aggregate(buffer, at + self._syntax.header_bytes, end)
        else:
            self.malformed += 1

    def _aggregate(self, buffer: ReceiveBuffer, at: int, end: int) -> None:
        while at + 2 < end:
            size = buffer.received[at] << 8 | buffer.received[at + 1]
            at += 2
            if size == 0 or at + size > end:
                self.malformed += 1
                return
            self._whole_nal(buffer.view[at : at + size])
            at += size

    def _fragment(self, buffer: ReceiveBuffer, at: int, end: int) -> None:
        body = at + self._fragment_body
        if end <= body:
            self.malformed += 1
            return
        fragment_head = buffer.received[body - 1]
        if fragment_head & 0x80:
            if self._nal_at >= 0:
                self._close_nal()  # the camera forgets the end bit
            self._open_nal(self._nal_head(buffer.received, at), buffer.received[body])
        elif self._nal_at < 0:
            self._damaged = True
            return
        self._parts.append(buffer.view[body:end])
        if fragment_head & 0x40:
            self._close_nal()

    def _nal_head(self, received: bytearray, at: int) -> bytes:
        """The header that the fragmented NAL unit had (RFC 6184 section 5.8, RFC 7798 section 4.4.3)."""
        if not self._wide:
            return _ONE_BYTE[received[at] & 0xE0 | received[at + 1] & 31]
        return bytes((received[at] & 0x81 | (received[at + 2] & 63) << 1, received[at + 1]))

    def _whole_nal(self, nal: memoryview) -> None:
        head = self._syntax.header_bytes
        self._open_nal(nal, nal[head] if len(nal) > head else 0)
        self._close_nal()

    def _open_nal(self, head: bytes | memoryview, following: int) -> None:
        """Begin a NAL unit with the bytes `head`; `following` is the byte after its header."""
        self._nal_at = len(self._parts)
        self._parts += (_PLACEHOLDER, head)
        first = head[0]
        self._role = role = self._syntax.roles[first]
        if role <= _KEY_SLICE:
            if not self._slices:
                self._starts = following >= 0x80  # first_mb_in_slice 0, first_slice_segment_in_pic_flag 1
            self._slices += 1
            self._key = self._key or role == _KEY_SLICE
            self._reference = self._reference or self._syntax.references[first] == 1

    def _drop_nal(self) -> None:
        del self._parts[self._nal_at :]
        self._settled = min(self._settled, self._nal_at)
        self._nal_at = -1

    def _close_nal(self) -> None:
        at, parts, role = self._nal_at, self._parts, self._role
        if role > _KEY_SLICE:
            if role == Role.PARAMETER_SET:
                self._take_parameter_set(b"".join(parts[at + 1 :]))
            if role in (Role.PARAMETER_SET, Role.DROPPED):
                self._drop_nal()
                return
            if role == Role.MESSAGE and announces_recovery_point(b"".join(parts[at + 1 :])):
                self._key = True
        parts[at] = sum(map(len, parts[at + 1 :])).to_bytes(4, "big")
        self._nal_at = -1

    def _take_parameter_set(self, nal: bytes) -> None:
        try:
            if self._sets.take(nal):
                self._news.append(nal)
        except BitstreamError:
            self.malformed += 1

    def _finish_unit(self) -> None:
        """End the access unit in hand; one without a picture goes on: some cameras mark each parameter set."""
        if self._nal_at >= 0:
            self._close_nal()
        if not self._slices and not self._damaged:
            return
        whole = self._starts and not self._damaged
        if not self._starts and not self._damaged and self._timestamp == self._closed_timestamp:
            self._marker_lies = True  # slices of one picture, each with a marker: only timestamps tell pictures apart
        self._closed_timestamp = self._timestamp
        if not whole:
            self._await_key = self._await_key or self._reference or not self._slices
        elif self._key or not self._await_key:
            self._deliver()
        self._begin_unit()

    def _deliver(self) -> None:
        if self._sets.changed and not self._announce():
            return
        data = b"".join(self._parts)
        self._await_key = False
        self.delivered += 1
        pts = self._presentation.ticks(self._timestamp, self._arrived_at)
        self._sink.access_unit(AccessUnit([data], len(data), pts, self._key, self._arrived_at))

    def _announce(self) -> bool:
        """Tell the sink of parameter sets that changed; false where the picture in hand cannot be shown with them.

        Between key pictures they stay in the stream, so that the file in hand remains whole (H.264 allows it for
        picture parameter sets), and are announced with the next key picture.
        """
        if not self._key:
            for nal in reversed(self._news):
                self._parts[:0] = (len(nal).to_bytes(4, "big"), nal)
            return True
        try:
            sets = self._sets.current()
        except BitstreamError:
            self.malformed += 1
            return False
        self._sets.changed = False
        self._sink.parameters(sets)
        return True
