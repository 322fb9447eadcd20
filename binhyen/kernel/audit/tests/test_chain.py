from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate, now

from binhyen.kernel.audit.chain import find_breaks, line_hash
from binhyen.kernel.audit.models import DayRoot, Line
from binhyen.kernel.audit.record import publish_due_roots, publish_root, record, root_at, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_lines(world):
    officer = world.people["investigator"]
    return [
        record("footage.view", by=officer, subject=f"CAM-{n}", case="A-0001/2026", purpose="case") for n in range(3)
    ]


def tamper(sql, *values):
    """What an administrator of the database can do: switch the trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def kinds():
    return [(found.kind, found.number) for found in verify()]


def test_an_untouched_log_verifies(three_lines):
    assert kinds() == []
    assert [line.number for line in Line.objects.order_by("number")] == [1, 2, 3]


def test_T05_a_changed_line_is_found(three_lines):
    tamper("UPDATE audit_line SET subject = 'CAM-9' WHERE number = 2")
    assert kinds() == [("changed", 2)]


def test_T05_a_removed_line_is_found(three_lines):
    tamper("DELETE FROM audit_line WHERE number = 2")
    assert kinds() == [("removed", 2)]


def test_T05_a_reordered_pair_is_found(three_lines):
    tamper("UPDATE audit_line SET number = CASE number WHEN 1 THEN -2 ELSE -1 END WHERE number IN (1, 2)")
    tamper("UPDATE audit_line SET number = -number WHERE number < 0")
    assert {number for _, number in kinds()} >= {1, 2}


def test_T05_a_number_that_stands_twice_is_an_inserted_line(three_lines):
    first, second, third = ((line.facts, line.previous, line.hash) for line in Line.objects.order_by("number"))
    breaks = [(found.kind, found.number) for found in find_breaks([first, second, second, third])]
    assert breaks == [
        ("inserted", 2),
    ]


def test_T05_an_inserted_line_with_a_right_hash_of_its_own_is_found(three_lines):
    last = Line.objects.get(number=3)
    forged = Line(**{f.attname: getattr(last, f.attname) for f in Line._meta.fields})
    forged.subject, forged.number = "CAM-X", 2
    forged.hash = line_hash(forged.facts, forged.previous)
    tamper("UPDATE audit_line SET number = 4 WHERE number = 3")
    tamper("UPDATE audit_line SET number = 3 WHERE number = 2")
    forged.save(force_insert=True)
    assert kinds() != []


def test_T05_a_log_computed_anew_does_not_match_the_published_root(three_lines, time_machine):
    time_machine.move_to(now() + timedelta(days=1))
    publish_due_roots()
    assert kinds() == []
    previous = Line.objects.get(number=1).hash
    for line in Line.objects.filter(number__gt=1).order_by("number"):
        line.subject, line.previous = "CAM-9", previous
        previous = line_hash(line.facts, line.previous)
        tamper(
            "UPDATE audit_line SET subject='CAM-9', previous=%s, hash=%s WHERE number=%s",
            line.previous,
            previous,
            line.number,
        )
    assert kinds() == [("root", 3)]


def test_the_database_refuses_to_change_or_delete_a_line(three_lines):
    for change in (lambda: Line.objects.update(subject="x"), lambda: Line.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_root_of_a_day_is_the_hash_of_its_last_line(three_lines, time_machine):
    day = localdate(three_lines[0].at)
    time_machine.move_to(now() + timedelta(days=2))
    publish_due_roots()
    assert DayRoot.objects.order_by("day").first().root == three_lines[-1].hash == root_at(day)[1]


def test_the_root_of_a_day_that_is_not_over_is_not_published(three_lines):
    with pytest.raises(ValueError, match="chưa kết thúc"):
        publish_root(localdate())
    assert DayRoot.objects.count() == 0
