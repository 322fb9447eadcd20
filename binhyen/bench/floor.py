"""The least that recording can cost: receive the bytes of each camera and write them, understanding nothing.

Run as `python -m binhyen.bench.floor FOLDER [--every SECONDS]`, URLs as a JSON list on standard input; prints a
line when all play and ends when standard input closes. `--every` reads in batches as the recorder does.
"""

import argparse
import json
import os
import re
import select
import socket
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

_BUFFER_BYTES = 1 << 20


def play(url: str) -> socket.socket:
    """A socket on which interleaved packets arrive; the plainest dialogue that a plain camera accepts."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname or "", parts.port or 554), 10)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    answers = connection.makefile("rb")

    def ask(number: int, request: str, more: str = "") -> str:
        connection.sendall(f"{request} RTSP/1.0\r\nCSeq: {number}\r\n{more}\r\n".encode())
        head = ""
        while (line := answers.readline().decode()) not in ("\r\n", ""):
            head += line
        length = re.search(r"(?i)content-length:\s*(\d+)", head)
        return head + answers.read(int(length[1]) if length else 0).decode()

    description = ask(1, f"DESCRIBE {url}", "Accept: application/sdp\r\n")
    base = re.search(r"(?i)content-base:\s*(\S+)", description)
    control = re.findall(r"a=control:(\S+)", description)[-1]
    root = base[1] if base else url + "/"
    track = control if control.startswith("rtsp:") else root.rstrip("/") + "/" + control
    answer = ask(2, f"SETUP {track}", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")
    session = re.search(r"(?i)session:\s*([^;\s]+)", answer)
    connection.sendall(f"PLAY {url} RTSP/1.0\r\nCSeq: 3\r\nSession: {session[1] if session else ''}\r\n\r\n".encode())
    connection.setblocking(False)
    return connection


def main() -> None:
    """Receive and write until standard input closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=float, default=0.0)
    arguments = parser.parse_args()
    urls = json.loads(sys.stdin.readline())
    pairs = {}
    for n, url in enumerate(urls):
        connection = play(url)
        target = os.open(arguments.folder / f"{n}.raw", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        pairs[connection.fileno()] = (connection, target)
    print("ready", flush=True)
    ended = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    (_in_batches if arguments.every else _at_once)(pairs, ended, arguments.every)


def _at_once(pairs: dict[int, tuple[socket.socket, int]], ended: threading.Event, _every_s: float) -> None:
    view = memoryview(bytearray(_BUFFER_BYTES))
    poll = select.epoll()
    for fd in pairs:
        poll.register(fd, select.EPOLLIN)
    while not ended.is_set():
        for fd, _ in poll.poll(0.5):
            connection, target = pairs[fd]
            os.write(target, view[: connection.recv_into(view)])


def _in_batches(pairs: dict[int, tuple[socket.socket, int]], ended: threading.Event, every_s: float) -> None:
    view = memoryview(bytearray(_BUFFER_BYTES))
    everyone, slots = list(pairs.values()), 10
    turn = 0
    while not ended.is_set():
        for connection, target in everyone[turn % slots :: slots]:
            try:
                os.write(target, view[: connection.recv_into(view)])
            except BlockingIOError:
                continue
        turn += 1
        time.sleep(every_s / slots)


if __name__ == "__main__":
    main()
