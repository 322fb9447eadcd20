"""Letters for signs, plates and the burnt-in clock: the page's own web font, which Pillow reads as it is."""

import unicodedata
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
FONT_FOLDER = Path(__file__).parents[3] / "node_modules" / "@fontsource" / "be-vietnam-pro" / "files"


def has_vietnamese() -> bool:
    """Whether the web font is installed; without it words are written without their diacritics."""
    return (FONT_FOLDER / "be-vietnam-pro-vietnamese-600-normal.woff2").is_file()


def text_mask(text: str, height_px: int, *, weight: int = 600) -> Image.Image:
    """`text` as a grey mask, cut to its width; a line of it is `height_px` high."""
    pieces = _runs(text) if has_vietnamese() else [("latin", _plain(text))]
    fonts = [_font(subset, weight, height_px) for subset, _ in pieces]
    widths = [font.getlength(piece) for font, (_, piece) in zip(fonts, pieces, strict=True)]
    mask = Image.new("L", (max(1, round(sum(widths)) + 2), round(height_px * 1.5)), 0)
    pen, at = ImageDraw.Draw(mask), 1.0
    for font, (_, piece), width in zip(fonts, pieces, widths, strict=True):
        pen.text((at, height_px * 1.15), piece, font=font, fill=255, anchor="ls")
        at += width
    return mask


def _runs(text: str) -> list[tuple[str, str]]:
    """The web font comes in subsets: Vietnamese letters are in one file, all others in another."""
    runs: list[tuple[str, str]] = []
    for letter in unicodedata.normalize("NFC", text):
        subset = "vietnamese" if ord(letter) > 0xFF and letter not in "–—…" else "latin"
        if runs and runs[-1][0] == subset:
            runs[-1] = (subset, runs[-1][1] + letter)
        else:
            runs.append((subset, letter))
    return runs


@cache
def _font(subset: str, weight: int, height_px: int) -> Font:
    path = FONT_FOLDER / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
    return ImageFont.truetype(str(path), height_px) if path.is_file() else ImageFont.load_default(height_px)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter) and ord(letter) < 256)
