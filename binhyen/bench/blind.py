"""`binhyen bench blind`: asking a network of 1,621 cameras for 1,000 areas, without learning of a household.

What the officer waits for and what the background job does, on the embedded PostgreSQL with the product's own
configuration; beside a plain shapely loop over the same points lying in clear, which is what one would write instead.
Then what all the answers together, and the published map, tell of one household.
"""

import argparse
import json
import math
import random
from typing import Any

from binhyen.bench.cameras import scratch
from binhyen.bench.lists import database

SEED = 7
MIDDLE = (21.6, 105.64)
SPREAD_DEGREES = 0.06
COMMUNES = 20
TIERS = {1: 60, 2: 439, 3: 1122}
RADII_M = (60, 120, 200, 250)


def register(parser: argparse.ArgumentParser) -> None:
    """How many areas."""
    parser.add_argument("--polygons", type=int, default=1000, help="số khu vực (mặc định 1.000)")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 0 whatever they are."""
    with scratch() as folder, database(folder, "binhyen.settings"):
        network = _network()
        polygons = _polygons(arguments.polygons)
        report = {"cameras": sum(TIERS.values()), "polygons": len(polygons), **network.measured(polygons)}
    print(json.dumps(report, ensure_ascii=False))
    return 0


def _polygons(many: int) -> list[dict[str, Any]]:
    from binhyen.modules.footage.geometry import circle

    chance = random.Random(SEED)  # noqa: S311 - where areas lie
    return [circle(*_place(chance), chance.choice(RADII_M)) for _ in range(many)]


def _place(chance: random.Random) -> tuple[float, float]:
    """Denser towards the middle, as people live."""
    away, turn = SPREAD_DEGREES * chance.random(), chance.random() * 2 * math.pi
    return MIDDLE[0] + away * math.sin(turn), MIDDLE[1] + away * math.cos(turn)


def _network() -> Any:
    """Django, the tables and the cameras; imported when the database is there."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    from binhyen.bench.blind_network import Network

    return Network(random.Random(SEED), TIERS, COMMUNES, _place)  # noqa: S311 - where cameras stand
