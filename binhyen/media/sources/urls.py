"""Addresses of cameras, with their secrets kept apart."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from binhyen.media.sources.errors import MalformedUrl

DEFAULT_PORTS = {
    "rtsp": 554, "rtsp+udp": 554, "rtsps": 322, "http": 80, "https": 443, "rtmp": 1935, "udp": 1234, "rtp": 5004,
}  # fmt: skip
_MAX_LENGTH = 2048
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_HOST_AND_PORT = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.%]+)\]|(?P<name>[^:\[\]/?#@\s]+))(?::(?P<port>\d{1,5}))?")
_SECRET = re.compile(r"://(.+)@(?=[^@]*$)")


@dataclass(frozen=True, slots=True)
class CameraUrl:
    """A camera's address in parts. `path` starts with "/" and holds the query; the password is in no repr."""

    scheme: str
    host: str
    port: int
    path: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def authority(self) -> str:
        """Host and port as a URL writes them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS.get(self.scheme) else f"{host}:{self.port}"

    @property
    def request_url(self) -> str:
        """The URL without user and password, as it goes into requests."""
        return f"{self.scheme}://{self.authority}{self.path}"

    def __str__(self) -> str:
        return f"{self.scheme}://{'***@' if self.user or self.password else ''}{self.authority}{self.path}"


def parse_camera_url(url: str) -> CameraUrl:
    """`url` in parts; raises MalformedUrl, whose sentence does not repeat the URL.

    Passwords with an unescaped "/", "?", "#" or "@" are common in addresses typed by hand and are understood.
    """
    match = _URL.fullmatch(url.strip())
    if match is None or len(url) > _MAX_LENGTH or any(ord(letter) < 32 for letter in url):
        raise MalformedUrl("Địa chỉ camera không đúng dạng. Hãy nhập như rtsp://tên:mật-khẩu@địa-chỉ:554/đường-dẫn.")
    scheme = match["scheme"].lower()
    secret, rest = _split_secret(match["rest"])
    place = _HOST_AND_PORT.match(rest)
    if place is None or (place.end() < len(rest) and rest[place.end()] not in "/?#"):
        raise MalformedUrl("Địa chỉ camera thiếu tên máy hoặc địa chỉ IP. Hãy kiểm tra phần sau “://”.")
    port = int(place["port"] or DEFAULT_PORTS.get(scheme, 0))
    if not 0 < port < 65536:
        raise MalformedUrl(f"Cổng {port} của camera không hợp lệ. Hãy nhập số từ 1 đến 65535.")
    user, _, password = secret.partition(":")
    path = rest[place.end() :].partition("#")[0]
    path = path if path.startswith("/") else "/" + path
    return CameraUrl(scheme, (place["v6"] or place["name"]).lower(), port, path, unquote(user), unquote(password))


def redacted(url: str) -> str:
    """`url` for a log line or a page: whatever stands before the last "@" becomes "***"."""
    return _SECRET.sub("://***@", url)


def _split_secret(rest: str) -> tuple[str, str]:
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        secret, _, host = authority.rpartition("@")
        return secret, host + rest[len(authority) :]
    port = authority.rpartition("]")[2].rpartition(":")
    typed_raw = port[1] and not port[2].isdigit() and "@" in rest
    secret, _, place = rest.rpartition("@") if typed_raw else ("", "", rest)
    return secret, place
