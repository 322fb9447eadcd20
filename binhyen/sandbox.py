"""Work on untrusted bytes in a child process that can do nothing else (promise S10).

The child imports the code it needs and calls the module's `rehearse()` where there is one (nothing can be loaded
later), then gives up everything: no new file, socket or process (RLIMIT_NOFILE 0
lets what is open live and opens nothing more), no written file, bounded memory and CPU time, a network name
space of its own where the kernel allows one, low priority, a wall clock limit kept by the parent. Bytes go in by
stdin and come out by stdout.
"""

import asyncio
import contextlib
import ctypes
import importlib
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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


def main(arguments: list[str]) -> int:  # pragma: no cover (runs in the child, which can write no report)
    """The child: import, give everything up, work, answer."""
    work, memory_mib, cpu_s = arguments
    function = _resolve(work)
    give_up_everything(memory_mib=int(memory_mib), cpu_s=int(cpu_s))
    try:
        sys.stdout.buffer.write(function(sys.stdin.buffer.read()))
        sys.stdout.buffer.flush()
    except MemoryError:
        sys.stderr.write("hết bộ nhớ cho phép\n")
        return 3
    except Exception as error:  # noqa: BLE001  # whatever untrusted bytes provoke becomes one sentence for the parent
        sys.stderr.write(f"{type(error).__name__}: {error}\n".replace("\n", " ") + "\n")
        return 4
    return 0


def _resolve(work: str) -> Callable[[bytes], bytes]:  # pragma: no cover (in the child)
    module, _, name = work.partition(":")
    loaded = importlib.import_module(module)
    getattr(loaded, "rehearse", lambda: None)()
    function: Callable[[bytes], bytes] = getattr(loaded, name)
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
