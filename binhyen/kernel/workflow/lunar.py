"""The Vietnamese lunar calendar, computed from the sky as it stands over the meridian of 105° E (UTC+7).

Rules (used in Vietnam since 1968): a month begins on the day of a new moon; the eleventh month holds the winter
solstice; where thirteen months lie between two solstices, the first without a principal term is the leap month.
Astronomy: J. Meeus, Astronomical Algorithms, 2nd ed., ch. 25 (sun, within 0.01°) and ch. 49 (new moons, within
seconds). New moons and solstices near midnight in China and in Vietnam fall on different days: hence 1985 and 2007.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from math import floor, radians, sin

FIRST_YEAR, LAST_YEAR = 1968, 2199
"""Years for which the rules and the fit of ΔT hold."""

_J2000 = 2451545.0
_CENTURY_DAYS = 36525.0
_SYNODIC_DAYS = 29.530588861
_ZONE_DAYS = 7 / 24
_DELTA_T_DAYS = 70 / 86400  # dynamical less universal time; right within a minute from 1990 to 2060
_UNIX_DAY_0 = 2440587.5
_UNIX_DATE_0 = date(1970, 1, 1)
_LUNATIONS_1970_TO_2000 = 371
_WINTER_SOLSTICE_DEG = 270

# (coefficient in days, power of E, multiples of M, M', F): Meeus table 49.A, new moon.
_NEW_MOON_TERMS = (
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0), (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0), (-0.00514, 1, 1, 1, 0), (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2), (0.00056, 1, 1, 2, 0), (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0), (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2), (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2), (-0.00002, 0, -1, 1, -2), (-0.00002, 0, 1, 3, 0), (0.00002, 0, 0, 4, 0),
)  # fmt: skip
# (coefficient in days, degrees, degrees per lunation): planetary arguments of the same chapter.
_PLANETS = (
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321), (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478), (0.000110, 84.66, 18.206239), (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732), (0.000056, 154.84, 7.306860), (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824), (0.000040, 291.34, 1.844379), (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099), (0.000023, 331.55, 3.592518),
)  # fmt: skip


@dataclass(frozen=True, order=True)
class LunarDate:
    """`day` of `month` (1 to 12) of the lunar year that begins with the Tết of `year`."""

    year: int
    month: int
    day: int
    leap: bool = False


def new_moon(lunation: int) -> float:
    """Julian day (universal time) of a new moon; lunation 0 is that of 2000-01-06."""
    k = lunation
    t = k / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t * t
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t * t
    node_distance = 160.7108 + 390.67050284 * k - 0.0016118 * t * t
    node = 124.7746 - 1.56375588 * k + 0.0020672 * t * t
    day = 2451550.09766 + _SYNODIC_DAYS * k + 0.00015437 * t * t - 0.00017 * sin(radians(node))
    for size, power, by_sun, by_moon, by_node in _NEW_MOON_TERMS:
        day += size * e**power * sin(radians(by_sun * sun + by_moon * moon + by_node * node_distance))
    for size, start, rate in _PLANETS:
        day += size * sin(radians(start + rate * k))
    return day - _DELTA_T_DAYS


def sun_longitude(julian_day: float) -> float:
    """Apparent longitude of the sun in degrees, 0 to 360, at a Julian day of universal time."""
    t = (julian_day + _DELTA_T_DAYS - _J2000) / _CENTURY_DAYS
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000289 * sin(3 * m)
    return (mean + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def solar_date(lunar: LunarDate) -> date:
    """The Gregorian date. Raises ValueError for a year outside the calendar's range or a day that does not exist."""
    for year in (lunar.year, lunar.year + 1):  # the eleventh and twelfth months stand before the next solstice
        for start, length, lunar_year, month, leap in _months_to_solstice(year):
            if (lunar_year, month, leap) == (lunar.year, lunar.month, lunar.leap) and 1 <= lunar.day <= length:
                return start + timedelta(days=lunar.day - 1)
    raise ValueError(f"no such day in the lunar calendar: {lunar}")


def lunar_date(day: date) -> LunarDate:
    """The lunar date of a Gregorian one. Raises ValueError outside the calendar's range."""
    for year in (day.year, day.year + 1):
        for start, length, lunar_year, month, leap in _months_to_solstice(year):
            if start <= day < start + timedelta(days=length):
                return LunarDate(lunar_year, month, (day - start).days + 1, leap)
    raise ValueError(f"no lunar date for {day}")


_Month = tuple[date, int, int, int, bool]


@lru_cache(maxsize=512)
def _months_to_solstice(year: int) -> tuple[_Month, ...]:
    """Months from the eleventh of `year` - 1 to the tenth of `year`: (first day, days, lunar year, month, leap)."""
    if not FIRST_YEAR <= year <= LAST_YEAR + 1:
        raise ValueError(f"the lunar calendar is computed for {FIRST_YEAR} to {LAST_YEAR}, not for {year}")
    first, last = _solstice_lunation(year - 1), _solstice_lunation(year)
    starts = [_first_day(lunation) for lunation in range(first, last + 1)]
    leap_at = _leap_index(starts) if last - first == 13 else None
    months: list[_Month] = []
    number = 11
    for index, (start, end) in enumerate(pairwise(starts)):
        is_leap = index == leap_at
        if index and not is_leap:
            number = number % 12 + 1
        months.append((start, (end - start).days, year - 1 if number >= 11 else year, number, is_leap))
    return tuple(months)


def _leap_index(starts: list[date]) -> int:
    """Which of thirteen months is the first within which the sun enters no new twelfth of its way."""
    signs = [int(sun_longitude(_midnight(start)) // 30) for start in starts]
    return next(index for index in range(1, len(starts) - 1) if signs[index] == signs[index + 1])


def _solstice_lunation(year: int) -> int:
    """The lunation that begins last before the winter solstice, or on its very day."""
    day = date(year, 12, 19)
    while sun_longitude(_midnight(day + timedelta(days=1))) < _WINTER_SOLSTICE_DEG:
        day += timedelta(days=1)
    lunation = round((day - _UNIX_DATE_0).days / _SYNODIC_DAYS) - _LUNATIONS_1970_TO_2000
    while _first_day(lunation) > day:
        lunation -= 1
    while _first_day(lunation + 1) <= day:
        lunation += 1
    return lunation


def _first_day(lunation: int) -> date:
    """The Vietnamese date on which the new moon falls."""
    return _UNIX_DATE_0 + timedelta(days=floor(new_moon(lunation) + _ZONE_DAYS - _UNIX_DAY_0))


def _midnight(day: date) -> float:
    """Julian day of the Vietnamese midnight that begins `day`."""
    return _UNIX_DAY_0 + (day - _UNIX_DATE_0).days - _ZONE_DAYS
