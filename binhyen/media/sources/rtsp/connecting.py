"""Getting from a host name to a connected socket without blocking a loop that serves hundreds of cameras."""

import errno
import os
import socket
import threading

from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import CameraUnreachable, SourceError

RECEIVE_BUFFER_BYTES = 1 << 20
_MOST_LOOKUPS = threading.BoundedSemaphore(16)  # a dead name server must not cost a thread per camera for long
_SENTENCES = {
    errno.ECONNREFUSED: "Camera từ chối kết nối ở cổng {port}. Hãy kiểm tra cổng và xem RTSP đã bật chưa.",
    errno.EHOSTUNREACH: "Không có đường mạng tới camera. Hãy kiểm tra nguồn điện, dây mạng và địa chỉ.",
    errno.ENETUNREACH: "Không có đường mạng tới camera. Hãy kiểm tra mạng của máy chủ.",
    errno.ETIMEDOUT: "Camera không trả lời. Hãy kiểm tra nguồn điện, dây mạng và địa chỉ.",
    errno.ECONNRESET: "Camera ngắt kết nối đột ngột. Hệ thống sẽ tự thử lại.",
}


def unreachable(error: OSError, port: int) -> CameraUnreachable:
    """What went wrong with a connection, for a person."""
    unknown = f"Lỗi mạng khi nối tới camera ({os.strerror(error.errno or 0)}). Hãy kiểm tra mạng."
    return CameraUnreachable(_SENTENCES.get(error.errno or 0, unknown).format(port=port))


class NameLookup:
    """Resolves a name in a thread; `fileno()` becomes readable when it has `answered` and `take()` gives the answer."""

    def __init__(self, policy: AddressPolicy, host: str, port: int) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._lock = threading.Lock()
        self._abandoned = False
        self.answered = False
        self._answer: list[str] | SourceError = []
        threading.Thread(target=self._run, args=(policy, host, port), name="camera-name", daemon=True).start()

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._ours.fileno()

    def take(self) -> list[str]:
        """The checked addresses; raises the SourceError that the policy raised. Once."""
        answer = self._answer
        self.close()
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def close(self) -> None:
        """Give up; the thread may run on until its answer comes and then ends."""
        with self._lock:
            self._abandoned = True
            self._ours.close()
            self._theirs.close()

    def _run(self, policy: AddressPolicy, host: str, port: int) -> None:
        with _MOST_LOOKUPS:
            try:
                answer: list[str] | SourceError = policy.resolve(host, port)
            except SourceError as error:
                answer = error
        with self._lock:
            if not self._abandoned:
                self._answer = answer
                self.answered = True
                self._theirs.send(b"!")


def begin_connect(address: str, port: int) -> socket.socket:
    """A socket on its way to `address`; raises CameraUnreachable where that fails at once."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        code = sock.connect_ex((address, port))
    except OSError as error:
        sock.close()
        raise unreachable(error, port) from error
    if code not in (0, errno.EINPROGRESS):
        sock.close()
        raise unreachable(OSError(code, os.strerror(code)), port)
    return sock
