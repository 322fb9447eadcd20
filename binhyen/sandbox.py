"""Work on untrusted bytes in a child process that can do nothing else (promise S10).

The child imports the code it needs and calls the module's `rehearse()` where there is one (nothing can be loaded
later), then gives up everything: no new file, socket or process (RLIMIT_NOFILE 0
lets what is open live and opens nothing more), no written file, bounded memory and CPU time, a network name
space of its own where the kernel allows one, low priority, a wall clock limit kept by the parent. Bytes go in by
stdin and come out by stdout. What is too large for that is read through a socket instead (`run_on_source`): the child
asks for the part that it wants, so that nothing is held in memory or laid open on the disk.
"""

import asyncio
import contextlib
import ctypes
import importlib
import io
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
MIB = 1024 * 1024
SENTENCE_BYTES_MAX = 2000


class SandboxError(RuntimeError):
    """The child refused, crashed, or went over a bound; the message says which, for a person."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one piece of work may use."""

    memory_mib: int = 768
    cpu_s: int = 10
    wall_s: float = 15.0
    output_bytes: int = 16 * MIB


async def run_bounded(work: str, payload: bytes, *, bounds: Bounds | None = None) -> bytes:
    """Result of `work` ("package.module:function", bytes to bytes) on `payload`, computed in a bounded child.

    Raises SandboxError when the work fails, takes too long or gives back too much.
    """
    bounds = bounds or Bounds()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "binhyen.sandbox",
        work,
        str(bounds.memory_mib),
        str(bounds.cpu_s),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=MIB,
    )
    try:
        async with asyncio.timeout(bounds.wall_s):
            return await _converse(child, payload, bounds)
    except TimeoutError as error:
        raise SandboxError(f"Xử lý tệp quá {bounds.wall_s:g} giây nên đã dừng.") from error
    finally:
        await _end(child)


async def _converse(child: asyncio.subprocess.Process, payload: bytes, bounds: Bounds) -> bytes:
    output, sentence, _ = await asyncio.gather(
        _read_at_most(child.stdout, bounds.output_bytes), _read_at_most(child.stderr, MIB), _feed(child, payload)
    )
    code = await child.wait()
    if code != 0:
        last = sentence.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"mã {code}"]
        raise SandboxError(f"Không xử lý được tệp: {last[0][:SENTENCE_BYTES_MAX]}")
    return output


async def _feed(child: asyncio.subprocess.Process, payload: bytes) -> None:
    assert child.stdin is not None  # noqa: S101  # opened as a pipe above
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a child that died says so by its exit code
        child.stdin.write(payload)
        await child.stdin.drain()
        child.stdin.close()
        await child.stdin.wait_closed()


async def _read_at_most(stream: asyncio.StreamReader | None, limit: int) -> bytes:
    assert stream is not None  # noqa: S101  # opened as a pipe above
    pieces: list[bytes] = []
    size = 0
    while piece := await stream.read(MIB):
        size += len(piece)
        if size > limit:
            raise SandboxError(f"Kết quả xử lý tệp lớn hơn {limit // MIB} MiB nên đã bỏ.")
        pieces.append(piece)
    return b"".join(pieces)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


@dataclass(frozen=True, slots=True)
class Source:
    """`size` untrusted bytes, of which `read(offset, most)` gives a part."""

    size: int
    read: Callable[[int, int], bytes]


PART = struct.Struct("!QI")
PART_BYTES_MAX = MIB
_LENGTH = struct.Struct("!I")


def run_on_source(
    work: str,
    source: Source,
    asked: dict[str, Any],
    *,
    take: Callable[[bytes], None],
    bounds: Bounds | None = None,
) -> None:
    """Give to `take`, chunk by chunk, what `work` makes of `source` in a bounded child.

    `work` is "package.module:function", a function of (file that reads and seeks, `asked`, write). Raises
    SandboxError as
    `run_bounded` does, and what `source.read` or `take` raise.
    """
    bounds = bounds or Bounds()
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-I", "-m", "binhyen.sandbox", work, str(bounds.memory_mib), str(bounds.cpu_s)]
    with ours, theirs:
        child = subprocess.Popen(
            [*command, str(source.size), json.dumps(asked)],
            stdin=theirs.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        theirs.close()
        _Conversation(child, ours, source, bounds).hold(take)


class _Conversation:
    """One child that reads from us while we read from it; lives for one `hold`."""

    def __init__(self, child: "subprocess.Popen[bytes]", ours: socket.socket, source: Source, bounds: Bounds) -> None:
        self.child, self.ours, self.source, self.bounds = child, ours, source, bounds
        self.failure: Exception | None = None
        self.is_late = False
        self.sentence = b""

    def hold(self, take: Callable[[bytes], None]) -> None:
        timer = threading.Timer(self.bounds.wall_s, self._too_late)
        helpers = [timer, threading.Thread(target=self._answer), threading.Thread(target=self._listen)]
        for helper in helpers:
            helper.start()
        try:
            self._take_all(take)
        finally:
            self.child.kill()
            code = self.child.wait()
            timer.cancel()
            for helper in helpers:
                helper.join()
            for pipe in (self.child.stdout, self.child.stderr):
                pipe.close()  # type: ignore[union-attr]  # opened as pipes
        self._complain(code)

    def _take_all(self, take: Callable[[bytes], None]) -> None:
        left = self.bounds.output_bytes
        while chunk := self.child.stdout.read1(MIB):  # type: ignore[union-attr]  # opened as a pipe
            left -= len(chunk)
            if left < 0:
                raise SandboxError(f"Kết quả xử lý tệp lớn hơn {self.bounds.output_bytes // MIB} MiB nên đã bỏ.")
            take(chunk)
        self.child.wait()

    def _complain(self, code: int) -> None:
        if self.failure is not None:
            raise self.failure
        if self.is_late:
            raise SandboxError(f"Xử lý tệp quá {self.bounds.wall_s:g} giây nên đã dừng.")
        if code != 0:
            last = self.sentence.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"mã {code}"]
            raise SandboxError(f"Không xử lý được tệp: {last[0][:SENTENCE_BYTES_MAX]}")

    def _too_late(self) -> None:
        self.is_late = True
        self.child.kill()

    def _listen(self) -> None:
        while line := self.child.stderr.read1(MIB):  # type: ignore[union-attr]  # opened as a pipe
            self.sentence = (self.sentence + line)[-SENTENCE_BYTES_MAX:]

    def _answer(self) -> None:
        """Serve parts until the child hangs up; a part that cannot be read ends the child."""
        try:
            while asked := _received(self.ours, PART.size):
                offset, most = PART.unpack(asked)
                content = self.source.read(offset, min(most, PART_BYTES_MAX))
                self.ours.sendall(_LENGTH.pack(len(content)) + content)
        except (ConnectionError, EOFError):
            return  # the child is gone, and says by its exit code why
        except Exception as error:  # noqa: BLE001  # of the caller's `read`: raised to the caller by `hold`
            self.failure = error
            self.child.kill()


def _received(channel: socket.socket, count: int) -> bytes:
    """Exactly `count` bytes; none where the other side has ended. Raises EOFError where it ended in between."""
    found = b""
    while len(found) < count:
        more = channel.recv(count - len(found))
        if not more:
            if found:
                raise EOFError
            return b""
        found += more
    return found


class _RemoteFile(io.RawIOBase):  # pragma: no cover (in the child)
    """The parent's source as a file that reads and seeks."""

    def __init__(self, size: int) -> None:
        self._channel = socket.socket(fileno=0)
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, count: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        wanted = left if count < 0 else min(count, left)
        found = []
        while wanted > 0:
            self._channel.sendall(PART.pack(self._at, min(wanted, PART_BYTES_MAX)))
            length = _LENGTH.unpack(_received(self._channel, _LENGTH.size))[0]
            if not length:
                break
            found.append(_received(self._channel, length))
            self._at, wanted = self._at + length, wanted - length
        return b"".join(found)


def main(arguments: list[str]) -> int:  # pragma: no cover (runs in the child, which can write no report)
    """The child: import, give everything up, work, answer."""
    work, memory_mib, cpu_s, *of_source = arguments
    function = _resolve(work)
    file = _RemoteFile(int(of_source[0])) if of_source else None
    give_up_everything(memory_mib=int(memory_mib), cpu_s=int(cpu_s))
    try:
        if file is not None:
            function(file, json.loads(of_source[1]), sys.stdout.buffer.write)
        else:
            sys.stdout.buffer.write(function(sys.stdin.buffer.read()))
        sys.stdout.buffer.flush()
    except MemoryError:
        sys.stderr.write("hết bộ nhớ cho phép\n")
        return 3
    except Exception as error:  # noqa: BLE001  # whatever untrusted bytes provoke becomes one sentence for the parent
        sys.stderr.write(f"{type(error).__name__}: {error}\n".replace("\n", " ") + "\n")
        return 4
    return 0


def _resolve(work: str) -> Callable[..., Any]:  # pragma: no cover (in the child)
    module, _, name = work.partition(":")
    loaded = importlib.import_module(module)
    getattr(loaded, "rehearse", lambda: None)()
    function: Callable[..., Any] = getattr(loaded, name)
    return function


def give_up_everything(*, memory_mib: int, cpu_s: int) -> None:  # pragma: no cover (in the child)
    """Irrevocably bound this process. `memory_mib` counts from what is mapped already."""
    _leave_network()
    os.nice(10)
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    bound = mapped + memory_mib * MIB
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _leave_network() -> None:  # pragma: no cover (in the child)
    """An empty network name space. Where the kernel forbids it, RLIMIT_NOFILE still allows no socket."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(CLONE_NEWNET) != 0:
        unshare(CLONE_NEWUSER | CLONE_NEWNET)


if __name__ == "__main__":  # pragma: no cover (in the child)
    status = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)  # whatever else wanted to run at exit could open nothing anyway
