"""A live node's `/v1/clip`, over a real socket: one camera-minute of real H.264, cut in two pieces."""

import contextlib
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import av
import numpy as np

TOKEN = "a-token-of-the-test"


@cache
def movie(shade: int = 90) -> bytes:
    """Two seconds of grey as fragmented MP4."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}) as file:
        stream = file.add_stream("libx264", rate=10, options={"g": "10", "bf": "0"})
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for n in range(20):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), shade + n, np.uint8), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


class FakeNode:
    """What the tests set, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.away = self.cut_short = self.empty = self.still_writing = False
        self.url, self.token = "", TOKEN
        self.may_answer = threading.Event()
        self.may_answer.set()


class _Handler(BaseHTTPRequestHandler):
    node: FakeNode

    def do_GET(self):
        self.node.asked.append(self.path)
        if self.headers["Authorization"] != f"Bearer {self.node.token}":
            return self._answer(401, b"{}")
        if self.node.away:
            return self._answer(503, b"{}")
        path, query = urlsplit(self.path).path.split("/")[3:], parse_qs(urlsplit(self.path).query)
        if len(path) == 1:
            return self._answer(200, json.dumps(self._plan(path[0], query)).encode())
        self._answer_halting(movie(90 + int(path[1])))
        return None

    def _plan(self, camera, query):
        start, end = int(query["from"][0]), int(query["to"][0])
        half = (start + end) // 2
        pieces = [(start - 500_000, half, start, half), (half, end + 400_000, half, end)]
        return {
            "camera": camera,
            "from": start,
            "to": end,
            "pieces": [] if self.node.empty else [self._piece(n, *each) for n, each in enumerate(pieces)],
            "gaps": [{"camera": camera, "start": half, "end": half + 1000, "reason": "connection"}],
            "complete_until": half if self.node.still_writing else end,
            "clock_offset_us": -1_250_000,
        }

    def _piece(self, n, start, end, mark_in, mark_out):
        source = {"path": f"X/{n}.mp4", "sha256": "ab" * 32, "start": start, "end": end, "number": n}
        return {
            "n": n, "start": start, "end": end, "mark_in": mark_in, "mark_out": mark_out,
            "mime": 'video/mp4; codecs="avc1.64000a"', "width": 64, "height": 64, "sources": [source],
        }  # fmt: skip

    def _answer_halting(self, body):
        """Send the first half, and the second when the test says so."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.node.may_answer.wait(30)
        if not self.node.cut_short:
            with contextlib.suppress(OSError):  # whoever asked may have been killed
                self.wfile.write(body[len(body) // 2 :])

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def fake_node() -> Iterator[FakeNode]:
    """Serve on a free port until left."""
    node = FakeNode()
    handler = type("Handler", (_Handler,), {"node": node})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    node.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield node
    finally:
        node.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()
