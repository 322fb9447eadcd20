"""Made-up number plates in the form of circular 79/2024/TT-BCA, drawn as a camera would see them.

The province codes are ones that no province uses, so that no plate is anybody's.
"""

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from binhyen.media.scene.fonts import text_mask

UNUSED_PROVINCES = ("13", "42", "44", "45", "46", "87", "91", "96")
FIRST_LETTERS = "ABCDEFGHKLMNPSTUVXYZ"
SECOND_LETTERS = "ABCDEFHKLMNPRSTUVXYZ"
PRIVATE = ((240, 240, 236), (20, 20, 24))
COMMERCIAL = ((246, 202, 40), (20, 20, 24))


@dataclass(frozen=True, slots=True)
class Plate:
    """Text lines from top to bottom, and the colours of ground and letters."""

    lines: tuple[str, ...]
    colours: tuple[tuple[int, int, int], tuple[int, int, int]] = PRIVATE

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def motorbike_plate(chance: random.Random) -> Plate:
    """Two lines: 29-AA over 123.45 (since 2023-08-15), or the older 29-B1 over 234.56."""
    second = chance.choice(SECOND_LETTERS) if chance.random() < 0.5 else str(chance.randint(1, 9))
    series = f"{chance.choice(UNUSED_PROVINCES)}-{chance.choice(FIRST_LETTERS)}{second}"
    return Plate((series, _five_digits(chance)))


def car_plate(chance: random.Random, *, commercial: bool = False) -> Plate:
    """One line: 29A-123.45."""
    series = f"{chance.choice(UNUSED_PROVINCES)}{chance.choice(FIRST_LETTERS)}"
    return Plate((f"{series}-{_five_digits(chance)}",), COMMERCIAL if commercial else PRIVATE)


def draw_plate(plate: Plate, size: tuple[int, int]) -> Image.Image:
    """The plate as an RGB picture of `size` pixels."""
    ground, ink = plate.colours
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=ink, width=max(1, size[1] // 24))
    line_height = size[1] // len(plate.lines)
    for number, line in enumerate(plate.lines):
        mask = text_mask(line, max(8, line_height), weight=700)
        mask = mask.crop(mask.getbbox() or (0, 0, 1, 1))
        box = (round(size[0] * 0.86), round(line_height * 0.74))
        top = round(number * line_height + line_height * 0.13)
        image.paste(ink, (round(size[0] * 0.07), top), mask.resize(box, Image.Resampling.LANCZOS))
    return image


def _five_digits(chance: random.Random) -> str:
    digits = f"{chance.randint(0, 99_999):05d}"
    return f"{digits[:3]}.{digits[3:]}"
