"""What is done with a case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pgtrigger
from django.db import connection, transaction
from django.utils.timezone import get_default_timezone, localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, across_units, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.upkeep.erasing import Erasable, add_erasable, add_forgetter, erase_rows, note_erasure
from binhyen.kernel.vietnamese.folding import without_diacritics
from binhyen.kernel.workflow.advance import advance
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.cases import rules
from binhyen.modules.cases.kinds import kinds
from binhyen.modules.cases.models import Case, CaseCounter, CaseNote, CasePerson
from binhyen.modules.cases.workflow import OPEN_STATES

KEEP_AFTER_END = timedelta(days=365)
"""How long the personal data of an ended case is kept. Cần pháp chế kiểm tra: the paper file has its own term."""

ERASURE = "cases.case"
"""The kind under which the journal of erasures has a case."""

ERASED = "(đã xóa khi hết thời hạn lưu)"

Eraser = Callable[[Case], None]
_erasers: list[Eraser] = []


@dataclass(frozen=True)
class CaseFacts:
    """What an officer writes when opening or correcting a case."""

    kind: str
    title: str
    place: str = ""
    happened_at: datetime | None = None
    summary: str = ""


def add_eraser(eraser: Eraser) -> Eraser:
    """Register what a module above erases with the personal data of an ended case."""
    _erasers.append(eraser)
    return eraser


@transaction.atomic
def open_case(facts: CaseFacts, *, unit: Unit, by: User, at: datetime | None = None) -> Case:
    """A new case of `unit` with the next number of the unit and year. Raises Refused, or KeyError for the kind."""
    refuse(rules.may_open_case(authority_of(by), unit))
    at = at or now()
    day = localtime(at).date()
    basis = kinds()[facts.kind].basis_on(day)
    sequence = _next_number(unit, day.year)
    case = Case(
        number=f"{sequence:04d}/{day.year}/{unit.code}",
        unit=unit,
        year=day.year,
        sequence=sequence,
        kind=facts.kind,
        legal_basis=basis.text if basis else "",
        legal_basis_unverified=basis is None or basis.unverified,
        opened_at=at,
        opened_by=by,
        assigned_to=by,
    )
    begin(case, at=at)
    _write_facts(case, facts)
    case.save()
    record("cases.case.open", by=by, subject=case.number, unit=unit.code, case=case.number)
    return case


def _next_number(unit: Unit, year: int) -> int:
    """The next number; its row stays locked until the caller's transaction ends, and a rollback gives it back."""
    table = CaseCounter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (unit_id, year, last_number) VALUES (%s, %s, 1)'  # noqa: S608 - our own table's name
            f' ON CONFLICT (unit_id, year) DO UPDATE SET last_number = "{table}".last_number + 1 RETURNING last_number',
            [unit.pk, year],
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def correct_case(case: Case, facts: CaseFacts, *, by: User) -> Case:
    """Change what the case says of itself; its number, unit, kind and legal basis stay."""
    refuse(rules.may_work_on(authority_of(by), case))
    _write_facts(case, facts)
    case.save(update_fields=["title", "place", "happened_at", "summary", "search_text"])
    record("cases.case.correct", by=by, subject=case.number, unit=case.unit.code, case=case.number)
    return case


def _write_facts(case: Case, facts: CaseFacts) -> None:
    case.title, case.place = facts.title.strip(), facts.place.strip()
    case.happened_at, case.summary = facts.happened_at, facts.summary.strip()
    case.search_text = without_diacritics(f"{case.number} {case.title} {case.place} {case.kind_label}")


@transaction.atomic
def take_step(case: Case, step: str, *, by: User, note: str = "", at: datetime | None = None) -> Case:
    """Move the case on; ending it ends every access that it gave, since each look asks again."""
    at = at or now()
    moved = advance(case, step, by=by, note=note, at=at)
    moved.ended_at = None if moved.state in OPEN_STATES else at
    moved.save(update_fields=["ended_at"])
    case.ended_at = moved.ended_at
    return moved


@transaction.atomic
def assign(case: Case, officer: User, *, by: User) -> None:
    """Give the case to `officer`, who must work on cases in its unit."""
    refuse(rules.may_work_on(authority_of(by), case))
    if rules.may_see_people(authority_of(officer), case):
        raise Refused(
            Refusal(
                f"{officer} không thể thụ lý vụ việc {case.number}: không có vai trò phù hợp tại {case.unit.name}.",
                code="wrong_role",
                remedy="Hãy chọn cán bộ, điều tra viên hoặc Trưởng công an của đơn vị.",
            )
        )
    case.assigned_to = officer
    case.save(update_fields=["assigned_to"])
    record(
        "cases.case.assign",
        by=by,
        subject=case.number,
        unit=case.unit.code,
        case=case.number,
        detail={"to": officer.username},
    )


@transaction.atomic
def add_person(case: Case, *, part: str, name: str, contact: str = "", by: User) -> CasePerson:
    """Write somebody into the case. The log says that it happened, never the name."""
    refuse(rules.may_work_on(authority_of(by), case))
    person = CasePerson(case=case, part=CasePerson.Part(part), name=name.strip(), contact=contact.strip(), added_by=by)
    person.save()
    record("cases.person.add", by=by, subject=case.number, unit=case.unit.code, case=case.number, detail={"part": part})
    return person


@transaction.atomic
def remove_person(person: CasePerson, *, by: User) -> None:
    """Take somebody out of the case who was written there by mistake."""
    case = person.case
    refuse(rules.may_work_on(authority_of(by), case))
    part = person.part
    person.delete()
    record(
        "cases.person.remove", by=by, subject=case.number, unit=case.unit.code, case=case.number, detail={"part": part}
    )


@transaction.atomic
def add_note(case: Case, text: str, *, by: User) -> CaseNote:
    """Write down `text`; it can never be changed."""
    refuse(rules.may_work_on(authority_of(by), case))
    note = CaseNote(case=case, text=text.strip(), by=by)
    note.save()
    record("cases.note.add", by=by, subject=case.number, unit=case.unit.code, case=case.number)
    return note


def erase_due_cases(at: datetime | None = None) -> list[str]:
    """Erase the personal data of cases that ended longer ago than `KEEP_AFTER_END`; their numbers.

    The case's number, kind, unit, dates and steps stay: they are the register.
    """
    at = at or now()
    with across_units():
        due = Case.objects.filter(ended_at__lt=at - KEEP_AFTER_END, erased_at__isnull=True)
        erased = [erase_case(pk, at=at) for pk in due.values_list("pk", flat=True)]
    return [case.number for case in erased if case is not None]


@transaction.atomic
def erase_case(pk: int, *, at: datetime) -> Case | None:
    """Erase what names or describes people in a case, here and in the modules above; None where it was reopened."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if case.is_open or case.erased_at is not None:
        return None
    return _erase(case, at)


def _erase(case: Case, at: datetime) -> Case:
    for eraser in _erasers:
        eraser(case)
    case.people.all().delete()
    with pgtrigger.ignore("cases.CaseNote:append_only"):
        case.notes.all().delete()
    case.title, case.place, case.summary, case.happened_at = ERASED, "", "", None
    case.erased_at = at
    case.search_text = without_diacritics(f"{case.number} {case.kind_label}")
    case.save()
    note_erasure(ERASURE, str(case.pk))
    record("cases.case.erase", by=None, subject=case.number, unit=case.unit.code, case=case.number)
    return case


def _erase_again(key: str, day: date) -> None:
    """The case was erased after the backup was taken from which it came back, open or not."""
    with transaction.atomic(), across_units():
        case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=key)
        if case.erased_at is None:
            _erase(case, datetime.combine(day, time.min, tzinfo=get_default_timezone()))


def _keys() -> list[str]:
    with across_units():
        return [str(pk) for pk in Case.objects.filter(erased_at=None).values_list("pk", flat=True)]


add_erasable(Erasable(ERASURE, _keys, _erase_again))
add_forgetter(erase_due_cases)
erase_rows(CasePerson)


def refuse(refusal: Refusal | None) -> None:
    """Raise where a rule said no."""
    if refusal is not None:
        raise Refused(refusal)
