"""A person at the page that checks packages: what they do and what they see."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from binhyen.modules.footage.evidence.page import viewer_page

SCREEN = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}


class Reader:
    """One open page. Complaints of the browser are kept, and so is every address it asks for."""

    def __init__(self, page: Any, page_file: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(page_file.as_uri())

    def check(self, path: Path, *, timeout_s: float = 30) -> None:
        """Choose a ZIP, or a folder, and wait for the verdict."""
        self.run("start()")
        self.page.set_input_files("#folder-input" if path.is_dir() else "#zip-input", path)
        self.page.wait_for_selector("#verdict:not([hidden])", timeout=timeout_s * 1000)

    def compare(self, typed: str) -> None:
        self.page.fill("#paper-text", typed)
        self.page.press("#paper-text", "Enter")

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    @property
    def state(self) -> str:
        return str(self.page.evaluate("document.documentElement.dataset.state"))

    @property
    def title(self) -> str:
        return self.text("#verdict-title")

    @property
    def findings(self) -> list[str]:
        """What is named as changed."""
        return [str(name) for name in self.page.locator("#findings strong").all_inner_texts()]

    def run(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def wait_until(self, condition: str, *, timeout_s: float = 10) -> None:
        """Playwright's own waiting asks the page to evaluate text, which its policy forbids."""
        give_up_at = time.monotonic() + timeout_s
        while not self.run(condition):
            assert time.monotonic() < give_up_at, f"never: {condition}"
            time.sleep(0.05)

    def screenshot(self, name: str) -> None:
        folder = Path(os.environ.get("BINHYEN_ARTEFACTS", "artefacts")) / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=folder / f"chung-cu-{name}-{width}.png", full_page=True)

    def overflow_px(self) -> int:
        return int(self.run("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def written_page(folder: Path) -> Path:
    """The page as a file of its own."""
    path = folder / "xem-va-kiem.html"
    path.write_bytes(viewer_page())
    return path


@contextmanager
def opened(chromium: Any, page_file: Path, size: dict[str, int], **options: Any) -> Iterator[Reader]:
    """The page without any network; leaving it fails where the browser complained or something was asked for."""
    context = chromium.new_context(viewport=size, locale="vi-VN", offline=True, **options)
    try:
        reader = Reader(context.new_page(), page_file)
        yield reader
        assert reader.complaints == []
        assert [url for url in reader.asked if not url.startswith(("file:", "blob:"))] == []
    finally:
        context.close()
