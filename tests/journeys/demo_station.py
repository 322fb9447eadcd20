"""A real demo station for journeys: `binhyen demo --headless` in processes of its own.

The street scenes are drawn once into `BINHYEN_TEST_CACHE`, or else into a folder of this test run.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, radians
from pathlib import Path
from typing import Any

from binhyen.commands.demo.places import CENTRE, PLACES
from tests.station.running import RunningStation

READY_WITHIN_S = 240.0
SCENE_S = 12
"""A third of the scenes as the demo shows them: most of its first start is drawing."""
METRES_PER_DEGREE = 111_320.0
PUBLIC = {place.code: place.name for place in PLACES if not place.owner}
HOMES = {place.owner: place for place in PLACES if place.owner}


class DemoStation:
    """The running demo: its address, what it printed of its people, and when it was ready."""

    def __init__(self, folder: Path, cache: Path) -> None:
        extra = ("--headless", "--cache", str(cache), "--scene-seconds", str(SCENE_S))
        self.running = RunningStation(folder / "data", command="demo", extra=extra)

    def __enter__(self) -> "DemoStation":
        self.running.start()
        try:
            self.running.wait_for(lambda: self._announced() is not None, within_s=READY_WITHIN_S)
        except BaseException:
            self.running.__exit__()
            raise
        told = self._announced()
        self.url: str = told["url"]
        self.logins = {login["username"]: login for login in told["logins"]}
        self.ready_at = time.time()
        return self

    def __exit__(self, *_: object) -> None:
        self.running.__exit__()

    def _announced(self) -> Any:
        lines = [line for line in self.running.said().splitlines() if line.startswith('{"ready"')]
        return json.loads(lines[-1]) if lines else None


@contextmanager
def demo_station(folder: Path) -> Iterator[DemoStation]:
    """A station that ends with the block."""
    cache = Path(os.environ.get("BINHYEN_TEST_CACHE") or folder / "testcam")
    cache.mkdir(parents=True, exist_ok=True)
    with DemoStation(folder, cache) as station:
        yield station


def longitude_latitude(east_m: float, north_m: float) -> list[float]:
    """A place of the made-up commune, given in metres from its centre, as GeoJSON writes it."""
    latitude, longitude = CENTRE
    east_degree = METRES_PER_DEGREE * cos(radians(latitude))
    return [longitude + east_m / east_degree, latitude + north_m / METRES_PER_DEGREE]


def secrets_of_homes() -> list[str]:
    """What no officer may ever be told of the two households."""
    said = ["Đặng Thị Lan", "Bùi Văn Sơn", *HOMES]
    for place in HOMES.values():
        longitude, latitude = longitude_latitude(place.east_m, place.north_m)
        numbers = [f"{degree:.5f}" for degree in (longitude, latitude)]
        said += [place.name, place.address, *numbers, *(number.replace(".", ",") for number in numbers)]
    return said
