"""Vehicles and people as flat pictures with transparent ground, 100 px per metre, seen from four sides."""

import random
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from binhyen.media.scene.ground import Colour
from binhyen.media.scene.plates import Plate, draw_plate

View = Literal["away", "toward", "left", "right"]
Kind = Literal["motorbike", "car", "truck", "person"]
SCALE = 100
SIZES_M: dict[Kind, tuple[float, float, float]] = {  # length, width, height
    "motorbike": (1.9, 0.85, 1.75),
    "car": (4.4, 1.85, 1.55),
    "truck": (6.4, 2.3, 2.9),
    "person": (0.6, 0.6, 1.7),
}
PAINTS: tuple[Colour, ...] = (
    (196, 30, 36), (232, 232, 230), (30, 60, 128), (52, 56, 62),
    (150, 156, 162), (20, 110, 90), (214, 150, 30), (110, 30, 50),
)  # fmt: skip
CLOTHES: tuple[Colour, ...] = (
    (36, 74, 140),
    (170, 50, 60),
    (230, 230, 224),
    (60, 120, 84),
    (196, 150, 60),
    (110, 80, 130),
)
SKIN = (206, 160, 126)
RUBBER = (26, 26, 28)
GLASS = (58, 78, 92)
PLATE_ENLARGED = 1.6
"""Plates are drawn larger than life: at the size of these pictures nobody could read them otherwise."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one road user looks like. `paint` is the colour that its box contains most of."""

    kind: Kind
    paint: Colour
    clothes: Colour
    plate: Plate | None
    lamps_on: bool


def size_of(kind: Kind, view: View) -> tuple[float, float]:
    """Width and height in metres as seen."""
    length, width, height = SIZES_M[kind]
    return (width if view in ("away", "toward") else length), height


def draw(look: Look, view: View, step: int = 0) -> Image.Image:
    """The picture of `look`; `step` (0 to 3) is the phase of a walker."""
    size = tuple(round(each * SCALE) for each in size_of(look.kind, view))
    image = Image.new("RGBA", (size[0], size[1]), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if look.kind == "person":
        _person(pen, look, step, facing_us=view == "toward")
    elif view in ("left", "right"):
        {"motorbike": _bike_side, "car": _car_side, "truck": _truck_side}[look.kind](pen, look)
    else:
        {"motorbike": _bike_end, "car": _car_end, "truck": _truck_end}[look.kind](pen, look, view == "toward")
        _attach_plate(image, look, view)
    # Sides are drawn as going to the right.
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if view == "left" else image


def random_look(kind: Kind, chance: random.Random, plate: Plate | None, *, night: bool) -> Look:
    """Paint and clothes by chance; vehicles have their lamps on at night."""
    paint = chance.choice(PAINTS)
    return Look(kind, paint, chance.choice(CLOTHES), plate, night and kind != "person")


def _shade(colour: Colour, by: int) -> Colour:
    return tuple(max(0, min(255, c + by)) for c in colour)  # type: ignore[return-value]  # three in, three out


def _attach_plate(image: Image.Image, look: Look, view: View) -> None:
    if look.plate is None or (look.kind == "motorbike" and view == "toward"):  # motorbikes carry one plate, behind
        return
    width_m = {"motorbike": 0.19, "car": 0.4, "truck": 0.4}.get(look.kind, 0.0) * PLATE_ENLARGED
    ratio = 140 / 190 if len(look.plate.lines) == 2 else 0.27
    size = (round(width_m * SCALE), round(width_m * ratio * SCALE))
    centre_m = {"motorbike": 0.56, "car": 0.5, "truck": 0.62}[look.kind]
    top = round(image.height - centre_m * SCALE - size[1] / 2)
    image.paste(draw_plate(look.plate, size), ((image.width - size[0]) // 2, top))


def _person(pen: ImageDraw.ImageDraw, look: Look, step: int, *, facing_us: bool) -> None:
    swing = (0, 9, 0, -9)[step % 4]
    pen.line([(30, 98), (30 + swing, 166)], fill=(44, 48, 60), width=13)
    pen.line([(30, 98), (30 - swing, 166)], fill=(58, 62, 76), width=13)
    pen.rounded_rectangle((15, 38, 45, 104), 9, fill=look.clothes)
    pen.line([(15, 46), (12 - swing // 2, 88)], fill=_shade(look.clothes, -24), width=8)
    pen.line([(45, 46), (48 + swing // 2, 88)], fill=_shade(look.clothes, -24), width=8)
    pen.ellipse((19, 8, 41, 38), fill=SKIN if facing_us else (40, 32, 30))
    if look.paint[0] > 180:  # some wear the conical hat
        pen.polygon([(30, 0), (4, 22), (56, 22)], fill=(226, 206, 150))
    else:
        pen.pieslice((18, 4, 42, 32), 180, 360, fill=(34, 28, 28))


def _wheel(pen: ImageDraw.ImageDraw, x: float, ground: float, radius: float) -> None:
    pen.ellipse((x - radius, ground - 2 * radius, x + radius, ground), fill=RUBBER)
    inner = radius * 0.5
    pen.ellipse((x - inner, ground - radius - inner, x + inner, ground - radius + inner), fill=(130, 132, 136))


def _bike_side(pen: ImageDraw.ImageDraw, look: Look) -> None:
    for x in (30, 158):
        _wheel(pen, x, 174, 27)
    pen.polygon([(22, 112), (84, 122), (96, 148), (60, 156), (34, 140)], fill=look.paint)
    pen.polygon([(96, 148), (140, 100), (152, 96), (158, 128), (150, 140), (110, 156), (70, 158)], fill=look.paint)
    pen.rounded_rectangle((20, 102, 92, 116), 6, fill=(36, 34, 34))
    pen.line([(140, 76), (160, 146)], fill=(70, 72, 76), width=6)
    pen.line([(60, 106), (104, 116), (106, 152)], fill=(46, 52, 74), width=17, joint="curve")
    pen.polygon([(46, 108), (78, 108), (94, 56), (64, 46)], fill=look.clothes)
    pen.line([(84, 60), (112, 86), (140, 80)], fill=_shade(look.clothes, -20), width=11, joint="curve")
    pen.ellipse((70, 14, 102, 48), fill=SKIN)
    pen.pieslice((66, 8, 104, 46), 165, 368, fill=look.paint)
    pen.ellipse((148, 84, 162, 98), fill=(255, 248, 206) if look.lamps_on else (220, 220, 214))
    pen.rectangle((18, 116, 26, 124), fill=(255, 60, 44) if look.lamps_on else (150, 30, 30))


def _bike_end(pen: ImageDraw.ImageDraw, look: Look, toward: bool) -> None:
    pen.rounded_rectangle((36, 112, 49, 175), 6, fill=RUBBER)
    pen.line([(8, 78), (78, 78)], fill=(60, 62, 66), width=6)
    pen.polygon([(24, 92), (60, 92), (66, 140), (19, 140)], fill=look.paint)
    pen.rounded_rectangle((12, 100, 25, 158), 6, fill=(48, 52, 72))
    pen.rounded_rectangle((60, 100, 73, 158), 6, fill=(48, 52, 72))
    pen.rounded_rectangle((18, 42, 67, 106), 13, fill=look.clothes)
    pen.line([(20, 50), (9, 80)], fill=_shade(look.clothes, -20), width=10)
    pen.line([(65, 50), (76, 80)], fill=_shade(look.clothes, -20), width=10)
    pen.ellipse((28, 8, 57, 44), fill=SKIN if toward else look.paint)
    pen.pieslice((25, 4, 60, 44), 180, 360, fill=look.paint)
    if toward:
        pen.ellipse((34, 84, 51, 101), fill=(255, 250, 214) if look.lamps_on else (214, 218, 220))
    else:
        pen.rounded_rectangle((31, 96, 54, 106), 3, fill=(255, 58, 42) if look.lamps_on else (140, 26, 26))


def _car_side(pen: ImageDraw.ImageDraw, look: Look) -> None:
    pen.polygon([(92, 60), (150, 10), (286, 8), (346, 58)], fill=look.paint)
    pen.polygon([(112, 58), (156, 19), (214, 18), (214, 58)], fill=GLASS)
    pen.polygon([(224, 58), (224, 18), (280, 18), (326, 58)], fill=GLASS)
    pen.rounded_rectangle((4, 56, 436, 128), 24, fill=look.paint)
    pen.rectangle((24, 100, 416, 112), fill=_shade(look.paint, -34))
    pen.line([(219, 60), (219, 118)], fill=_shade(look.paint, -44), width=3)
    for x in (88, 352):
        pen.ellipse((x - 42, 72, x + 42, 156), fill=_shade(look.paint, -70))
        _wheel(pen, x, 154, 34)
    pen.rounded_rectangle((414, 68, 436, 84), 6, fill=(255, 250, 214) if look.lamps_on else (226, 230, 230))
    pen.rounded_rectangle((4, 66, 18, 84), 4, fill=(255, 50, 40) if look.lamps_on else (150, 30, 32))


def _car_end(pen: ImageDraw.ImageDraw, look: Look, toward: bool) -> None:
    for x in (14, 143):
        pen.rounded_rectangle((x, 110, x + 28, 155), 6, fill=RUBBER)
    pen.polygon([(32, 58), (50, 8), (135, 8), (153, 58)], fill=look.paint)
    pen.polygon([(42, 56), (57, 16), (128, 16), (143, 56)], fill=GLASS)
    pen.rounded_rectangle((6, 52, 179, 134), 20, fill=look.paint)
    pen.rectangle((10, 112, 175, 128), fill=_shade(look.paint, -50))
    for box in ((12, 66, 48, 86), (137, 66, 173, 86)):
        if toward:
            pen.rounded_rectangle(box, 8, fill=(255, 252, 224) if look.lamps_on else (228, 232, 234))
        else:
            pen.rounded_rectangle(box, 5, fill=(255, 46, 36) if look.lamps_on else (156, 28, 30))
    if toward:
        pen.rounded_rectangle((58, 68, 127, 86), 5, fill=(40, 42, 46))


def _truck_side(pen: ImageDraw.ImageDraw, look: Look) -> None:
    pen.rectangle((6, 20, 452, 214), fill=(214, 214, 206))
    for x in range(30, 450, 42):
        pen.line([(x, 22), (x, 212)], fill=(188, 188, 180), width=4)
    pen.rectangle((6, 206, 452, 226), fill=look.paint)
    pen.polygon([(466, 246), (466, 62), (580, 62), (626, 150), (634, 246)], fill=look.paint)
    pen.polygon([(516, 144), (516, 80), (572, 80), (604, 144)], fill=GLASS)
    pen.rectangle((10, 226, 634, 252), fill=(60, 60, 62))
    for x in (92, 180, 548):
        _wheel(pen, x, 288, 45)
    pen.rounded_rectangle((614, 196, 636, 218), 5, fill=(255, 250, 214) if look.lamps_on else (226, 230, 230))
    pen.rectangle((4, 228, 16, 246), fill=(255, 50, 40) if look.lamps_on else (150, 30, 32))


def _truck_end(pen: ImageDraw.ImageDraw, look: Look, toward: bool) -> None:
    for x in (20, 176):
        pen.rounded_rectangle((x, 216, x + 36, 288), 8, fill=RUBBER)
    pen.rectangle((8, 10, 222, 216), fill=(208, 208, 200))
    if toward:
        pen.rounded_rectangle((16, 56, 214, 250), 16, fill=look.paint)
        pen.rectangle((30, 74, 200, 148), fill=GLASS)
        lamp = (255, 252, 224) if look.lamps_on else (228, 232, 234)
    else:
        pen.line([(115, 14), (115, 214)], fill=(150, 150, 144), width=5)
        pen.rectangle((8, 196, 222, 250), fill=look.paint)
        lamp = (255, 46, 36) if look.lamps_on else (156, 28, 30)
    for x in (24, 180):
        pen.rounded_rectangle((x, 206, x + 28, 226), 5, fill=lamp)
