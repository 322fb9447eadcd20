"""People of the demo station, each with a browser window of their own, signed in as they would."""

import base64
import contextlib
import hmac
import html
import json
import re
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any

from tests.browser import DESKTOP, PHONE
from tests.journeys.demo_station import DemoStation

__all__ = ["DESKTOP", "PHONE", "Listener", "Somebody", "somebody", "totp"]

TOTP_STEP_S = 30
LOOK = re.compile(rb'"look": ?"([0-9a-f-]{36})"')


def totp(secret: str, at: float) -> str:
    """The six digits that an authenticator shows (RFC 6238, SHA-1)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at) // TOTP_STEP_S), "sha1")
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


class Listener:
    """Stands between a browser and the station and keeps every byte that the browser is sent."""

    def __init__(self, station_port: int) -> None:
        self.station = ("127.0.0.1", station_port)
        self.heard: list[bytearray] = []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.socket.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self.socket.accept()
            except OSError:
                return  # closed
            station = socket.create_connection(self.station)
            kept = bytearray()
            self.heard.append(kept)
            threading.Thread(target=_carry, args=(browser, station, None), daemon=True).start()
            threading.Thread(target=_carry, args=(station, browser, kept), daemon=True).start()

    def looks(self) -> list[str]:
        """Ids of the looks that were opened from this browser."""
        return sorted(found.decode() for kept in self.heard for found in LOOK.findall(bytes(kept)))

    def told(self, text: str) -> bool:
        """Whether `text` was sent in any of the ways that pages and answers write it."""
        ways = {text, html.escape(text), json.dumps(text)[1:-1], text.encode("ascii", "xmlcharrefreplace").decode()}
        return any(way.encode() in kept for kept in self.heard for way in ways)


def _carry(source: socket.socket, to: socket.socket, kept: bytearray | None) -> None:
    with source, contextlib.suppress(OSError):  # either side may go first
        while received := source.recv(65_536):
            if kept is not None:
                kept += received
            to.sendall(received)
    with contextlib.suppress(OSError):
        to.shutdown(socket.SHUT_RDWR)  # the other direction ends too, and closes its own side


class Somebody:
    """A person at a screen; `page` is Playwright's. Complaints of the browser are kept and must be none."""

    def __init__(self, chromium: Any, station: DemoStation, username: str, size: dict[str, int]) -> None:
        self.login = station.logins[username]
        self.username = username
        self.listener = Listener(station.running.port)
        phone = size["width"] < 600
        self.context = chromium.new_context(
            viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", is_mobile=phone, has_touch=phone,
            extra_http_headers={"Accept-Encoding": "identity"},
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("console", self._complained)

    def _complained(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Any:
        """The page at `path`; returns Playwright's page."""
        self.page.goto(self.listener.url + path)
        return self.page

    def sign_in(self) -> "Somebody":
        page = self.open("/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(self.username)
        page.get_by_label("Mật khẩu").fill(self.login["password"])
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        if "totp_secret" in self.login:
            page.get_by_role("heading", name="Bước 2").wait_for()
            if time.time() % TOTP_STEP_S > TOTP_STEP_S - 4:
                time.sleep(4.2)  # a code that ends while one types it is no use to anybody
            page.get_by_label("Mã xác thực").fill(totp(self.login["totp_secret"], time.time()))
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
        page.get_by_role("heading", name="Hôm nay").wait_for()
        return self

    def go_to(self, label: str) -> Any:
        """Follow an entry of the main menu, as shown or behind the button of a small screen."""
        menu = self.page.get_by_role("navigation", name="Danh mục chính")
        if not menu.is_visible():
            self.page.get_by_role("button", name="Mở hoặc đóng danh mục").click()
        menu.get_by_role("link", name=label, exact=True).click()
        return self.page

    def screenshot(self, folder: Path, name: str) -> Path:
        self.page.evaluate("document.fonts.ready")
        path = folder / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@contextlib.contextmanager
def somebody(chromium: Any, station: DemoStation, username: str, size: dict[str, int] = DESKTOP) -> Any:
    """`username` signed in; the window closes with the block, and the browser must have had nothing to complain of."""
    person = Somebody(chromium, station, username, size)
    try:
        yield person.sign_in()
    finally:
        person.context.close()
        person.listener.close()
    assert person.complaints == []
