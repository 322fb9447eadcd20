"""Which lines of the activity log a person may read, and finding among them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils.timezone import get_default_timezone

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import STAFF, Role

PAGE_LINES = 50
READERS = (Role.AUDITOR, Role.CHIEF)


class Unaccented(Func):
    """Lower case without Vietnamese marks, in the database: it has no extension for that."""

    template = (
        r"lower(translate(regexp_replace(normalize(%(expressions)s, NFD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd'))"
    )
    output_field = TextField()


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty means all. Days are Vietnamese dates, both included."""

    text: str = ""
    person: str = ""
    subject: str = ""
    case: str = ""
    action: str = ""
    first_day: date | None = None
    last_day: date | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether one of the rarer conditions is set, so that the page shows them."""
        return bool(self.person or self.subject or self.case)


def readable_lines(authority: Authority) -> "QuerySet[Line]":
    """Lines that `authority` may read.

    An auditor reads every line of the own units, and at the top of the tree also those of no unit. A chief reads
    what people who serve the own units did: what a household did with its own camera is no chief's business.
    """
    mine = Q(pk__in=[])
    if authority.holds([Role.AUDITOR]):
        mine |= Q(unit__in=_codes(authority, Role.AUDITOR))
        if any(Unit.objects.filter(path=path, depth=1).exists() for path in authority.paths[Role.AUDITOR]):
            mine |= Q(unit="")
    if authority.holds([Role.CHIEF]):
        mine |= Q(unit__in=_codes(authority, Role.CHIEF), actor__in=_staff_of(authority))
    return Line.objects.filter(mine)


def _codes(authority: Authority, role: Role) -> Any:
    return Unit.objects.filter(pk__in=authority.unit_ids([role])).values("code")


def _staff_of(authority: Authority) -> Any:
    units = authority.unit_ids([Role.CHIEF])
    serving = Membership.objects.filter(unit__in=units, role__in=STAFF)  # whoever ever served: the past stays readable
    return User.objects.filter(pk__in=serving.values("user")).values("username")


def find_lines(lines: "QuerySet[Line]", wanted: Wanted) -> "QuerySet[Line]":
    """Those of `lines` that match, newest first."""
    if wanted.person:
        lines = lines.alias(who=_plain("actor", "actor_name")).filter(who__contains=unaccented(wanted.person))
    if wanted.text:
        everywhere = _plain("actor", "actor_name", "subject", "case", "purpose")
        lines = lines.alias(everywhere=everywhere).filter(everywhere__contains=unaccented(wanted.text))
    exact = {"subject__iexact": wanted.subject, "case__iexact": wanted.case, "action": wanted.action}
    lines = lines.filter(**{field: value for field, value in exact.items() if value})
    if wanted.first_day:
        lines = lines.filter(at__gte=_midnight(wanted.first_day))
    if wanted.last_day:
        lines = lines.filter(at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return lines.order_by("-number")


def _plain(*fields: str) -> Unaccented:
    parts: list[Any] = []
    for name in fields:
        parts += [F(name), Value(" ")]
    return Unaccented(Concat(*parts, output_field=TextField()))


def unaccented(text: str) -> str:
    """The same as `Unaccented`, for what is looked for."""
    import unicodedata

    stripped = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return stripped.replace("Đ", "d").replace("đ", "d").lower().strip()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=get_default_timezone())


@dataclass(frozen=True)
class LinePage:
    """A run of lines, newest first. `older_than` and `newer_than` are line numbers to go on from; None at the end."""

    lines: list[Line]
    older_than: int | None
    newer_than: int | None


def page_of(lines: "QuerySet[Line]", *, before: int | None = None, after: int | None = None) -> LinePage:
    """The page before or after a line number. Pages by number stay true while new lines arrive."""
    if after is not None:
        found = list(lines.filter(number__gt=after).order_by("number")[: PAGE_LINES + 1])
        more, shown = len(found) > PAGE_LINES, found[:PAGE_LINES][::-1]
        return LinePage(shown, shown[-1].number if shown else None, shown[0].number if more else None)
    narrowed = lines if before is None else lines.filter(number__lt=before)
    found = list(narrowed[: PAGE_LINES + 1])
    shown = found[:PAGE_LINES]
    older_than = shown[-1].number if len(found) > PAGE_LINES else None
    return LinePage(shown, older_than, shown[0].number if before is not None and shown else None)
