"""The control connection of an RTSP source that FFmpeg's libraries read.

They follow a camera's redirects wherever these lead and cannot be told not to. So they connect to this relay on
loopback, which connects to the address that was checked, speaks TLS where asked for, and hangs up on a redirect.
RTP over UDP does not pass through it.
"""

import contextlib
import re
import selectors
import socket
import ssl
import threading

from binhyen.media.sources.errors import CameraUnreachable, RtspTimeout, SourceError
from binhyen.media.sources.rtsp.connecting import unreachable

CONNECT_TIMEOUT_S = 10.0
_READ_BYTES = 1 << 16
_REDIRECT = re.compile(rb"RTSP/\d\.\d\s+3\d\d")
_LONGEST_STATUS = 24


def _camera_tls() -> ssl.SSLContext:
    """Encrypted but not verified: cameras have certificates of their own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Relay:
    """One camera. Connects when made, which blocks for at most ten seconds; raises SourceError.

    `port` is where to connect on loopback, once. `redirected` tells that the camera tried to lead elsewhere.
    """

    def __init__(self, address: str, port: int, *, tls: bool) -> None:
        self.redirected = False
        self._camera = _connected(address, port, tls=tls)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(CONNECT_TIMEOUT_S)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="camera-relay", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End both sides and wait for the thread."""
        for each in (self._listener, self._camera):
            with contextlib.suppress(OSError):  # it may have ended by itself
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        self._camera.close()

    def _run(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        with client, contextlib.suppress(OSError):  # either side hung up: the other notices by the closed socket
            self._pump(client)

    def _pump(self, client: socket.socket) -> None:
        before = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._camera, selectors.EVENT_READ)
            selector.register(client, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is client:
                        asked = client.recv(_READ_BYTES)
                        self._camera.sendall(asked)
                        if not asked:
                            return
                        continue
                    told = self._from_camera()
                    if told is None:
                        continue
                    if not told or self._leads_elsewhere(before + told):
                        return
                    before = told[-_LONGEST_STATUS:]
                    client.sendall(told)

    def _from_camera(self) -> bytes | None:
        """What the camera sent: b"" at its end, None where TLS only talked to itself.

        TLS may have decrypted more than it was asked for, which no selector tells of.
        """
        self._camera.settimeout(0)
        told = b""
        try:
            told = self._camera.recv(_READ_BYTES)
            while told and isinstance(self._camera, ssl.SSLSocket) and self._camera.pending():
                told += self._camera.recv(_READ_BYTES)
        except (ssl.SSLWantReadError, BlockingIOError):
            return told or None
        finally:
            self._camera.settimeout(CONNECT_TIMEOUT_S)
        return told

    def _leads_elsewhere(self, told: bytes) -> bool:
        self.redirected = _REDIRECT.search(told) is not None
        return self.redirected


def _connected(address: str, port: int, *, tls: bool) -> socket.socket:
    try:
        plain = socket.create_connection((address, port), CONNECT_TIMEOUT_S)
    except OSError as error:
        raise _refusal(error, port) from error
    try:
        camera = _camera_tls().wrap_socket(plain) if tls else plain
    except OSError as error:
        plain.close()
        raise _refusal(error, port) from error
    return camera


def _refusal(error: OSError, port: int) -> SourceError:
    if isinstance(error, TimeoutError):
        return RtspTimeout("Camera không trả lời trong 10 giây. Hãy kiểm tra nguồn điện, dây mạng và địa chỉ.")
    if isinstance(error, ssl.SSLError):
        return CameraUnreachable("Camera không nói TLS ở cổng này. Hãy dùng rtsp:// hoặc kiểm tra cổng.")
    return unreachable(error, port)
