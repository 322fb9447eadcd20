"""Pages of the players in a real Chromium."""

import os
from contextlib import contextmanager
from pathlib import Path

from tests.browser import DESKTOP, PHONE

__all__ = ["DESKTOP", "PHONE", "keep_screenshot", "page_at"]


@contextmanager
def page_at(browser, url, *, viewport=DESKTOP, **options):
    """A page whose script errors and CSP violations fail the test."""
    context = browser.new_context(viewport=viewport, locale="vi-VN", **options)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(url)
    try:
        yield page
    finally:
        context.close()
    assert problems == []


def keep_screenshot(page, name: str) -> None:
    folder = Path(os.environ.get("BINHYEN_ARTEFACTS", "artefacts")) / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(folder / f"players-{name}.png"))
