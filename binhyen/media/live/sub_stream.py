"""A camera's second, smaller stream: connected while somebody looks at it, by the node itself."""

import asyncio
import random
from collections.abc import Callable

from binhyen.contracts import SECOND, Clock, Instant
from binhyen.media.live.channel import Channel
from binhyen.media.packets import AccessUnit, ParameterSets
from binhyen.media.playback.specs import Specs
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.backoff import Backoff
from binhyen.media.sources.errors import SourceError
from binhyen.media.sources.rtsp import RtspConnection

TICK_S = 0.25
SILENT_AFTER_US = 15 * SECOND
NO_SUB_STREAM = "Camera này không có luồng phụ."


class SubStreamFeed:
    """Sub-streams by camera; addresses are what the recorders last heard from the centre."""

    def __init__(self, specs: Specs, clock: Clock, policy: AddressPolicy) -> None:
        self._specs = specs
        self._clock = clock
        self._policy = policy
        self._streams: dict[Channel, SubStream] = {}

    def open(self, channel: Channel) -> None:
        spec = self._specs.camera(channel.code)
        if spec is None or not spec.sub_url:
            channel.ended(NO_SUB_STREAM, code="no_sub_stream")
            return
        stream = self._streams[channel] = SubStream(spec.sub_url, channel, self._clock, self._policy)
        stream.connect()

    def close(self, channel: Channel) -> None:
        stream = self._streams.pop(channel, None)
        if stream is not None:
            stream.close()

    async def run(self) -> None:
        """Let connections keep their time; a sub-stream that the centre has taken away ends."""
        try:
            while True:
                await asyncio.sleep(TICK_S)
                for channel, stream in tuple(self._streams.items()):
                    stream.tick()
                    self._follow_spec(channel, stream)
        finally:
            for channel in tuple(self._streams):
                self.close(channel)

    def _follow_spec(self, channel: Channel, stream: "SubStream") -> None:
        spec = self._specs.camera(channel.code)
        if spec is None or spec.sub_url != stream.url:
            self.close(channel)
            self.open(channel)


class SubStream:
    """One connection after the other to one address, from `connect` to `close`. Lives in the event loop."""

    def __init__(self, url: str, channel: Channel, clock: Clock, policy: AddressPolicy) -> None:
        self.url = url
        self._channel = channel
        self._clock = clock
        self._policy = policy
        self._backoff = Backoff(random.random)
        self._connection: RtspConnection | None = None
        self._registered = -1
        self._attempt_at = clock.monotonic()
        self._last_frame_at = clock.monotonic()

    def connect(self) -> None:
        """Try now."""
        try:
            self._last_frame_at = self._clock.monotonic()
            self._connection = RtspConnection(self.url, self, clock=self._clock, address_policy=self._policy)
            self._connection.start()
        except SourceError as error:
            self._failed(error)
        self._register()

    def tick(self) -> None:
        """Called a few times a second."""
        now = self._clock.monotonic()
        if self._connection is None:
            if now >= self._attempt_at:
                self.connect()
        elif now - self._last_frame_at > SILENT_AFTER_US:
            self._hang_up("Camera có kết nối nhưng không gửi luồng phụ.")
        else:
            self._drive(self._connection.on_timer)

    def close(self) -> None:
        self._unregister()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def parameters(self, sets: ParameterSets) -> None:
        self._channel.parameters(sets)

    def access_unit(self, unit: AccessUnit) -> None:
        self._last_frame_at = self._clock.monotonic()
        self._backoff.succeeded()
        self._channel.access_unit(unit)

    def lost(self, packets: int) -> None:
        """The picture heals at the next key frame; only recording counts losses."""

    def sender_report(self, camera_clock: Instant, arrived_at: Instant) -> None:
        """Only recording measures the camera's clock."""

    def _drive(self, step: Callable[[], None]) -> None:
        try:
            step()
        except SourceError as error:
            self._failed(error)
        self._register()

    def _failed(self, error: SourceError) -> None:
        self._hang_up(str(error))

    def _hang_up(self, reason: str) -> None:
        self.close()
        self._attempt_at = Instant(self._clock.monotonic() + self._backoff.next_wait())
        self._channel.ended(reason)

    def _register(self) -> None:
        """Follow the connection's descriptor, which changes while names are resolved and addresses are tried."""
        self._unregister()
        if self._connection is None or self._connection.fileno() < 0:
            return
        loop = asyncio.get_running_loop()
        self._registered = self._connection.fileno()
        loop.add_reader(self._registered, self._drive, self._connection.on_readable)
        if self._connection.wants_write:
            loop.add_writer(self._registered, self._drive, self._connection.on_writable)

    def _unregister(self) -> None:
        if self._registered >= 0:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._registered)
            loop.remove_writer(self._registered)
        self._registered = -1
