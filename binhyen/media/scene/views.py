"""The six places of the made-up commune: what stands there, and where road users go."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from binhyen.media.scene.ground import Canvas, Colour, Lens, Point
from binhyen.media.scene.houses import gate_front, house_front
from binhyen.media.scene.props import parasol, power_pole, street_lamp, tree
from binhyen.media.scene.sprites import Kind, View

ASPHALT: Colour = (104, 106, 108)
PAVEMENT: Colour = (178, 168, 154)
CONCRETE: Colour = (168, 164, 156)
PAINT: Colour = (232, 230, 220)
GRASS: Colour = (110, 140, 82)
FAR_M = 150.0
SIGNS = (
    "TẠP HOÁ CÔ BA", "PHỞ BÒ", "SỬA XE MÁY", "CÀ PHÊ SEN", "NHÀ THUỐC AN", "BÁNH MÌ", "VẬT LIỆU XÂY DỰNG", "CẮT TÓC",
    "ĐIỆN THOẠI", "QUẦN ÁO TRẺ EM", "CƠM TẤM", "TRÀ SỮA", "GẠO NGON", "MAY ĐO", "RAU SẠCH", "ĐIỆN NƯỚC",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lane:
    """Road users of some kinds that go straight from `start` to `end` (x, z in metres); `share` is how busy it is."""

    start: Point
    end: Point
    view: View
    kinds: tuple[Kind, ...]
    speed_mps: tuple[float, float]
    share: float = 1.0
    crosses: bool = False  # belongs to the road that has green when the other has red
    visible_px: tuple[int, int] | None = None  # columns between the houses that stand nearer


@dataclass(frozen=True, slots=True)
class Place:
    """One camera's view. `title` is burnt in; `signal_at` is where a lamp stands (x, z), if any."""

    name: str
    title: str
    lens: Lens
    build: Callable[[Canvas, random.Random], None]
    lanes: tuple[Lane, ...]
    bursts: tuple[tuple[float, float], ...] = (
        (2, 26),
        (37, 53),
    )  # seconds of a minute with traffic; between them it is quiet
    signal_at: tuple[Point, ...] = field(default=())


def _strip(canvas: Canvas, left: float, right: float, near: float, far: float, colour: Colour) -> None:
    canvas.ground([(left, near), (right, near), (right, far), (left, far)], colour)


def _road_along(canvas: Canvas, half_m: float, *, near: float = 2, far: float = FAR_M, pavement_m: float = 2.0) -> None:
    _strip(canvas, -half_m - pavement_m, half_m + pavement_m, near, far, PAVEMENT)
    _strip(canvas, -half_m - 0.2, half_m + 0.2, near, far, (206, 202, 192))
    _strip(canvas, -half_m, half_m, near, far, ASPHALT)
    z = near + 2
    while z < min(far, 90):
        _strip(canvas, -0.08, 0.08, z, z + 2.2, PAINT)
        z += 5
    for x in (-half_m + 0.3, half_m - 0.3):
        _strip(canvas, x - 0.06, x + 0.06, near, far, PAINT)


def _road_across(canvas: Canvas, near: float, far: float) -> None:
    _strip(canvas, -90, 90, near - 2, far + 2, PAVEMENT)
    _strip(canvas, -90, 90, near, far, ASPHALT)
    middle = (near + far) / 2
    x = -40.0
    while x < 40:
        _strip(canvas, x, x + 2.4, middle - 0.07, middle + 0.07, PAINT)
        x += 5.5
    for z in (near + 0.3, far - 0.3):
        _strip(canvas, -90, 90, z - 0.06, z + 0.06, PAINT)


def _zebra_across_view(canvas: Canvas, half_m: float, z: float) -> None:
    x = -half_m + 0.4
    while x < half_m - 0.4:
        _strip(canvas, x, x + 0.45, z, z + 2.6, PAINT)
        x += 0.95


def _houses_along(
    canvas: Canvas, chance: random.Random, x: float, near: float, far: float, *, shops: float = 0.7
) -> None:
    """A row of fronts on the left (x < 0) or right, from the far end to the near one."""
    edges, z = [], near
    while z < far:
        step = chance.choice((4.2, 5.0, 5.6))
        edges.append((z, z + step))
        z += step
    for start, end in reversed(edges):
        sign = chance.choice(SIGNS) if chance.random() < shops else ""
        front = house_front(chance, end - start, chance.choice((1, 2, 2, 3)), sign)
        left, right = ((x, start), (x, end)) if x < 0 else ((x, end), (x, start))
        canvas.wall(front.picture, left, right, front.height_m, lit=front.lit)
        if sign:
            canvas.light_pool(x * 0.86, (start + end) / 2, 2.6, (150, 116, 66))


def _houses_across(canvas: Canvas, chance: random.Random, z: float, left: float, right: float) -> None:
    x = left
    while x < right:
        step = chance.choice((4.4, 5.0, 5.8))
        sign = chance.choice(SIGNS) if chance.random() < 0.75 else ""
        front = house_front(chance, step, chance.choice((1, 2, 2, 3)), sign)
        canvas.wall(front.picture, (x, z), (x + step, z), front.height_m, lit=front.lit)
        if sign:
            canvas.light_pool(x + step / 2, z - 1.5, 3.2, (150, 116, 66))
        x += step


def _trees(canvas: Canvas, chance: random.Random, places: list[Point], *, palm: bool = False) -> None:
    for x, z in sorted(places, key=lambda place: -place[1]):
        grown = chance.uniform(0.8, 1.15)
        canvas.ground([(x - 1.2, z - 0.5), (x + 1.2, z - 0.5), (x + 1.4, z + 0.5), (x - 1.0, z + 0.5)], (96, 104, 84))
        canvas.billboard(tree(chance, palm=palm), x, z, 5 * grown, 7 * grown)


def _poles(canvas: Canvas, x: float, places: list[float]) -> None:
    tied = [power_pole(canvas, x, z) for z in sorted(places, reverse=True)]
    for first, second in pairwise(tied):
        for side in (-0.5, 0.0, 0.5):
            canvas.cable((first[0] + side, *first[1:]), (second[0] + side, *second[1:]), 0.5)


def _junction(canvas: Canvas, chance: random.Random) -> None:
    _strip(canvas, -90, 90, 30, FAR_M, GRASS)
    _road_along(canvas, 4.0)
    _houses_along(canvas, chance, -7, 41, 95)
    _houses_along(canvas, chance, 7, 41, 95)
    _houses_across(canvas, chance, 40, -40, -7)
    _houses_across(canvas, chance, 40, 7, 40)
    _road_across(canvas, 26, 34)
    _strip(canvas, -4, 4, 25.5, 34.5, ASPHALT)
    for z in (22.6, 35.2):
        _zebra_across_view(canvas, 4.0, z)
    _strip(canvas, 0.1, 3.8, 21.6, 22.0, PAINT)
    _trees(canvas, chance, [(-11, 36.5), (12.5, 36.5), (-20, 37), (22, 37)])
    _houses_along(canvas, chance, -7, 8, 21)
    _houses_along(canvas, chance, 7, 9, 21)
    _poles(canvas, 5.6, [12, 38, 64])
    street_lamp(canvas, -5.2, 38, 2.2)
    street_lamp(canvas, 5.2, 20, -2.2)


def _lane(canvas: Canvas, chance: random.Random) -> None:
    _strip(canvas, -90, 90, 2, FAR_M, (126, 152, 86))
    for number in range(14):  # rice fields in strips
        tone = (118 + number % 3 * 12, 158 + number % 2 * 10, 70)
        _strip(canvas, 9, 90, 12 + number * 9, 20 + number * 9, tone)
    _road_along(canvas, 2.9, pavement_m=1.0)
    _strip(canvas, -90, -6, 40, 44, (150, 140, 118))
    _houses_along(canvas, chance, -6.2, 9, 36, shops=0.5)
    _trees(canvas, chance, [(6.4, 18), (6.8, 30), (6.2, 44), (-6, 48), (-6.4, 60), (6.6, 62), (7, 82)])
    _trees(canvas, chance, [(14, 40), (17, 56), (-12, 70), (20, 80)], palm=True)
    _poles(canvas, 4.4, [14, 38, 62, 88])
    for z in (24, 52):
        street_lamp(canvas, -3.8, z, 1.8)


def _market(canvas: Canvas, chance: random.Random) -> None:
    _strip(canvas, -90, 90, 2, FAR_M, PAVEMENT)
    _houses_across(canvas, chance, 26, -32, -5)
    _houses_across(canvas, chance, 26, 5, 32)
    for x in range(-4, 5, 2):
        colour = chance.choice(((196, 44, 44), (30, 110, 160), (36, 130, 80)))
        canvas.billboard(parasol(chance, colour), x, 31 + chance.uniform(0, 3), 2.6, 2.4)
    gate = gate_front(10.0, 6.2, "CHỢ BÌNH AN", (176, 32, 36), below="Uỷ ban nhân dân xã Bình An")
    canvas.wall(gate.picture, (-5, 25.6), (5, 25.6), gate.height_m, lit=gate.lit)
    for stall in (-13.5, -10, -7.2, 7.4, 10.6, 14):
        canvas.billboard(
            parasol(chance, chance.choice(((30, 110, 160), (204, 120, 30), (196, 44, 44)))), stall, 23, 2.6, 2.4
        )
    _road_across(canvas, 12, 20)
    _strip(canvas, -90, 90, 2, 10, PAVEMENT)
    street_lamp(canvas, -9, 22, 1.6)
    street_lamp(canvas, 9, 22, -1.6)


def _alley(canvas: Canvas, chance: random.Random) -> None:
    _strip(canvas, -40, 40, 2, FAR_M, GRASS)
    _strip(canvas, -2.4, 2.4, 2, 60, CONCRETE)
    for z in range(3, 60, 3):
        _strip(canvas, -2.4, 2.4, z, z + 0.05, (140, 136, 128))
    _strip(canvas, 1.9, 2.2, 2, 60, (120, 116, 108))
    end = house_front(chance, 6.0, 2)
    canvas.wall(end.picture, (-3, 48), (3, 48), end.height_m, lit=end.lit)
    _houses_along(canvas, chance, -2.7, 6, 47, shops=0.35)
    _houses_along(canvas, chance, 2.7, 6, 47, shops=0.25)
    _poles(canvas, -2.2, [15, 32, 46])
    canvas.cable((-2.2, 15, 6.4), (2.6, 24, 5.6), 0.4)
    street_lamp(canvas, -2.3, 24, 1.2)
    street_lamp(canvas, -2.3, 40, 1.2)


def _river(canvas: Canvas, chance: random.Random) -> None:
    _strip(canvas, -120, 120, 60, 400, (104, 138, 84))
    _strip(canvas, -120, -5.4, 2, 90, (126, 148, 146))
    for number in range(26):
        z = 8 + number * 3.1 + chance.uniform(-1, 1)
        x = chance.uniform(-34, -8)
        _strip(canvas, x, x + chance.uniform(2, 7), z, z + 0.25, (152, 172, 168))
    _trees(canvas, chance, [(-60 + 7 * n, 92) for n in range(9)], palm=True)
    _strip(canvas, 5.2, 90, 2, FAR_M, GRASS)
    _road_along(canvas, 3.2, pavement_m=2.0)
    for z in range(4, 80, 2):
        canvas.line((-5.2, z, 0), (-5.2, z, 1.0), (196, 194, 188), 0.09)
    canvas.line((-5.2, 4, 1.0), (-5.2, 90, 1.0), (206, 204, 198), 0.09)
    canvas.line((-5.2, 4, 0.55), (-5.2, 90, 0.55), (206, 204, 198), 0.06)
    _houses_along(canvas, chance, 8.4, 26, 70, shops=0.5)
    _trees(canvas, chance, [(5.9, 16), (5.9, 27), (5.9, 40), (5.9, 55), (5.9, 72)])
    for z in (20, 42, 66):
        street_lamp(canvas, -4.6, z, 2.0)


def _school(canvas: Canvas, chance: random.Random) -> None:
    _strip(canvas, -90, 90, 2, FAR_M, PAVEMENT)
    for wing in (-21, -7, 7):
        block = house_front(random.Random(5), 14.0, 3)  # noqa: S311 - a drawing; three equal wings
        canvas.wall(block.picture, (wing, 40), (wing + 14, 40), block.height_m, lit=block.lit)
    _trees(canvas, chance, [(-10, 34), (9.5, 34), (-16, 33), (16, 33), (-22, 34), (22, 34)])
    for x in range(-36, 37):
        if abs(x) > 4:
            canvas.line((x, 24, 0), (x, 24, 1.9), (64, 104, 84), 0.06)
            canvas.line((x + 0.5, 24, 0), (x + 0.5, 24, 1.9), (64, 104, 84), 0.06)
    for left, right in ((-36.0, -4.5), (4.5, 36.0)):
        canvas.line((left, 24, 1.7), (right, 24, 1.7), (64, 104, 84), 0.08)
        canvas.line((left, 24, 0.3), (right, 24, 0.3), (198, 180, 140), 0.5)
    gate = gate_front(9.0, 5.6, "TRƯỜNG TIỂU HỌC BÌNH AN", (22, 84, 150), below="Thi đua dạy tốt, học tốt")
    canvas.wall(gate.picture, (-4.5, 23.8), (4.5, 23.8), gate.height_m, lit=gate.lit)
    _road_across(canvas, 11.5, 19)
    for z in (12.2, 13.4, 14.6, 15.8, 17.0, 18.0):
        _strip(canvas, -1.8, 1.8, z, z + 0.55, PAINT)
    _strip(canvas, -90, 90, 2, 9.5, PAVEMENT)
    street_lamp(canvas, -7, 21, 1.6)
    street_lamp(canvas, 8, 21, -1.6)


def _along(half_m: float, near: float, far: float, *, cars: bool = True) -> tuple[Lane, ...]:
    bike, car = (7.0, 9.5), (6.5, 9.0)
    lanes = [
        Lane((half_m * 0.72, near), (half_m * 0.72, far), "away", ("motorbike",), bike, 1.4),
        Lane((-half_m * 0.72, far), (-half_m * 0.72, near), "toward", ("motorbike",), bike, 1.4),
    ]
    if cars:
        lanes.append(Lane((half_m * 0.34, near), (half_m * 0.34, far), "away", ("car", "car", "truck"), car, 0.6))
        lanes.append(Lane((-half_m * 0.34, far), (-half_m * 0.34, near), "toward", ("car", "car", "truck"), car, 0.6))
    return tuple(lanes)


def _across(
    near: float, far: float, reach: float, *, crosses: bool = False, seen: tuple[int, int] | None = None
) -> tuple[Lane, ...]:
    quarter, bike, car = (far - near) / 4, (5.5, 8.0), (5.5, 7.5)
    to_right, to_left = near + quarter, far - quarter
    edge = quarter * 0.55
    return (
        Lane((-reach, to_right - edge), (reach, to_right - edge), "right", ("motorbike",), bike, 1.4, crosses, seen),
        Lane((reach, to_left + edge), (-reach, to_left + edge), "left", ("motorbike",), bike, 1.4, crosses, seen),
        Lane(
            (-reach, to_right + edge / 2),
            (reach, to_right + edge / 2),
            "right",
            ("car", "car", "truck"),
            car,
            0.5,
            crosses,
            seen,
        ),
        Lane(
            (reach, to_left - edge / 2),
            (-reach, to_left - edge / 2),
            "left",
            ("car", "car", "truck"),
            car,
            0.5,
            crosses,
            seen,
        ),
    )


def _walk(start: Point, end: Point, view: View, share: float = 0.6) -> Lane:
    return Lane(start, end, view, ("person",), (1.1, 1.5), share)


ALL_PLACES = (
    Place(
        "nga-tu", "Ngã tư chợ Bình An", Lens(6.5, 900, 210), _junction,
        (
            *_along(4.0, 7.5, 90), *_across(26, 34, 20, crosses=True, seen=(340, 940)),
            _walk((-24, 36), (20, 36), "right"), _walk((5.2, 34), (5.2, 10), "toward"),
        ),
        signal_at=((4.8, 22.0), (-4.8, 35.5)),
    ),
    Place(
        "duong-lang", "Đường liên thôn", Lens(5.0, 880, 200), _lane,
        (*_along(2.9, 6, 95), _walk((-3.6, 40), (-3.6, 8), "toward"), _walk((3.4, 9), (3.4, 40), "away")),
    ),
    Place(
        "cong-cho", "Cổng chợ Bình An", Lens(4.4, 840, 250), _market,
        (
            *_across(12, 20, 24), _walk((-17, 21.4), (16, 21.4), "right", 1.2), _walk((16, 22), (-17, 22), "left", 1.2),
            _walk((1.2, 30), (1.2, 21), "toward"), _walk((-1.2, 21), (-1.2, 30), "away"),
        ),
    ),
    Place(
        "ngo-12", "Ngõ 12 đường Bờ Đê", Lens(4.0, 760, 230), _alley,
        (*_along(1.6, 4.2, 46, cars=False), _walk((-1.7, 40), (-1.7, 5), "toward"), _walk((0.6, 5), (0.6, 40), "away")),
    ),
    Place(
        "ven-song", "Đường ven sông", Lens(5.2, 860, 205), _river,
        (*_along(3.2, 6.2, 95), _walk((-4.4, 44), (-4.4, 8), "toward"), _walk((4.2, 9), (4.2, 44), "away")),
    ),
    Place(
        "cong-truong", "Cổng trường tiểu học", Lens(4.2, 840, 245), _school,
        (
            *_across(11.5, 19, 23), _walk((-16, 21.6), (16, 21.6), "right", 1.0),
            _walk((16, 22.2), (-16, 22.2), "left", 1.0),
            _walk((0.8, 23), (0.8, 9), "toward", 0.4),
        ),
        bursts=((0, 20), (33, 55)),
    ),
)  # fmt: skip
PLACES = {place.name: place for place in ALL_PLACES}
