from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from binhyen.kernel.notify.choices import after_quiet_hours, choose, next_digest, switch_off
from binhyen.kernel.notify.content import open_content
from binhyen.kernel.notify.models import Delivery, Message, Preferences
from binhyen.kernel.notify.reading import mark_all_read, mark_read, messages_of, shown, topics_of, unread_count
from binhyen.kernel.notify.recipients import find_people
from binhyen.kernel.notify.sending import RolesIn, send
from binhyen.kernel.notify.tests.conftest import NIGHT, NOON, queued, reach_by, states
from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.calendar import VIETNAM


def tell(topic, to, **changes):
    return send(
        topic, **{"to": to, "subject": "Có việc mới", "body": "Nhà bà Sen", "url": "/viec/1/", "at": NOON, **changes}
    )


def test_a_message_reaches_each_person_of_a_role_in_a_unit_once(task, world):
    to = RolesIn(frozenset({Role.CHIEF, Role.DUTY_OFFICER}), world.commune_a)
    assert len(tell(task, to)) == 2
    assert find_people(to) == sorted((world.people["chief"], world.people["duty_officer"]), key=lambda user: user.pk)
    assert [unread_count(world.people[role]) for role in ("chief", "duty_officer", "auditor")] == [1, 1, 0]
    assert unread_count(world.outsiders["chief"]) == 0


def test_somebody_named_twice_or_gone_is_told_once_or_not(task, officer, world):
    world.people["chief"].is_active = False
    world.people["chief"].save()
    assert len(tell(task, [officer, officer, world.people["chief"]])) == 1


def test_the_same_dedupe_key_tells_a_person_once(task, officer, world):
    assert len(tell(task, officer, dedupe_key="viec:1")) == 1
    assert tell(task, officer, dedupe_key="viec:1") == []
    assert len(tell(task, [officer, world.people["chief"]], dedupe_key="viec:1")) == 1
    assert len(tell(task, officer)) == len(tell(task, officer)) == 1


def test_what_is_rolled_back_tells_nobody(task, officer, mail):
    reach_by("email", "a@vidu.vn", officer)
    with transaction.atomic():
        tell(task, officer)
        transaction.set_rollback(True)
    assert (Message.objects.count(), queued("notify.deliver")) == (0, [])


@pytest.mark.parametrize("changes", [
    {"subject": ""}, {"subject": "a\nBcc: b@c.vn"}, {"subject": "x" * 141}, {"url": "https://khac.vn/"},
    {"url": "//khac.vn/"}, {"url": "/\\khac.vn"},
])  # fmt: skip
def test_a_subject_is_one_line_and_a_url_a_page_of_ours(task, officer, changes):
    with pytest.raises(ValueError, match=r"subject|url"):
        tell(task, officer, **changes)


def test_T01_a_dump_of_the_tables_says_neither_who_was_told_nor_what(task, world):
    owner = world.people["camera_owner"]
    tell(task, owner, dedupe_key="0001/2026/X99001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM notify_message m")
        [row] = cursor.fetchone()
    words = [owner.username, str(owner), "0001/2026", "việc mới", "Sen", "/viec/"]
    assert [word for word in words if word in row] == []
    assert not [field for field in Message._meta.fields if field.is_relation]
    assert open_content(Message.objects.get()).recipient == owner.pk


# --- channels and choices -------------------------------------------------------------------------------------------
def test_a_message_goes_by_the_channels_that_are_set_up_and_reach_the_person(task, officer, mail):
    [before] = tell(task, officer)
    reach_by("email", "a@vidu.vn", officer)
    [after] = tell(task, officer)
    assert (states(before), states(after)) == ({"inapp": "sent"}, {"email": "waiting", "inapp": "sent"})


def test_what_a_person_switched_off_is_not_sent_and_what_was_added_is(task, officer, mail, sms):
    reach_by("email", "a@vidu.vn", officer)
    reach_by("sms", "0912 345 678", officer)
    choose(officer, task, on={"sms"}, pace="instant")
    [message] = tell(task, officer)
    assert (states(message), message.shown_from) == ({"sms": "waiting"}, None)
    switch_off(officer, task, "sms")
    assert tell(task, officer) == []


def test_what_duty_requires_cannot_be_switched_off_and_says_why(alarm, officer, mail):
    reach_by("email", "a@vidu.vn", officer)
    with pytest.raises(Refused, match=r"Không tắt được “Báo động”: Người trực phải nhận được báo động."):
        choose(officer, alarm, on={"inapp"}, pace="instant")
    with pytest.raises(Refused):
        switch_off(officer, alarm, "email")
    [message] = tell(alarm, officer)
    assert states(message) == {"email": "waiting", "inapp": "sent"}


def test_a_topic_says_its_reason_and_why_it_cannot_be_switched_off():
    for wrong in ({"reason": "bởi vì"}, {"code": "Viec"}, {"may_switch_off": False}, {"why_not": "Luật."}):
        with pytest.raises(ValueError, match=r"."):
            Topic(**{"code": "a.b", "label": "A", "reason": "vì thế", **wrong})
    topic = Topic("test.twice", "Hai lần", "vì thử")
    add_topic(topic)
    with pytest.raises(ValueError, match="already"):
        add_topic(topic)
    assert topic.reason_sentence == "Anh/Chị nhận tin này vì thử."


# --- quiet hours and digests ----------------------------------------------------------------------------------------
def test_what_comes_at_night_leaves_in_the_morning_unless_it_is_urgent(task, alarm, officer, mail):
    reach_by("email", "a@vidu.vn", officer)
    [calm], [urgent] = tell(task, officer, at=NIGHT), tell(alarm, officer, at=NIGHT)
    morning = datetime(2026, 11, 27, 6, tzinfo=VIETNAM)
    assert [each.deliveries.get(channel="email").due_at for each in (calm, urgent)] == [morning, NIGHT]
    assert calm.shown_from == NIGHT
    assert [at for _, at in queued("notify.deliver")] == [morning, NIGHT]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(VIETNAM)), st.times(), st.times())
def test_nothing_leaves_in_quiet_hours_and_nothing_waits_a_day(at, start, end):
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    leaves = after_quiet_hours(Preferences(quiet_from=start, quiet_until=end), at)
    assert at <= leaves < at + timedelta(days=1)
    assert start == end or leaves.time() == end or not is_within(leaves.time(), start, end)
    assert after_quiet_hours(Preferences(quiet_from=start, quiet_until=start), at) == at


def is_within(now, start, end):
    minutes = [each.hour * 60 + each.minute for each in (now, start, end)]
    return (minutes[0] - minutes[1]) % 1440 < (minutes[2] - minutes[1]) % 1440


@pytest.mark.parametrize(
    ("pace", "at", "day"),
    [
        ("daily", time(7, 29), date(2026, 11, 26)),
        ("daily", time(7, 30), date(2026, 11, 27)),
        ("weekly", time(7, 0), date(2026, 11, 30)),
    ],
)
def test_a_digest_comes_at_the_chosen_hour_and_weekday(pace, at, day):
    here = datetime.combine(date(2026, 11, 26), at, VIETNAM)
    assert next_digest(Preferences(), pace, here) == datetime.combine(day, time(7, 30), VIETNAM)


def test_a_digest_taken_weekly_on_the_day_itself_waits_for_its_hour():
    monday = datetime(2026, 11, 30, 7, 0, tzinfo=VIETNAM)
    assert next_digest(Preferences(), "weekly", monday) == monday.replace(minute=30)
    assert next_digest(Preferences(), "weekly", monday.replace(hour=8)) == monday.replace(day=7, month=12, minute=30)


# --- reading --------------------------------------------------------------------------------------------------------
def test_unread_messages_stand_first_and_the_newest_of_them_on_top(task, officer):
    told = [tell(task, officer, subject=word, at=NOON - timedelta(hours=n))[0] for n, word in enumerate("cba")]
    mark_read(told[0])
    assert [each.content.subject for each in shown(messages_of(officer))] == ["b", "a", "c"]


def test_the_first_reading_counts_and_all_can_be_marked_by_topic(task, alarm, officer, world):
    [first] = tell(task, officer)
    tell(alarm, [officer, world.people["chief"]])
    mark_read(first, at=NOON)
    mark_read(first, at=NIGHT)
    first.refresh_from_db()
    assert first.read_at == NOON
    assert topics_of(officer) == [alarm, task]
    assert (mark_all_read(by=officer, topic=task.code), mark_all_read(by=officer)) == (0, 1)
    assert (unread_count(officer), unread_count(world.people["chief"])) == (0, 1)


def test_what_is_to_come_is_not_shown_yet(task, officer):
    tell(task, officer, at=NOON + timedelta(days=3650))
    assert (messages_of(officer).count(), Delivery.objects.count()) == (0, 1)
