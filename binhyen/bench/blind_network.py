"""The network that `bench blind` asks, and what it measures there. Imports Django: see `blind`."""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate, now
from shapely.affinity import affine_transform
from shapely.geometry import Point, shape

from binhyen.kernel.testing.world import make_person, make_unit
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.households import shown_in
from binhyen.modules.cameras.models import Camera, MapPlace
from binhyen.modules.cameras.places import active_households, find_households_in, projection
from binhyen.modules.cameras.public import add_camera, add_household_camera, publish_map
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.footage.models import OwnerAsk
from binhyen.modules.footage.requests import VIEW_MARGIN_M, Asked, ask_for_footage, ask_owners

TIMED_PAGES = 200
KS_AT = 1.36
"""Times √((n+m)/nm): what the Kolmogorov–Smirnov distance passes in one of twenty samples that do not differ."""
Place = Callable[[random.Random], tuple[float, float]]
TRANSCRIPTS = 100
"""Areas that are asked with and without households, job included: what opens for the officer is compared."""


class Network:
    """A province with communes, cameras of three tiers, one owner each household, an officer and a case."""

    def __init__(self, chance: random.Random, tiers: Mapping[int, int], communes: int, place: Place) -> None:
        self.clear: list[tuple[str, float, float]] = []
        with transaction.atomic(), across_units():
            self.province = make_unit("T98", "Công an tỉnh thử", Unit.Level.PROVINCE)
            self.units = [self._commune(number) for number in range(communes)]
            for tier, many in tiers.items():
                for number in range(many):
                    self._add(tier, number, place(chance))
            self.officer = make_person("thu", "Người Thử", Role.INVESTIGATOR, Unit.objects.get(pk=self.province.pk))
            Authenticator.objects.create(user=self.officer, type="totp", data={"secret": "not-used-here"})
            self.case = open_case(CaseFacts("trom-cap", "Mất xe"), unit=self.province, by=self.officer, at=now())
            publish_map(localdate())

    def _commune(self, number: int) -> Unit:
        province = Unit.objects.get(pk=self.province.pk)  # as the tree has it now
        return make_unit(f"X98{number:03}", f"Công an xã {number}", Unit.Level.COMMUNE, below=province)

    def _add(self, tier: int, number: int, place: tuple[float, float]) -> None:
        unit = self.units[number % len(self.units)]
        facts: dict[str, Any] = {"by": None, "unit": unit, "url": "rtsp://10.0.0.1/1", "name": f"Camera {number}"}
        facts |= {"latitude": place[0], "longitude": place[1]}
        if tier == 3:
            owner = make_person(f"ho.{number}", f"Chủ hộ {number}", Role.CAMERA_OWNER, unit)
            camera = add_household_camera(owner=owner, address=f"Số {number}", **facts)
        else:
            camera = add_camera(tier=tier, code=f"T{tier}-{number:04}", **facts)
        self.clear.append((camera.code, *place))

    def asked(self, area: Any) -> Asked:
        end = now() - timedelta(hours=1)
        return Asked(area, end - timedelta(hours=2), end, "Tìm xe máy bị lấy trộm", "Điều 147")

    def measured(self, polygons: Sequence[Any]) -> dict[str, Any]:
        """All figures."""
        with across_units():
            officer, engine, search, plain = self._times(polygons)
            return {
                "request_ms": summary(officer),
                "job_ms": summary(engine),
                "search_ms": summary(search),
                "seconds_per_request": round((sum(officer) + sum(engine)) / len(polygons) / 1000, 4),
                "plain_ms": summary(plain),
                "search_vs_plain": round(sum(search) / sum(plain), 3),
                **self._told(polygons[:TRANSCRIPTS]),
                **self._answer_times(),
            }

    def _times(self, polygons: Sequence[Any]) -> tuple[list[float], ...]:
        """Milliseconds of what the officer waits for, of the job, of its search, and of the plain loop."""
        taken: tuple[list[float], ...] = ([], [], [], [])
        for area in polygons:
            for times, each in zip(taken, self._times_of(area), strict=True):
                times.append(each)
        return taken

    def _times_of(self, area: Any) -> tuple[float, float, float, float]:
        made: list[Any] = []
        with rolled_back():
            asking = milliseconds(
                lambda: made.append(ask_for_footage(self.case, self.asked(area), by=self.officer, later=lambda _: None))
            )
            job = milliseconds(lambda: ask_owners(made[0].pk))
        search = milliseconds(lambda: find_households_in(area, margin_metres=VIEW_MARGIN_M))
        return asking, job, search, milliseconds(lambda: self._plain(area))

    def _plain(self, area: Any) -> list[str]:
        """What one would write where points lie in clear."""
        polygon = shape(area)
        to_metres = projection(polygon)
        zone = affine_transform(polygon, to_metres).buffer(VIEW_MARGIN_M)
        return [code for code, y, x in self.clear if zone.covers(affine_transform(Point(x, y), to_metres))]

    def _told(self, polygons: Sequence[Any]) -> dict[str, Any]:
        """What an officer has of all answers, with households and without; who is alike in it and on the map."""
        with_them = [self._transcript(area) for area in polygons]
        with rolled_back():
            Camera.objects.filter(tier=3).update(active_until=localdate())
            without = [self._transcript(area) for area in polygons]
        shown = [str(shown_in(row, row.camera.code)) for row in active_households()]
        homes = list(MapPlace.objects.filter(homes__gt=0).values_list("homes", flat=True))
        return {
            "answers_compared": len(polygons),
            "answers_differ": sum(one != other for one, other in zip(with_them, without, strict=True)),
            "smallest_anonymity_set": min(smallest([each for each in shown if each.strip("0-")]), *homes),
            "map_areas": len(homes),
            "map_homes": sum(homes),
        }

    def _transcript(self, area: Any) -> tuple[str, ...]:
        with rolled_back():
            made = ask_for_footage(self.case, self.asked(area), by=self.officer, later=lambda _: None)
            ask_owners(made.pk)
            return tuple(sorted(made.clips.values_list("camera", flat=True)))

    def _answer_times(self) -> dict[str, Any]:
        """The page of a request while every household refused, and where none is: by turns."""
        client = Client(HTTP_HOST="localhost")
        client.force_login(self.officer)
        area = _with_households(self.clear)
        made = ask_for_footage(self.case, self.asked(area), by=self.officer, later=lambda _: None)
        times: dict[bool, list[float]] = {True: [], False: []}
        for n in range(2 * TIMED_PAGES):
            refused = bool(n % 2)
            with rolled_back():
                if refused:
                    self._all_refuse(made.pk)
                client.get("/hom-nay/")  # the same work before each
                times[refused].append(milliseconds(lambda: client.get(f"/yeu-cau/{made.pk}/")))
        distance = ks_distance(times[True], times[False])
        return {
            "refused_page_ms": summary(times[True]),
            "absent_page_ms": summary(times[False]),
            "ks_distance": round(distance, 3),
            "ks_passes_below": round(KS_AT * (2 / TIMED_PAGES) ** 0.5, 3),
        }

    def _all_refuse(self, request_id: int) -> None:
        ask_owners(request_id)
        OwnerAsk.objects.filter(request_id=request_id).update(state=OwnerAsk.State.REFUSED, answered_at=now())


def _with_households(clear: Sequence[tuple[str, float, float]]) -> Any:
    from binhyen.modules.footage.geometry import circle

    _, latitude, longitude = next(each for each in clear if each[0].startswith("HG-"))
    return circle(latitude, longitude, 200)


@contextmanager
def rolled_back() -> Any:
    """What is done inside never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ks_distance(one: Sequence[float], other: Sequence[float]) -> float:
    """The largest difference of the two empirical distributions."""
    every = {*one, *other}
    return max(abs(_share(one, at) - _share(other, at)) for at in every)


def _share(sample: Sequence[float], at: float) -> float:
    return sum(each <= at for each in sample) / len(sample)


def milliseconds(act: Callable[[], object]) -> float:
    """How long `act` takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def summary(times: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": round(statistics.median(times), 2), "p95": round(statistics.quantiles(times, n=20)[-1], 2)}


def smallest(groups: Sequence[object]) -> int:
    """The size of the smallest group of equal ones."""
    return min(Counter(groups).values(), default=0)
