"""Dates, lengths of time, numbers and money as a Vietnamese official writes them. Pure; templates use `shell` tags."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from binhyen.kernel.vietnamese.numbers import NARROW, money_words, number_words, percent_words

__all__ = [
    "browser_words",
    "date_words",
    "duration_words",
    "from_instant",
    "late_words",
    "moment_words",
    "money_words",
    "number_words",
    "percent_words",
    "relative_words",
    "size_words",
]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MICROSECONDS = 1_000_000
_SECONDS = ((86_400, "ngày"), (3600, "giờ"), (60, "phút"), (1, "giây"))
_JUST_NOW_S = 45
_DAYS_IN_WORDS = 7


def from_instant(instant: int) -> datetime:
    """The Vietnamese time of whole microseconds since 1970, exactly."""
    seconds, rest = divmod(instant, MICROSECONDS)
    return datetime.fromtimestamp(seconds, VIETNAM).replace(microsecond=rest)


def date_words(day: date) -> str:
    """21/11/2026. A datetime is taken in Vietnamese time."""
    here = day.astimezone(VIETNAM) if isinstance(day, datetime) else day
    return f"{here:%d/%m/%Y}"


def moment_words(at: datetime, *, seconds: bool = False) -> str:
    """21/11/2026 14:05, or with seconds where evidence is meant."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S" if seconds else "%d/%m/%Y %H:%M")


def duration_words(length: timedelta | float, *, parts: int = 2) -> str:
    """2 giờ 10 phút: the `parts` largest units of a length (a number is seconds); never negative."""
    left = max(0, round(length.total_seconds() if isinstance(length, timedelta) else length))
    words: list[str] = []
    for size, name in _SECONDS:
        count, left = divmod(left, size)
        if count:
            words.append(f"{number_words(count)} {name}")
        if len(words) == parts or (words and not count):
            break
    return " ".join(words) or "0 giây"


def relative_words(at: datetime, now: datetime) -> str:
    """How far `at` is from `now`: "5 phút trước", "hôm qua 22:40", "còn 2 giờ"; far ones as a date."""
    seconds = (at - now).total_seconds()
    if abs(seconds) < _JUST_NOW_S:
        return "vừa xong" if seconds <= 0 else "ngay bây giờ"
    days = (at.astimezone(VIETNAM).date() - now.astimezone(VIETNAM).date()).days
    if abs(days) > _DAYS_IN_WORDS:
        return moment_words(at)
    if abs(seconds) < 86_400 / 2 or days == 0:
        words = duration_words(_rounded(abs(seconds)), parts=2 if seconds > 0 else 1)
        return f"còn {words}" if seconds > 0 else f"{words} trước"
    if abs(days) == 1:
        return f"{'ngày mai' if days > 0 else 'hôm qua'} {at.astimezone(VIETNAM):%H:%M}"
    return f"còn {days} ngày" if days > 0 else f"{-days} ngày trước"


def late_words(due_at: datetime, now: datetime) -> str:
    """How long ago a deadline passed: "trễ 2 giờ"."""
    return f"trễ {duration_words(_rounded((now - due_at).total_seconds()), parts=1)}"


def _rounded(seconds: float) -> float:
    """Whole minutes from one minute on: seconds would only make a list flicker."""
    return seconds if seconds < 60 else seconds // 60 * 60


def size_words(count: float) -> str:
    """1,5 GB: bytes in powers of 1,000, as disks are sold."""
    for size, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= size:
            return f"{number_words(count / size, places=1)}{NARROW}{name}"
    return f"{number_words(count)}{NARROW}byte"


_BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "coc_coc": "Cốc Cốc",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}  # in this order: most call themselves Chrome and Safari as well
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def browser_words(user_agent: str) -> str:
    """ "Chrome trên Windows": enough to recognise one's own machine."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "Trình duyệt lạ")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    return f"{browser} trên {system}" if system else browser
