"""The journal of erasures and the list of backups, without a backup."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from binhyen.kernel.notify.models import Device
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.upkeep import JOURNAL_NAME, erasing, jobs
from binhyen.kernel.upkeep.erasing import Erasable, Noted, add_erasable, erase_again, note_erasure, read_journal
from binhyen.kernel.upkeep.journal import JournalError, journal_from, text_of
from binhyen.kernel.upkeep.models import Erasure
from binhyen.kernel.upkeep.taken import NAME, Taken, age_in_words, folders, note_gone, note_taken, read_taken


def device(user, key="k"):
    return Device.objects.create(user=user, endpoint_key=key, sealed=b"", label="Chrome", added_at="2026-11-01T00:00Z")


def test_a_row_that_is_deleted_in_whatever_way_is_noted_and_is_deleted_again(db):
    user = make_person("x", "Người X")
    kept, gone = device(user), device(user, "g")
    key = gone.pk
    Device.objects.filter(pk=key).delete()
    journal = read_journal()
    assert [len(each.token) for each in journal] == [64]
    assert str(Erasure.objects.get()) == date.today().isoformat()
    # What the database's own journal has was erased before: a key given anew since is left alone.
    Device.objects.create(pk=key, user=user, endpoint_key="n", sealed=b"", label="", added_at="2026-11-02T00:00Z")
    assert erase_again(journal) == {}
    foreign = [Noted("0" * 8 + "-0000-4000-8000-" + "0" * 12, "2026-11-20", journal[0].token)]
    assert erase_again(foreign) == {"notify.device": 1}
    assert list(Device.objects.all()) == [kept]
    assert erase_again(foreign) == {}


def test_a_thing_is_erased_as_of_the_day_on_which_it_was(db, monkeypatch):
    monkeypatch.setattr(erasing, "_erasables", {})
    done = []
    add_erasable(Erasable("thu.vat", lambda: ["1", "2"], lambda key, day: done.append((key, day))))
    with pytest.raises(ValueError, match="taken"):
        add_erasable(Erasable("thu.vat", list, lambda key, day: None))
    token = erasing.token_of("thu.vat", "2")
    erase_again([Noted("0" * 8 + "-0000-4000-8000-" + "1" * 12, "2026-11-20", token)])
    assert done == [("2", date(2026, 11, 20))]


def test_the_journal_is_only_added_to(db):
    note_erasure("thu.vat", "1")
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.all().delete()


NOTED = [Noted("a", "2026-11-20", "t"), Noted("b", "2026-11-21", "u")]


def test_a_journal_that_was_changed_shortened_or_is_none_is_refused():
    text = text_of(NOTED)
    assert journal_from(text, name="x") == NOTED
    assert journal_from(text_of([]), name="x") == []
    first, rest = text.split("\n", 1)
    for changed in (rest, text.replace("2026-11-20", "2026-11-19"), first + "\n" + first + "\n" + rest):
        with pytest.raises(JournalError, match="đã bị sửa"):
            journal_from(changed, name="x")
    for none in ("", "x", "[]\n", '{"id": 1}\n{"seal": ""}\n'):
        with pytest.raises(JournalError, match="bị hỏng"):
            journal_from(none, name="x")


def taken(path, at="2026-11-27T01:00:00+00:00"):
    return Taken(str(path), at, 5, "0" * 64, with_keys=True)


def test_backups_are_remembered_until_they_are_gone(tmp_path):
    assert read_taken(tmp_path) == []
    kept = tmp_path / "kept"
    for name in ("a", "b", "a"):
        note_taken(tmp_path, taken(kept / name))
    assert [Path(each.file).name for each in read_taken(tmp_path)] == ["b", "a"]
    assert folders(tmp_path) == []
    kept.mkdir()
    assert folders(tmp_path) == [kept]
    note_gone(tmp_path, {str(kept / "b")})
    assert [Path(each.file).name for each in read_taken(tmp_path)] == ["a"]
    assert read_taken(tmp_path)[0].age(taken(kept).taken_at + timedelta(hours=3)) == timedelta(hours=3)
    (tmp_path / NAME).write_text("{")
    with pytest.raises(ValueError, match="bị hỏng"):
        read_taken(tmp_path)


def test_the_journal_travels_where_it_has_changed(db, tmp_path, settings):
    settings.BINHYEN_DATA = tmp_path / "data"
    (tmp_path / "data").mkdir()
    (tmp_path / "kept").mkdir()
    note_taken(tmp_path / "data", taken(tmp_path / "kept" / "x"))
    assert jobs.carry(tmp_path / "data") == 1
    assert jobs.carry(tmp_path / "data") == 0
    note_erasure("thu.vat", "1")
    jobs.carry_journal(0)
    assert journal_from((tmp_path / "kept" / JOURNAL_NAME).read_text(), name="x") == read_journal()


@pytest.mark.parametrize(("age", "words"), [(5, "5 phút"), (60, "1 giờ"), (47 * 60, "47 giờ"), (72 * 60, "3 ngày")])
def test_an_age_is_said_in_words(age, words):
    assert age_in_words(timedelta(minutes=age)) == words


def test_every_forgetter_runs(monkeypatch):
    ran = []
    monkeypatch.setattr(erasing, "_forgetters", [lambda: ran.append(1), lambda: ran.append(2)])
    erasing.forget_all()
    assert ran == [1, 2]
