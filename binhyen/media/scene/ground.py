"""The static part of a view: a pinhole camera over flat ground, and brushes that paint in metres.

World axes: x to the right, z away from the camera, y up; the camera stands at (0, height, 0) and looks level, its
picture shifted so that the horizon lies where the view wants it. Painted at twice the size, then shrunk.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]
WIDTH, HEIGHT = 1280, 720
OVERSAMPLING = 2
NEAREST_Z = 2.0


@dataclass(frozen=True, slots=True)
class Lens:
    """`focal_px` and `horizon_px` at 1280×720; `centre_px` is the column where x = 0 vanishes."""

    height_m: float = 5.0
    focal_px: float = 900.0
    horizon_px: float = 190.0
    centre_px: float = WIDTH / 2

    def project(self, x: float, z: float, y: float = 0.0) -> Point:
        """Pixel of a world point; z must not be behind the camera."""
        depth = max(z, NEAREST_Z)
        return (
            self.centre_px + self.focal_px * x / depth,
            self.horizon_px + self.focal_px * (self.height_m - y) / depth,
        )

    def pixels_per_metre(self, z: float) -> float:
        return self.focal_px / max(z, NEAREST_Z)


class Canvas:
    """A picture that is painted with world coordinates. `glow` holds what shines at night."""

    def __init__(self, lens: Lens, sky: Image.Image) -> None:
        self.lens = lens
        size = (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING)
        self.picture = sky.resize(size, Image.Resampling.BICUBIC)
        self.glow = Image.new("RGB", size, 0)

    def at(self, x: float, z: float, y: float = 0.0) -> Point:
        px, py = self.lens.project(x, z, y)
        return px * OVERSAMPLING, py * OVERSAMPLING

    def ground(self, corners: Sequence[Point], colour: Colour, *, y: float = 0.0) -> None:
        """A polygon on the ground, corners as (x, z)."""
        ImageDraw.Draw(self.picture).polygon([self.at(x, z, y) for x, z in corners], fill=colour)

    def wall(
        self,
        texture: Image.Image,
        start: Point,
        end: Point,
        height_m: float,
        *,
        base_m: float = 0.0,
        lit: Image.Image | None = None,
    ) -> None:
        """An upright picture from ground point `start` (its left edge) to `end`."""
        top = base_m + height_m
        quad = [self.at(*start, top), self.at(*end, top), self.at(*end, base_m), self.at(*start, base_m)]
        _paste_quad(self.picture, texture, quad)
        if lit is not None:
            _paste_quad(self.glow, lit, quad)

    def billboard(
        self, texture: Image.Image, x: float, z: float, width_m: float, height_m: float, *, base_m: float = 0.0
    ) -> None:
        """An upright picture that faces the camera, its foot at (x, z)."""
        self.wall(texture, (x - width_m / 2, z), (x + width_m / 2, z), height_m, base_m=base_m)

    def line(
        self, start: tuple[float, float, float], end: tuple[float, float, float], colour: Colour, width_m: float
    ) -> None:
        """A bar between two world points (x, z, y)."""
        width = max(2, round(width_m * self.lens.pixels_per_metre((start[1] + end[1]) / 2) * OVERSAMPLING))
        ImageDraw.Draw(self.picture).line([self.at(*start), self.at(*end)], fill=colour, width=width)

    def cable(self, start: tuple[float, float, float], end: tuple[float, float, float], sag_m: float) -> None:
        """A hanging wire."""
        steps = [n / 12 for n in range(13)]
        points = []
        for s in steps:
            x, z, y = (a + (b - a) * s for a, b in zip(start, end, strict=True))
            points.append(self.at(x, z, y - 4 * sag_m * s * (1 - s)))
        ImageDraw.Draw(self.picture).line(points, fill=(52, 54, 58), width=2)

    def light_pool(self, x: float, z: float, radius_m: float, colour: Colour, *, y: float = 0.0) -> None:
        """Light on the ground around (x, z), seen at night only."""
        px, py = self.at(x, z, y)
        scale = self.lens.pixels_per_metre(z) * OVERSAMPLING
        flat = 1.0 if y else min(1.0, self.lens.height_m / z + 0.12)
        pool = _radial(max(4, round(2 * radius_m * scale)), max(4, round(2 * radius_m * scale * flat)), colour)
        _add(self.glow, pool, (round(px - pool.width / 2), round(py - pool.height / 2)))

    def finished(self, *, night: bool) -> Image.Image:
        """The picture at 1280×720."""
        size = (WIDTH, HEIGHT)
        day = self.picture.resize(size, Image.Resampling.LANCZOS)
        if not night:
            return day
        glow = self.glow.resize(size, Image.Resampling.LANCZOS)
        halo = glow.filter(ImageFilter.GaussianBlur(9))
        lit = ImageChops.multiply(day, _brightened(glow))
        return ImageChops.add(ImageChops.add(darkened(day), lit), halo.point(lambda v: v * 0.35))


def darkened(image: Image.Image) -> Image.Image:
    """How something looks under a night sky; alpha is kept."""
    samples = np.asarray(image).astype(np.float32)
    grey = samples[..., :3].mean(axis=2, keepdims=True)
    samples[..., :3] = (0.45 * samples[..., :3] + 0.55 * grey) * np.array((0.19, 0.22, 0.31), np.float32) + 5
    return Image.fromarray(samples.clip(0, 255).astype(np.uint8), image.mode)


def _brightened(glow: Image.Image) -> Image.Image:
    return glow.point(lambda v: min(255, v * 0.9))


def _radial(width: int, height: int, colour: Colour) -> Image.Image:
    ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    strength = np.clip(1 - np.sqrt(xs**2 + ys**2), 0, 1) ** 1.6
    return Image.fromarray((strength[..., None] * np.array(colour)).astype(np.uint8), "RGB")


def _add(target: Image.Image, light: Image.Image, place: tuple[int, int]) -> None:
    box = (place[0], place[1], place[0] + light.width, place[1] + light.height)
    target.paste(ImageChops.add(target.crop(box), light), place)


def _paste_quad(target: Image.Image, texture: Image.Image, quad: list[Point]) -> None:
    """Draw `texture` into the four corners (from the upper left, clockwise)."""
    xs, ys = [p[0] for p in quad], [p[1] for p in quad]
    left, top = max(0, int(min(xs))), max(0, int(min(ys)))
    right, bottom = min(target.width, int(max(xs)) + 2), min(target.height, int(max(ys)) + 2)
    if right <= left or bottom <= top:
        return
    corners = [(x - left, y - top) for x, y in quad]
    terms = _perspective(corners, texture.size)
    piece = texture.convert("RGBA").transform(
        (right - left, bottom - top), Image.Transform.PERSPECTIVE, terms, Image.Resampling.BICUBIC
    )
    target.paste(piece.convert("RGB"), (left, top), piece.getchannel("A"))


def _perspective(corners: list[Point], size: tuple[int, int]) -> list[float]:
    """The eight terms that take a target pixel to a texture pixel."""
    width, height = size
    rows: list[list[float]] = []
    wanted: list[float] = []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(each) for each in np.linalg.solve(np.array(rows), np.array(wanted))]
