"""Writing lines, checking the chain, publishing the day's root."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils.timezone import get_default_timezone, localdate, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.chain import START, Break, LineFacts, find_breaks, line_hash
from binhyen.kernel.audit.models import DayRoot, Line, chained

_CHAIN_LOCK = 0x6279_6C6F_67  # one writer at a time: "bylog" as a number, for pg_advisory_xact_lock


@transaction.atomic
def record(
    action: str,
    *,
    by: User | None,
    subject: str,
    unit: str = "",
    case: str = "",
    purpose: str = "",
    detail: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Line:
    """Append one line in the caller's transaction: what is done and its line stand or fall together.

    `by` None is the system itself. Writers queue for the chain until they commit, so call this last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    last = Line.objects.order_by("-number").first()
    line = Line(
        number=last.number + 1 if last else 1,
        at=at or now(),
        actor=by.username if by else "he-thong",
        actor_name=str(by) if by else "Hệ thống",
        action=action,
        subject=subject,
        unit=unit,
        case=case,
        purpose=purpose,
        detail=dict(detail or {}),
        previous=last.hash if last else START,
    )
    line.hash = line_hash(line.facts, line.previous)
    line.save(force_insert=True)
    return line


def verify() -> Iterator[Break]:
    """Every place where the log or a published root does not hold, in the order of the lines."""
    yield from find_breaks(chained(Line.objects.all()))
    for root in DayRoot.objects.order_by("day"):
        yield from _root_breaks(root)


def _root_breaks(root: DayRoot) -> Iterator[Break]:
    stored = Line.objects.filter(number=root.last_number).values_list("hash", flat=True).first()
    if root.last_number and stored != root.root:
        sentence = f"Mã gốc đã công bố ngày {root.day:%d/%m/%Y} không khớp dòng {root.last_number} hiện nay."
        yield Break(root.last_number, "root", sentence)


def publish_root(day: date) -> DayRoot:
    """Fix the root of a day that is over. Once published it never changes."""
    if day >= localdate():
        raise ValueError(f"ngày {day:%d/%m/%Y} chưa kết thúc")
    number, root = root_at(day)
    published, _ = DayRoot.objects.get_or_create(day=day, defaults={"last_number": number, "root": root})
    return published


def publish_due_roots() -> list[DayRoot]:
    """Publish every day since the first line that is over and has no root yet."""
    first = Line.objects.order_by("number").first()
    if first is None:
        return []
    newest = DayRoot.objects.order_by("-day").first()
    day = newest.day + timedelta(days=1) if newest else localdate(first.at)
    published = []
    while day < localdate():
        published.append(publish_root(day))
        day += timedelta(days=1)
    return published


def root_at(day: date) -> tuple[int, str]:
    """`(number, hash)` of the last line written before the end of `day`, Vietnamese time."""
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=get_default_timezone())
    last = Line.objects.filter(at__lt=end).order_by("-number").first()
    return (last.number, last.hash) if last else (0, START)


__all__ = ["LineFacts", "publish_due_roots", "publish_root", "record", "root_at", "verify"]
