"""Fixtures for journeys in a real Chromium: a station that serves, and pages that leave screenshots behind.

    @pytest.mark.browser
    def test_…(live_station, desktop):
        desktop.open("/dang-nhap/").screenshot("dang-nhap")

`live_station` is the ASGI application in a process of its own on the test database (so the test's rows must be
committed: it brings `transactional_db`). Screenshots go to `BINHYEN_ARTEFACTS` (default `artefacts`)/screenshots.
Where no Chromium is found tests are skipped; with `CI=true` that is an error.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
START_TIMEOUT_S = 40
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
WALL = {"width": 1920, "height": 1080}


def find_chromium() -> str | None:
    """The browser of this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass(frozen=True)
class LiveStation:
    """A serving station: its address, and how to get a signed-in session for a person."""

    url: str
    log: Path

    def session_cookie(self, user: Any) -> dict[str, str]:
        """A cookie as Playwright takes it: `user` has signed in with the second factor."""
        from allauth.mfa.models import Authenticator
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "not-used-here"}})
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return {"name": "sessionid", "value": session.session_key, "url": self.url}


class Visitor:
    """A browser window at one size. `page` is Playwright's; complaints of the page are kept and must be none."""

    def __init__(self, context: Any, station: LiveStation, folder: Path, size_name: str) -> None:
        self.context = context
        self.station = station
        self.page = context.new_page()
        self.folder = folder
        self.size_name = size_name
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, user: Any) -> "Visitor":
        self.context.add_cookies([self.station.session_cookie(user)])
        return self

    def open(self, path: str) -> "Visitor":
        self.page.goto(self.station.url + path)
        return self

    def screenshot(self, name: str, *, whole: bool = False) -> Path:
        self.page.evaluate("document.fonts.ready")
        path = self.folder / f"{name}-{self.size_name}.png"
        self.page.screenshot(path=path, full_page=whole)
        return path

    def overflow_px(self) -> int:
        """How far the page can be scrolled sideways: 0 where it fits."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the run."""
    program = find_chromium()
    if program is None:
        sentence = "no Chromium on this machine: browser tests need `apt install chromium`"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    from playwright.sync_api import sync_playwright

    # Playwright's sync API leaves a loop running in this thread; Django's ORM would refuse to be used beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextlib.contextmanager
def serving(folder: Path, **environment: str) -> Iterator[LiveStation]:
    """The station as a process of its own on a free port of loopback, with the test database."""
    from django.db import connection

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        command = [sys.executable, "-m", "uvicorn", "binhyen.web.asgi:application", "--fd", str(listener.fileno())]
        own = {"DATABASE_URL": _database_url(connection.settings_dict), **environment}
        with (folder / "station.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--lifespan", "off", "--log-level", "warning"],
                env={**os.environ, **own},
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=log,
            )
        station = LiveStation(f"http://127.0.0.1:{listener.getsockname()[1]}", folder / "station.log")
        try:
            _wait_until_serving(station.url)
            yield station
        finally:
            process.terminate()
            process.wait(20)


def _database_url(settings: dict[str, Any]) -> str:
    options = {"host": settings["HOST"], **({"port": settings["PORT"]} if settings["PORT"] else {})}
    account = f"{quote(settings['USER'])}:{quote(settings['PASSWORD'])}"
    return f"postgresql://{account}@/{settings['NAME']}?{urlencode(options)}"


def status_of(url: str, headers: dict[str, str] | None = None) -> int:
    """The HTTP status of an address. Raises OSError where nobody answers."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers or {}), timeout=START_TIMEOUT_S
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def _wait_until_serving(url: str) -> None:
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            status_of(f"{url}/static/icon.svg")
        except OSError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def _station(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[LiveStation]:
    with django_db_blocker.unblock():
        # No recording node stands behind this station: whatever runs on this machine stays untouched.
        station = serving(tmp_path_factory.mktemp("station"), BINHYEN_NODE_URL="http://127.0.0.1:9")
    with station as running:
        yield running


@pytest.fixture
def live_station(_station: LiveStation, transactional_db: Any) -> LiveStation:
    """The station of this run; the rows of a test are its rows, and gone after it."""
    return _station


def _visitor(chromium: Any, station: LiveStation, name: str, size: dict[str, int], **options: Any) -> Iterator[Visitor]:
    folder = Path(os.environ.get("BINHYEN_ARTEFACTS", "artefacts")) / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)
    context.set_default_timeout(10_000)
    visitor = Visitor(context, station, folder, name)
    yield visitor
    context.close()
    assert visitor.complaints == []


@pytest.fixture
def desktop(chromium: Any, live_station: LiveStation) -> Iterator[Visitor]:
    """An office screen."""
    yield from _visitor(chromium, live_station, "1366", DESKTOP)


@pytest.fixture
def phone(chromium: Any, live_station: LiveStation) -> Iterator[Visitor]:
    """A small phone."""
    yield from _visitor(chromium, live_station, "360", PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def wall_screen(chromium: Any, live_station: LiveStation) -> Iterator[Visitor]:
    """The screen on the duty room's wall."""
    yield from _visitor(chromium, live_station, "1920", WALL)
