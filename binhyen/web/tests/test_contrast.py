"""WCAG 2.2 AA (1.4.3, 1.4.6 for high contrast, 1.4.11): every pair of the theme, computed."""

import re
from pathlib import Path

import pytest

THEME = Path(__file__).parents[1] / "static" / "theme.css"
THEMES = {
    "light": [':root,\n[data-bs-theme="light"]'],
    "dark": [':root,\n[data-bs-theme="light"]', '[data-bs-theme="dark"]'],
    "light, more contrast": [':root,\n[data-bs-theme="light"]', '[data-contrast="more"]'],
    "dark, more contrast": [
        ':root,\n[data-bs-theme="light"]',
        '[data-bs-theme="dark"]',
        '[data-contrast="more"]',
        '[data-contrast="more"][data-bs-theme="dark"]',
    ],
}
TEXT_PAIRS = [
    *((text, ground) for text in ("text", "quiet", "link") for ground in ("page", "card")),
    *((state, f"{state}-ground") for state in ("waiting", "ontime", "late", "done", "demo")),
    *((state, ground) for state in ("waiting", "ontime", "late", "done") for ground in ("card", "page")),
    *(("text", f"{state}-ground") for state in ("waiting", "ontime", "late", "done")),
    ("on-brand", "brand"),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("action", "card"),
]
EDGE_PAIRS = [("edge", "card"), ("edge", "page"), ("focus", "card"), ("focus", "page")]


def colours(theme: str) -> dict[str, str]:
    """The theme's variables as the cascade leaves them."""
    text = re.sub(r"/\*.*?\*/", "", THEME.read_text(), flags=re.DOTALL)
    found: dict[str, str] = {}
    for selector in THEMES[theme]:
        body = re.search(rf"(?:^|\}})\s*{re.escape(selector)} \{{(.*?)\}}", text, flags=re.DOTALL)
        found |= dict(re.findall(r"--by-([\w-]+): (#[0-9a-f]{6});", body[1]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_its_ground(theme):
    least = 7.0 if "more" in theme else 4.5
    known = colours(theme)
    weak = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_and_focus_stand_out_from_their_ground(theme):
    known = colours(theme)
    weak = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in EDGE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3.0} == {}
