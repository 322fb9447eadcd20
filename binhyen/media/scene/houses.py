"""Fronts of houses and shops as flat pictures, with what of them is lit at night."""

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from binhyen.media.scene.fonts import text_mask
from binhyen.media.scene.ground import Colour

PIXELS_PER_METRE = 64
WALLS: tuple[Colour, ...] = (
    (232, 205, 150),
    (206, 221, 203),
    (236, 214, 200),
    (196, 214, 226),
    (240, 232, 212),
    (222, 190, 160),
    (214, 208, 226),
    (226, 226, 220),
)
SIGNS: tuple[Colour, ...] = ((178, 34, 40), (18, 82, 150), (16, 112, 74), (206, 120, 12), (120, 40, 110), (30, 60, 70))
LAMP_LIGHT = (255, 214, 140)
GLASS = (78, 104, 122)


@dataclass(frozen=True, slots=True)
class Front:
    """`picture` by day, `lit` (black where dark) by night; sizes in metres."""

    picture: Image.Image
    lit: Image.Image
    width_m: float
    height_m: float


def house_front(chance: random.Random, width_m: float, storeys: int, sign: str = "") -> Front:
    """A tube house: a shop or a shutter below, windows and balconies above, a parapet on top."""
    height_m = 3.6 + 3.2 * (storeys - 1) + 0.7
    draft = _Draft(width_m, height_m, chance.choice(WALLS), chance)
    draft.plaster()
    for storey in range(1, storeys):
        draft.upper_floor(3.6 + 3.2 * (storey - 1))
    draft.ground_floor(open_shop=bool(sign))
    if sign:
        draft.sign_board(sign, 2.75, 0.72)
    return Front(draft.picture, draft.lit, width_m, height_m)


def gate_front(width_m: float, height_m: float, words: str, colour: Colour, *, below: str) -> Front:
    """Two pillars and over the way in a board of `words`, a line `below` them; the opening is transparent."""
    size = (round(width_m * PIXELS_PER_METRE), round(height_m * PIXELS_PER_METRE))
    picture, lit = Image.new("RGBA", size, (0, 0, 0, 0)), Image.new("RGB", size, 0)
    pen, pillar, board = ImageDraw.Draw(picture), round(0.7 * PIXELS_PER_METRE), round(1.5 * PIXELS_PER_METRE)
    for left in (0, size[0] - pillar):
        pen.rectangle(
            (left, board // 3, left + pillar, size[1]), fill=(228, 214, 178), outline=(150, 136, 104), width=3
        )
        for y in range(board, size[1], 60):
            pen.line((left, y, left + pillar, y), fill=(190, 174, 138), width=2)
    pen.rectangle((0, 0, size[0], board), fill=colour, outline=(240, 220, 150), width=6)
    ink = (255, 236, 170)
    _write(picture, words, (size[0] // 2, board * 0.36), board * 0.42, size[0] * 0.9, ink)
    _write(picture, below, (size[0] // 2, board * 0.78), board * 0.2, size[0] * 0.9, (255, 255, 255))
    lit.paste(picture.crop((0, 0, size[0], board)).convert("RGB").point(lambda v: v * 0.5), (0, 0))
    return Front(picture, lit, width_m, height_m)


class _Draft:
    """A front while it is drawn; heights are metres above the street."""

    def __init__(self, width_m: float, height_m: float, colour: Colour, chance: random.Random) -> None:
        size = (round(width_m * PIXELS_PER_METRE), round(height_m * PIXELS_PER_METRE))
        self.picture, self.lit = Image.new("RGB", size, colour), Image.new("RGB", size, 0)
        self._pen, self._light = ImageDraw.Draw(self.picture), ImageDraw.Draw(self.lit)
        self._chance, self._colour, self._width_m, self._height_m = chance, colour, width_m, height_m

    def _box(self, left: float, base: float, right: float, top: float) -> tuple[float, float, float, float]:
        scale, height = PIXELS_PER_METRE, self.picture.height
        return left * scale, height - top * scale, right * scale, height - base * scale

    def plaster(self) -> None:
        for _ in range(26):
            x, y = self._chance.uniform(0, self._width_m), self._chance.uniform(0, self._height_m)
            shade = tuple(c - self._chance.randint(2, 9) for c in self._colour)
            self._pen.rectangle(
                self._box(x, y, x + self._chance.uniform(0.2, 1.4), y + self._chance.uniform(0.1, 0.6)), fill=shade
            )
        edge = tuple(c - 46 for c in self._colour)
        self._pen.rectangle(self._box(0, self._height_m - 0.28, self._width_m, self._height_m), fill=(164, 84, 62))
        self._pen.rectangle(self._box(0, self._height_m - 0.42, self._width_m, self._height_m - 0.28), fill=edge)
        self._pen.rectangle(self._box(0, 0, 0.1, self._height_m), fill=edge)

    def upper_floor(self, base: float) -> None:
        self._pen.rectangle(self._box(0, base - 0.12, self._width_m, base), fill=tuple(c - 30 for c in self._colour))
        count = max(1, round(self._width_m / 2.2))
        step = self._width_m / count
        for number in range(count):
            left = number * step + step * 0.22
            self._window(left, base + 0.75, left + step * 0.56, base + 2.45)
        if self._chance.random() < 0.7:
            self._balcony(base)

    def _window(self, left: float, base: float, right: float, top: float) -> None:
        self._pen.rectangle(self._box(left - 0.08, base - 0.08, right + 0.08, top + 0.08), fill=(246, 244, 238))
        self._pen.rectangle(self._box(left, base, right, top), fill=GLASS)
        middle = (left + right) / 2
        self._pen.polygon(
            [
                self._box(left, base, left, top)[:2],
                self._box(middle, base, middle, top)[:2],
                self._box(left, base, left, base)[:2],
            ],
            fill=(112, 138, 152),
        )
        self._pen.rectangle(self._box(middle - 0.03, base, middle + 0.03, top), fill=(246, 244, 238))
        if self._chance.random() < 0.45:
            self._light.rectangle(self._box(left, base, right, top), fill=(210, 160, 84))
            self._light.rectangle(self._box(middle - 0.03, base, middle + 0.03, top), fill=(60, 44, 20))

    def _balcony(self, base: float) -> None:
        self._pen.rectangle(self._box(0.15, base + 0.85, self._width_m - 0.15, base + 0.95), fill=(90, 92, 96))
        for number in range(1, round(self._width_m * 5)):
            self._pen.rectangle(self._box(number * 0.2, base, number * 0.2 + 0.035, base + 0.9), fill=(98, 100, 104))
        for left in (0.4, self._width_m - 0.9):
            self._pen.ellipse(self._box(left, base + 0.7, left + 0.6, base + 1.3), fill=(64, 118, 62))

    def ground_floor(self, *, open_shop: bool) -> None:
        right = self._width_m - 0.3
        if not open_shop:
            self._pen.rectangle(self._box(0.3, 0, right, 2.7), fill=(126, 134, 140))
            for number in range(14):
                self._pen.rectangle(self._box(0.3, number * 0.19, right, number * 0.19 + 0.03), fill=(104, 112, 118))
            return
        self._pen.rectangle(self._box(0.3, 0, right, 2.7), fill=(58, 50, 46))
        self._light.rectangle(self._box(0.3, 0.1, right, 2.6), fill=(236, 190, 116))
        for shelf in (0.5, 1.1, 1.7):
            left = 0.4
            while left < right - 0.35:
                colour = tuple(self._chance.randint(70, 225) for _ in range(3))
                box = self._box(left, shelf, left + 0.24, shelf + self._chance.uniform(0.2, 0.42))
                self._pen.rectangle(box, fill=colour)
                self._light.rectangle(box, fill=tuple(c * 2 // 3 for c in colour))
                left += self._chance.uniform(0.26, 0.42)
        self._pen.rectangle(self._box(0.3, 0, right, 0.12), fill=(120, 112, 104))

    def sign_board(self, words: str, base: float, height: float) -> None:
        colour = self._chance.choice(SIGNS)
        box = self._box(0.08, base, self._width_m - 0.08, base + height)
        self._pen.rectangle(box, fill=colour, outline=(250, 250, 244), width=4)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        _write(self.picture, words, middle, (box[3] - box[1]) * 0.66, (box[2] - box[0]) * 0.9, (255, 250, 226))
        board = self.picture.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3]))).point(lambda v: v * 0.8)
        self.lit.paste(board, (round(box[0]), round(box[1])))


def _write(
    target: Image.Image, words: str, middle: tuple[float, float], height: float, width: float, ink: Colour
) -> None:
    mask = text_mask(words, round(height), weight=700)
    mask = mask.crop(mask.getbbox() or (0, 0, 1, 1))
    shrink = min(1.0, width / mask.width, height * 1.15 / mask.height)
    mask = mask.resize(
        (max(1, round(mask.width * shrink)), max(1, round(mask.height * shrink))), Image.Resampling.LANCZOS
    )
    target.paste(ink, (round(middle[0] - mask.width / 2), round(middle[1] - mask.height / 2)), mask)
