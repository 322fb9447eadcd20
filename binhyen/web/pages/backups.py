"""“Sao lưu”: how old the last backup is, where all of them lie, and how it is done. For who keeps it all running."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from binhyen.kernel.screens import WorkItem, add_work_source
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.roles import Role
from binhyen.kernel.upkeep import JOURNAL_NAME
from binhyen.kernel.upkeep.models import Erasure
from binhyen.kernel.upkeep.taken import OLD_AFTER, Taken, age_in_words, folders, read_taken

SHOWN = 30
KEEPERS = frozenset({Role.IT_ADMIN, Role.CHIEF})


@dataclass(frozen=True)
class Row:
    """A backup as the page shows it; `is_there`: its disk is mounted and the file on it."""

    taken: Taken
    is_there: bool


@open_to(*KEEPERS)
def backups(request: HttpRequest) -> HttpResponse:
    """Newest first. The page takes no backup: whoever could press a button here could carry the data away."""
    at, data = now(), Path(settings.BINHYEN_DATA)
    problem, listed = "", []
    try:
        listed = read_taken(data)
    except ValueError as error:
        problem = str(error)
    rows = [Row(taken, Path(taken.file).exists()) for taken in reversed(listed[-SHOWN:])]
    context = {
        "rows": rows,
        "problem": problem,
        "age": age_in_words(rows[0].taken.age(at)) if rows else "",
        "is_old": not rows or rows[0].taken.age(at) > OLD_AFTER,
        "data": data,
        "erasures": Erasure.objects.count(),
        "journals": [folder / JOURNAL_NAME for folder in folders(data)] if not problem else [],
    }
    return render(request, "web/backups.html", context)


@add_work_source
def old_backup(authority: Authority, at: datetime | None = None) -> Iterator[WorkItem]:
    """“Hôm nay” of the IT administrator, where there is no backup younger than `OLD_AFTER`."""
    if not authority.holds({Role.IT_ADMIN}):
        return
    try:
        listed = read_taken(Path(settings.BINHYEN_DATA))
    except ValueError:
        listed = []  # the page says what is wrong with the list
    age = listed[-1].age(at or now()) if listed else None
    if age is None or age > OLD_AFTER:
        detail = f"Bản mới nhất cách đây {age_in_words(age)}" if age else "Chưa có bản sao lưu nào"
        yield WorkItem("Sao lưu dữ liệu của đơn vị", "/sao-luu/", "Sao lưu", detail=detail)
