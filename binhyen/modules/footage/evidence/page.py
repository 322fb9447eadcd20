"""`xem-va-kiem.html`: one file that shows and checks a package in any browser, from file://, without network."""

import base64
import hashlib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "viewer"
SCRIPTS = ("hashes.js", "ed25519.js", "container.js", "verify.js", "words.js", "page.js")
"""In the order in which they stand on the page; each uses only what stands before it."""


@cache
def viewer_page() -> bytes:
    """The page, with a content policy that lets its own script and style run and nothing else load."""
    script = "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "media-src blob:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    page = (_FOLDER / "page.html").read_text(encoding="utf-8")
    for mark, content in (("%POLICY%", policy), ("%STYLE%", style), ("%SCRIPT%", script)):
        page = page.replace(mark, content, 1)
    return page.encode()


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
