"""Pictures of one view, one after another, with the truth of what is in them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from binhyen.media.scene.ground import HEIGHT, WIDTH, Canvas, Lens, darkened
from binhyen.media.scene.props import sky
from binhyen.media.scene.sprites import draw, size_of
from binhyen.media.scene.traffic import RoadUser, signal_of, traffic
from binhyen.media.scene.views import Place

STEPS_PER_SECOND = 5
SMALLEST_PX = 3
LAMPS = {"green": (60, 220, 110), "yellow": (250, 200, 60), "red": (236, 54, 44)}
LAMP_HEIGHT_M = 3.4


@dataclass(frozen=True, slots=True)
class SceneFrame:
    """A picture at 1280×720 and its truth: what is in it, each with a box (left, top, right, bottom) in pixels."""

    second: float
    picture: Image.Image
    truth: dict[str, Any]


class Scene:
    """One loop of one place, by day or by night, the same for the same seed."""

    def __init__(self, place: Place, *, seed: int = 1, night: bool = False) -> None:
        self.place, self.night = place, night
        self.users = traffic(place, seed=seed, night=night)
        self._street = _street(place, seed, night=night)
        self._sprites: dict[tuple[int, int], Image.Image] = {}

    def frame(self, second: float) -> SceneFrame:
        """What the camera sees `second` seconds into the loop."""
        picture = self._street.copy()
        objects = []
        for user, (x, z) in self._present(second):
            box = self._paste(picture, user, x, z, second)
            if box is not None:
                objects.append(_object(user, box))
        signals = self._signals(picture, second)
        return SceneFrame(second, picture, {"t": round(second, 3), "objects": objects, "signals": signals})

    def frames(self, per_second: int, duration_s: float) -> Iterator[SceneFrame]:
        """Every picture of the loop."""
        for number in range(round(per_second * duration_s)):
            yield self.frame(number / per_second)

    def _present(self, second: float) -> list[tuple[RoadUser, tuple[float, float]]]:
        placed = [(user, place) for user in self.users if (place := user.place_at(second)) is not None]
        return sorted(placed, key=lambda each: -each[1][1])  # far ones first, near ones over them

    def _paste(
        self, picture: Image.Image, user: RoadUser, x: float, z: float, second: float
    ) -> tuple[int, int, int, int] | None:
        lens, view = self.place.lens, user.lane.view
        width_m, height_m = size_of(user.look.kind, view)
        scale = lens.pixels_per_metre(z)
        size = (max(1, round(width_m * scale)), max(1, round(height_m * scale)))
        foot_x, foot_y = lens.project(x, z)
        left, top = round(foot_x - size[0] / 2), round(foot_y - size[1])
        sprite = self._sprite(user, int(second * STEPS_PER_SECOND) % 4 if user.look.kind == "person" else 0)
        shrunk = sprite.resize(size, Image.Resampling.BILINEAR)
        low, high = user.lane.visible_px or (0, WIDTH)
        inside = (max(0, low - left), 0, min(size[0], high - left), size[1])
        if inside[2] - inside[0] < SMALLEST_PX:
            return None
        seen = shrunk.crop(inside)
        picture.paste(seen.convert("RGB"), (left + inside[0], top), seen.getchannel("A"))
        return _clipped(left + inside[0], top, seen.size)

    def _sprite(self, user: RoadUser, step: int) -> Image.Image:
        key = (user.number, step)
        if key not in self._sprites:
            sprite = draw(user.look, user.lane.view, step)
            self._sprites[key] = darkened(sprite) if self.night else sprite
        return self._sprites[key]

    def _signals(self, picture: Image.Image, second: float) -> dict[str, str]:
        if not self.place.signal_at:
            return {}
        shown = {"along": signal_of(False, second), "across": signal_of(True, second)}
        pen = ImageDraw.Draw(picture)
        for x, z in self.place.signal_at:
            _lamp(pen, self.place.lens, x, z, shown["along"])
        return shown


def _street(place: Place, seed: int, *, night: bool) -> Image.Image:
    chance = random.Random(f"{place.name}/{seed}/street")  # noqa: S311  # a drawing that must repeat; nothing secret
    canvas = Canvas(place.lens, sky(chance, place.lens.horizon_px))
    place.build(canvas, chance)
    return canvas.finished(night=night)


def _clipped(left: int, top: int, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    box = (max(0, left), max(0, top), min(WIDTH, left + size[0]), min(HEIGHT, top + size[1]))
    return box if box[2] - box[0] >= SMALLEST_PX and box[3] - box[1] >= SMALLEST_PX else None


def _object(user: RoadUser, box: tuple[int, int, int, int]) -> dict[str, Any]:
    plate = user.look.plate
    return {"id": user.number, "kind": user.look.kind, "box": list(box), "plate": plate.text if plate else None}


def _lamp(pen: ImageDraw.ImageDraw, lens: Lens, x: float, z: float, shown: str) -> None:
    scale = lens.pixels_per_metre(z)
    (px, py), (_, ground) = lens.project(x, z, LAMP_HEIGHT_M), lens.project(x, z)
    pen.line([(px, py), (px, ground)], fill=(70, 74, 78), width=max(1, round(0.12 * scale)))
    pen.rectangle((px - 0.2 * scale, py - 0.55 * scale, px + 0.2 * scale, py + 0.55 * scale), fill=(24, 26, 28))
    for number, colour in enumerate(("red", "yellow", "green")):
        centre, radius = py + (number - 1) * 0.34 * scale, 0.14 * scale
        fill = LAMPS[colour] if colour == shown else (52, 54, 56)
        pen.ellipse((px - radius, centre - radius, px + radius, centre + radius), fill=fill)
