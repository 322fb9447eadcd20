"""A moment as a person types it: “22:40”, “22h40 hôm qua”, “7 giờ 5 hom kia”, “22:40:10 20/11”, “20/11/2026 6:15”."""

import re
from datetime import date, datetime, time, timedelta

from binhyen.modules.cameras.wording import unaccented

_DATE = re.compile(r"\b(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?\b")
_TIME = re.compile(r"\b(\d{1,2})\s*(?::|h|gio|g)\s*(?:(\d{1,2})\s*(?:(?::|phut|p)\s*(\d{1,2})?)?)?")
_DAYS_BACK = {"hom nay": 0, "hom qua": 1, "hom kia": 2}


class MomentUnclear(ValueError):
    """What was typed is no moment; the message gives examples."""

    def __init__(self) -> None:
        super().__init__("Chưa hiểu thời điểm này. Hãy nhập như: 22:40 hôm qua, 7h05, hoặc 20/11/2026 6:15.")


def read_moment(text: str, *, at: datetime) -> datetime:
    """The moment meant by `text` when said at `at` (with its zone). Without a day it is the last such time that has
    passed; a day without a year is the last such day. Raises MomentUnclear."""
    said = unaccented(text).strip()
    dated = _DATE.search(said)
    timed = _TIME.search(_DATE.sub(" ", said))
    if timed is None:
        raise MomentUnclear
    try:
        clock = time(*(int(part or 0) for part in timed.groups()))
        day = _day(dated, said, at)
        found = datetime.combine(day or at.date(), clock, tzinfo=at.tzinfo)
    except ValueError as error:
        raise MomentUnclear from error
    if day is None and found > at:
        return found - timedelta(days=1)
    return found


def _day(dated: "re.Match[str] | None", said: str, at: datetime) -> date | None:
    if dated is None:
        back = next((count for words, count in _DAYS_BACK.items() if words in said), None)
        return None if back is None else at.date() - timedelta(days=back)
    month_day = int(dated[2]), int(dated[1])
    if dated[3]:
        return date(int(dated[3]), *month_day)
    this_year = date(at.year, *month_day)
    return this_year if this_year <= at.date() else date(at.year - 1, *month_day)
