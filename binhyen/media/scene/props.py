"""Sky, trees, lamps, poles and stalls: what stands about a street."""

import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from binhyen.media.scene.ground import HEIGHT, WIDTH, Canvas, Colour

LAMP_GLOW: Colour = (255, 206, 132)
LAMP_HEIGHT_M = 7.0


def sky(chance: random.Random, horizon_px: float) -> Image.Image:
    """A hazy tropical sky with a few clouds, down to the horizon; below it grass colour."""
    rows = np.linspace(0, 1, HEIGHT)[:, None]
    top, low = np.array((120, 172, 218)), np.array((222, 230, 230))
    share = np.clip(rows * HEIGHT / max(horizon_px, 1), 0, 1)
    samples = (top * (1 - share) + low * share)[:, None, :].repeat(WIDTH, axis=1)
    image = Image.fromarray(samples.reshape(HEIGHT, WIDTH, 3).astype(np.uint8), "RGB")
    clouds = Image.new("L", (WIDTH, HEIGHT), 0)
    pen = ImageDraw.Draw(clouds)
    for _ in range(7):
        x, y = chance.uniform(0, WIDTH), chance.uniform(30, horizon_px * 0.7)
        for _ in range(9):
            dx, dy, r = chance.uniform(-90, 90), chance.uniform(-10, 12), chance.uniform(12, 34)
            pen.ellipse((x + dx - r * 1.7, y + dy - r * 0.5, x + dx + r * 1.7, y + dy + r * 0.5), fill=150)
    image.paste((246, 248, 248), (0, 0), clouds.filter(ImageFilter.GaussianBlur(12)))
    ImageDraw.Draw(image).rectangle((0, horizon_px, WIDTH, HEIGHT), fill=(122, 146, 92))
    return image


def tree(chance: random.Random, *, palm: bool = False) -> Image.Image:
    """A tree on a transparent ground, 5 × 7 m at 60 px/m."""
    image = Image.new("RGBA", (300, 420), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if palm:
        _palm(pen, chance)
    else:
        pen.polygon([(140, 420), (160, 420), (156, 220), (146, 220)], fill=(96, 78, 60, 255))
        for layer, tone in enumerate(((46, 88, 48), (62, 112, 58), (84, 138, 70))):
            for _ in range(26 - 5 * layer):
                x, y = chance.gauss(150 - 8 * layer, 52 - 8 * layer), chance.gauss(140 - 16 * layer, 50 - 8 * layer)
                r = chance.uniform(22, 40) - 6 * layer
                shade = tuple(c + chance.randint(-8, 8) for c in tone)
                pen.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), fill=(*shade, 255))
    return image


def _palm(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    pen.line([(150, 420), (156, 300), (150, 150)], fill=(120, 104, 82, 255), width=12)
    for number in range(13):
        angle = number / 12 * np.pi
        length = chance.uniform(95, 135)
        ex, ey = 150 + np.cos(angle) * length, 150 - np.sin(angle) * length * 0.55 + 34
        pen.line([(150, 150), ((150 + ex) / 2, min(150, ey) - 22), (ex, ey + 12)], fill=(66, 118, 58, 255), width=9)


def street_lamp(canvas: Canvas, x: float, z: float, towards: float) -> None:
    """A lamp on a pole whose arm reaches `towards` metres over the road; a pool of light beneath."""
    canvas.line((x, z, 0), (x, z, LAMP_HEIGHT_M), (122, 126, 130), 0.14)
    canvas.line((x, z, LAMP_HEIGHT_M), (x + towards, z, LAMP_HEIGHT_M + 0.3), (122, 126, 130), 0.09)
    canvas.line(
        (x + towards * 0.7, z, LAMP_HEIGHT_M + 0.2), (x + towards, z, LAMP_HEIGHT_M + 0.3), (210, 212, 206), 0.2
    )
    canvas.light_pool(x + towards, z, 0.7, (255, 240, 210), y=LAMP_HEIGHT_M + 0.2)
    canvas.light_pool(x + towards, z, 6.5, LAMP_GLOW)


def power_pole(canvas: Canvas, x: float, z: float) -> tuple[float, float, float]:
    """A concrete pole; where its cables are tied."""
    canvas.line((x, z, 0), (x, z, 7.6), (150, 148, 142), 0.22)
    canvas.line((x - 0.6, z, 7.1), (x + 0.6, z, 7.1), (96, 96, 96), 0.1)
    canvas.line((x - 0.3, z, 5.6), (x + 0.3, z, 5.2), (70, 72, 76), 0.4)
    return x, z, 7.1


def parasol(chance: random.Random, colour: Colour) -> Image.Image:
    """A market stall under a parasol, 2.6 × 2.4 m at 60 px/m."""
    image = Image.new("RGBA", (156, 144), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.line((78, 20, 78, 140), fill=(180, 178, 170, 255), width=4)
    for number in range(6):
        tone = colour if number % 2 else (246, 240, 226)
        pen.polygon([(78, 2), (number * 26, 46), (number * 26 + 26, 46)], fill=(*tone, 255))
    pen.rectangle((14, 96, 142, 142), fill=(126, 92, 62, 255))
    for left in range(18, 136, 11):
        fruit = chance.choice(((222, 92, 40), (236, 190, 56), (104, 156, 60), (190, 44, 52)))
        pen.ellipse((left, 86, left + 12, 98), fill=(*fruit, 255))
    return image
