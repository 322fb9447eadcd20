"""What the recorder receives, handed to the live process of the same machine over a Unix socket.

The client writes lines of JSON: `{"watch": "CODE"}`, `{"unwatch": "CODE"}`. The server answers with binary
messages, only for cameras that are watched:

    !IBBH  payload length, kind, flags (bit 0: key frame), channel
    kind 1  JSON: the camera's code and parameter sets; names the channel for what follows
    kind 2  !qq pts (90 kHz) and arrival (µs UTC), then length-prefixed NAL units
    kind 3  JSON: {"camera", "reason"}; nothing more comes until the next kind 1

A new watcher gets the parameters and everything since the last key frame at once. A client that reads too
slowly loses whole pictures up to the next key frame, never part of one, and never slows the recorder.
"""

import asyncio
import base64
import contextlib
import json
import socket
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from binhyen.contracts import Instant
from binhyen.media.packets import AccessUnit, Codec, ParameterSets

HEADER = struct.Struct("!IBBH")
TIMES = struct.Struct("!qq")
PARAMETERS, UNIT, ENDED = 1, 2, 3
KEY = 1
BACKLOG_BYTES_MAX = 8 * 1024 * 1024
LINE_BYTES_MAX = 4096
PAYLOAD_BYTES_MAX = 64 * 1024 * 1024


class Reactor(Protocol):
    """The event loop that the server lives in."""

    def add(self, fd: int, ready: Callable[[bool, bool], None], *, writing: bool = False) -> None:
        """Call `ready(readable, writable)` when `fd` is."""
        ...

    def change(self, fd: int, *, writing: bool) -> None: ...

    def remove(self, fd: int) -> None: ...


class Feedable(Protocol):
    """A camera of the recorder, as the feed sees it."""

    watched: bool
    sets: ParameterSets | None

    def since_key(self) -> Iterable[AccessUnit]:
        """The pictures from the last key frame on."""
        ...


class FeedServer:
    """The recorder's end. Every call comes from the recorder's own loop."""

    def __init__(self, path: Path, reactor: Reactor, find: Callable[[str], Feedable | None]) -> None:
        self._reactor = reactor
        self._find = find
        self._path = path
        self._clients: set[_Client] = set()
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen(16)
        reactor.add(self._listener.fileno(), self._accept)

    def is_watched(self, code: str) -> bool:
        """Does anybody wish to see it?"""
        return bool(self._watchers(code))

    def parameters(self, code: str, sets: ParameterSets) -> None:
        """New or changed parameter sets of a watched camera."""
        for client in self._watchers(code):
            client.send_parameters(code, sets)

    def unit(self, code: str, unit: AccessUnit) -> None:
        """One picture of a watched camera, joined once for all who watch."""
        watchers = self._watchers(code)
        if not watchers:
            return
        body = b"".join((TIMES.pack(unit.pts, unit.arrived_at), *unit.parts))
        for client in watchers:
            client.send_unit(code, body, key=unit.key)

    def ended(self, code: str, reason: str) -> None:
        """The camera stopped sending; `reason` is a sentence for the viewer."""
        for client in self._watchers(code):
            client.send_end(code, reason)

    def close(self) -> None:
        """Hang up on everyone and free the path."""
        for client in tuple(self._clients):
            client.close()
        self._reactor.remove(self._listener.fileno())
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _watchers(self, code: str) -> list["_Client"]:
        return [client for client in self._clients if code in client.channels]

    def _accept(self, _readable: bool, _writable: bool) -> None:
        with contextlib.suppress(BlockingIOError):
            accepted, _ = self._listener.accept()
            accepted.setblocking(False)
            self._clients.add(_Client(accepted, self._reactor, self._watch, self._unwatch, self._gone))

    def _watch(self, client: "_Client", code: str) -> None:
        client.open_channel(code)
        camera = self._find(code)
        if camera is None:  # perhaps not yet: the wish stands
            client.send_end(code, "Máy ghi không có camera này")
            return
        camera.watched = True
        if camera.sets is None:
            return
        client.send_parameters(code, camera.sets)
        for unit in camera.since_key():
            body = b"".join((TIMES.pack(unit.pts, unit.arrived_at), *unit.parts))
            client.send_unit(code, body, key=unit.key)

    def _unwatch(self, client: "_Client", code: str) -> None:
        client.channels.pop(code, None)
        if not self._watchers(code) and (camera := self._find(code)) is not None:
            camera.watched = False

    def _gone(self, client: "_Client") -> None:
        self._clients.discard(client)
        for code in tuple(client.channels):
            self._unwatch(client, code)


class _Client:
    """One connected live process."""

    def __init__(
        self,
        connection: socket.socket,
        reactor: Reactor,
        on_watch: Callable[["_Client", str], None],
        on_unwatch: Callable[["_Client", str], None],
        on_gone: Callable[["_Client"], None],
    ) -> None:
        self.channels: dict[str, int] = {}
        self._waiting_for_key: set[str] = set()
        self._next_channel = 0
        self._connection = connection
        self._reactor = reactor
        self._on_watch, self._on_unwatch, self._on_gone = on_watch, on_unwatch, on_gone
        self._heard = b""
        self._backlog = bytearray()
        reactor.add(connection.fileno(), self._ready)

    def open_channel(self, code: str) -> None:
        self._next_channel = (self._next_channel + 1) & 0xFFFF
        self.channels[code] = self._next_channel
        self._waiting_for_key.add(code)

    def send_parameters(self, code: str, sets: ParameterSets) -> None:
        self._waiting_for_key.add(code)
        self._send(PARAMETERS, 0, self.channels.get(code, 0), _parameters_payload(code, sets))

    def send_unit(self, code: str, body: bytes, *, key: bool) -> None:
        if len(self._backlog) > BACKLOG_BYTES_MAX:
            self._waiting_for_key.add(code)
            return
        if code in self._waiting_for_key:
            if not key:
                return
            self._waiting_for_key.discard(code)
        self._send(UNIT, KEY if key else 0, self.channels.get(code, 0), body)

    def send_end(self, code: str, reason: str) -> None:
        payload = json.dumps({"camera": code, "reason": reason}, ensure_ascii=False).encode()
        self._send(ENDED, 0, self.channels.get(code, 0), payload)

    def close(self) -> None:
        if self._connection.fileno() < 0:
            return
        self._reactor.remove(self._connection.fileno())
        self._connection.close()
        self._on_gone(self)

    def _send(self, kind: int, flags: int, channel: int, payload: bytes) -> None:
        if self._connection.fileno() < 0:
            return
        self._backlog += HEADER.pack(len(payload), kind, flags, channel)
        self._backlog += payload
        self._drain()

    def _drain(self) -> None:
        try:
            sent = self._connection.send(self._backlog)
            del self._backlog[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        self._reactor.change(self._connection.fileno(), writing=bool(self._backlog))

    def _ready(self, readable: bool, writable: bool) -> None:
        if writable and self._backlog:
            self._drain()
        if readable and self._connection.fileno() >= 0:
            self._hear()

    def _hear(self) -> None:
        try:
            received = self._connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self.close()
            return
        *lines, self._heard = (self._heard + received).split(b"\n")
        if len(self._heard) > LINE_BYTES_MAX:
            self.close()
            return
        for line in lines:
            self._obey(line)

    def _obey(self, line: bytes) -> None:
        try:
            wish = json.loads(line)
            watch, unwatch = wish.get("watch"), wish.get("unwatch")
        except (ValueError, AttributeError):
            self.close()
            return
        if isinstance(watch, str):
            self._on_watch(self, watch)
        if isinstance(unwatch, str):
            self._on_unwatch(self, unwatch)


class FeedSink(Protocol):
    """What a viewer of one camera implements."""

    def parameters(self, sets: ParameterSets) -> None: ...

    def access_unit(self, unit: AccessUnit) -> None: ...

    def ended(self, reason: str) -> None:
        """Nothing more comes for now; `reason` is a sentence in Vietnamese."""
        ...


class FeedClient:
    """The live process's end: one connection for all cameras, made again by itself when it breaks.

    `watch` and `unwatch` may be called at any time, connected or not.
    """

    def __init__(self, path: Path, *, retry_s: float = 0.5) -> None:
        self._path = path
        self._retry_s = retry_s
        self._sinks: dict[str, FeedSink] = {}
        self._cameras: dict[int, str] = {}
        self._writer: asyncio.StreamWriter | None = None

    @property
    def connected(self) -> bool:
        return self._writer is not None

    def watch(self, code: str, sink: FeedSink) -> None:
        """From now on `sink` gets what the recorder receives from `code`; one sink per camera."""
        self._sinks[code] = sink
        self._wish({"watch": code})

    def unwatch(self, code: str) -> None:
        if self._sinks.pop(code, None) is not None:
            self._wish({"unwatch": code})

    async def run(self) -> None:
        """Stay connected until cancelled."""
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._session()
            for sink in tuple(self._sinks.values()):
                sink.ended("Mất kết nối với máy ghi")
            await asyncio.sleep(self._retry_s)

    async def _session(self) -> None:
        reader, writer = await asyncio.open_unix_connection(str(self._path))
        self._writer = writer
        try:
            for code in self._sinks:
                self._wish({"watch": code})
            while True:
                length, kind, flags, channel = HEADER.unpack(await reader.readexactly(HEADER.size))
                if length > PAYLOAD_BYTES_MAX:
                    return
                self._take(kind, flags, channel, await reader.readexactly(length))
        finally:
            self._writer = None
            writer.close()
            self._cameras.clear()

    def _wish(self, wish: dict[str, str]) -> None:
        if self._writer is not None:
            self._writer.write(json.dumps(wish).encode() + b"\n")

    def _take(self, kind: int, flags: int, channel: int, payload: bytes) -> None:
        if kind == UNIT:
            sink = self._sinks.get(self._cameras.get(channel, ""))
            if sink is not None:
                sink.access_unit(_unit(payload, key=bool(flags & KEY)))
            return
        message = json.loads(payload)
        sink = self._sinks.get(message["camera"])
        if kind == PARAMETERS:
            self._cameras[channel] = message["camera"]
            if sink is not None:
                sink.parameters(_parameter_sets(message))
        elif kind == ENDED and sink is not None:
            sink.ended(message["reason"])


def _unit(payload: bytes, *, key: bool) -> AccessUnit:
    pts, arrived_at = TIMES.unpack_from(payload)
    body = payload[TIMES.size :]
    return AccessUnit(parts=[body], size=len(body), pts=pts, key=key, arrived_at=Instant(arrived_at))


def _parameters_payload(code: str, sets: ParameterSets) -> bytes:
    return json.dumps(
        {
            "camera": code,
            "codec": sets.codec.value,
            "mime": sets.mime,
            "width": sets.width,
            "height": sets.height,
            "reorder_frames": sets.reorder_frames,
            **{name: [base64.b64encode(nal).decode() for nal in getattr(sets, name)] for name in ("vps", "sps", "pps")},
        }
    ).encode()


def _parameter_sets(message: dict[str, Any]) -> ParameterSets:
    def nals(name: str) -> tuple[bytes, ...]:
        return tuple(base64.b64decode(nal) for nal in message[name])

    return ParameterSets(
        codec=Codec(message["codec"]),
        vps=nals("vps"),
        sps=nals("sps"),
        pps=nals("pps"),
        mime=message["mime"],
        width=message["width"],
        height=message["height"],
        reorder_frames=message["reorder_frames"],
    )
