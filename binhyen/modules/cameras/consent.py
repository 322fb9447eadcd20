"""What households agreed to, as the module of consents tells it: asked afresh on every check.

Without a consent that stands, a household camera is recorded by nobody, reached by no request, seen by no officer and
counted on no map. Nothing registered means nothing agreed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from django.utils.timezone import get_default_timezone, now
from django_scopes import scopes_disabled

from binhyen.contracts import SECOND, Instant
from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Authority
from binhyen.modules.cameras.access import Access, Window, granted_accesses
from binhyen.modules.cameras.models import Camera, Tier

DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Hours:
    """Hours of the day in which a household takes part: minutes after midnight, Vietnam's time; over midnight where
    `end` is not after `start`. Both 0: the whole day."""

    start: int = 0
    end: int = 0

    @property
    def is_whole_day(self) -> bool:
        return self.start == self.end

    @property
    def words(self) -> str:
        """“18:00 đến 06:00”."""
        return "cả ngày" if self.is_whole_day else f"{_clock(self.start)} đến {_clock(self.end)} hằng ngày"

    def cover(self, at: datetime) -> bool:
        """Whether `at` lies in them."""
        instant = Instant(int(at.timestamp() * SECOND))
        return any(True for _ in self.parts_of(Window(instant, Instant(instant + 1))))

    def parts_of(self, window: Window) -> Iterator[Window]:
        """The parts of `window` that lie in them, in order."""
        if self.is_whole_day:
            yield window
            return
        zone = get_default_timezone()
        day = datetime.fromtimestamp(window.start / SECOND, zone).date() - timedelta(days=1)
        length = timedelta(minutes=(self.end - self.start) % DAY_MINUTES)
        while True:
            begins = datetime.combine(day, time(self.start // 60, self.start % 60), tzinfo=zone)
            start = Instant(int(begins.timestamp()) * SECOND)
            if start >= window.end:
                return
            part = Window(start, Instant(start + length // timedelta(microseconds=1))).within(window)
            if not part.is_empty:
                yield part
            day += timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """What a household agreed to, as it stands at a moment. `is_open`: given, not paused, in time. `purposes` are codes
    of `Purpose`; `streams` is False where the owner brings footage only when asked."""

    is_open: bool = False
    hours: Hours = Hours()
    live: bool = False
    purposes: frozenset[str] = frozenset()
    streams: bool = False

    def records_at(self, at: datetime) -> bool:
        """Whether the station may record the camera at `at`."""
        return self.is_open and self.streams and self.hours.cover(at)


NOTHING_AGREED = Standing()


class ConsentBook(Protocol):
    """What the module of consents answers. None may cache."""

    def standings(self, codes: Collection[str], at: datetime) -> Mapping[str, Standing]:
        """By code; absent where nothing was ever agreed."""
        ...

    def begin(self, camera: Camera, *, owner: User, agreed: bool, streams: bool) -> None:
        """`owner` brought `camera`. `agreed`: the operator at the machine has the consent in writing."""
        ...

    def withdraw(self, camera: Camera, *, by: User) -> None:
        """The owner takes everything back."""
        ...


class _NoConsents:
    def standings(self, codes: Collection[str], at: datetime) -> Mapping[str, Standing]:
        return {}

    def begin(self, camera: Camera, *, owner: User, agreed: bool, streams: bool) -> None:
        """Nothing is agreed."""

    def withdraw(self, camera: Camera, *, by: User) -> None:
        """Nothing was agreed."""


_book: ConsentBook = _NoConsents()


def use_consent_book(book: ConsentBook) -> None:
    """Let `book` answer from now on (the module of consents calls this once, when its app is ready)."""
    global _book  # one book per process, set at start
    _book = book


def consent_book() -> ConsentBook:
    """Who answers for consents."""
    return _book


def standing_of(code: str, at: datetime | None = None) -> Standing:
    """What the household of the camera with `code` agreed to, now or at `at`."""
    return _book.standings([code], at or now()).get(code, NOTHING_AGREED)


def open_codes(codes: Collection[str], at: datetime | None = None) -> set[str]:
    """Of household cameras, those whose consent stands: whom a request may reach and whom a map may count."""
    standings = _book.standings(codes, at or now())
    return {code for code in codes if standings.get(code, NOTHING_AGREED).is_open}


def agreeing(codes: Collection[str], purpose: str, window: Window) -> set[str]:
    """Of household cameras, those whose consent stands now, covers `purpose` (a code of `Purpose`) and some of
    `window`: whom a request may ask."""
    standings = _book.standings(codes, now())
    return {code for code in codes if _agrees(standings.get(code, NOTHING_AGREED), purpose, window)}


def _agrees(standing: Standing, purpose: str, window: Window) -> bool:
    return standing.is_open and purpose in standing.purposes and any(True for _ in standing.hours.parts_of(window))


def find_accesses(authority: Authority, code: str) -> list[Access]:
    """Every window of the camera with `code` that is open to `authority` now: what requests opened, and of a household
    camera as much of it as its consent covers."""
    found = granted_accesses(authority, code)
    if not found or not _is_household(code):
        return found
    standing = standing_of(code)
    wanted = [access for access in found if not access.purpose or access.purpose in standing.purposes]
    return [
        Access(access.camera, part, access.case, access.purpose)
        for access in (wanted if standing.is_open else ())
        for part in standing.hours.parts_of(access.window)
    ]


def _is_household(code: str) -> bool:
    with scopes_disabled():
        return Camera.objects.filter(code=code, tier=Tier.HOUSEHOLD).exists()


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
