"""What the sandbox must not let happen; run inside it by test_sandbox."""

import ctypes
import os
import socket
import time
from pathlib import Path


def reverse(payload: bytes) -> bytes:
    return payload[::-1]


def open_socket(_: bytes) -> bytes:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return b"connected"


def listen(_: bytes) -> bytes:
    socket.create_server(("127.0.0.1", 0))
    return b"listening"


def read_file(_: bytes) -> bytes:
    return Path("/etc/hostname").read_bytes()


def write_file(_: bytes) -> bytes:
    Path("/tmp/binhyen-escaped").write_text("out")
    return b"written"


def start_process(_: bytes) -> bytes:
    return os.popen("echo started").read().encode()


def take_memory(_: bytes) -> bytes:
    return b"x" * (512 * 1024 * 1024)


def spin(_: bytes) -> bytes:
    while True:
        pass


def sleep(_: bytes) -> bytes:
    time.sleep(60)
    return b"rested"


def flood(_: bytes) -> bytes:
    return b"x" * (8 * 1024 * 1024)


def crash(_: bytes) -> bytes:
    ctypes.string_at(0)
    return b""


def leave(_: bytes) -> bytes:
    os._exit(7)


def on_source(source, asked, write):
    """One of the above by a child that reads through a socket."""
    write(globals()[asked["misdeed"]](b""))


def backwards(source, asked, write):
    """The source from its end, in pieces, as a demuxer jumps about."""
    size = source.seek(0, 2)
    for end in range(size, 0, -asked["step"]):
        start = max(0, end - asked["step"])
        source.seek(start)
        write(source.read(end - start)[::-1])
