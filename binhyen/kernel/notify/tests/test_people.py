"""Addresses with their codes, telling the next person, forgetting, and what holds for every topic and channel."""

import ast
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps

from binhyen.installation import secret_setting
from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify import topics as registry
from binhyen.kernel.notify.addresses import (
    CODE_TRIES_MAX,
    CODES_A_DAY_MAX,
    confirm_address,
    confirmed_address,
    give_address,
    open_code,
)
from binhyen.kernel.notify.channel import AddressedChannel
from binhyen.kernel.notify.channels import channels, find_addressed
from binhyen.kernel.notify.choices import choose
from binhyen.kernel.notify.content import open_content
from binhyen.kernel.notify.escalation import climb, escalate
from binhyen.kernel.notify.jobs import confirm_job
from binhyen.kernel.notify.links import read_switch_off, switch_off_path
from binhyen.kernel.notify.models import Address, Delivery, Device, Escalation, Message
from binhyen.kernel.notify.reading import mark_read, messages_of, shown, unread_count
from binhyen.kernel.notify.retention import forget
from binhyen.kernel.notify.sending import RolesIn, Rung, send
from binhyen.kernel.notify.tests.conftest import NOON, queued, reach_by
from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.kernel.workflow.table import Within, clock_time

ROOT = Path(registry.__file__).parents[3]


def tell(topic, to, **changes):
    return send(topic, **{"to": to, "subject": "Có việc mới", "body": "", "url": "/viec/1/", "at": NOON, **changes})


# --- addresses ------------------------------------------------------------------------------------------------------
def test_an_address_is_used_once_its_code_came_back(officer, mail):
    address = give_address("email", "sen@vidu.vn", by=officer, random_below=lambda limit: 7)
    assert confirmed_address(officer, "email") is None
    [(arguments, _)] = queued("notify.confirm")
    confirm_job(**arguments)
    assert "000007" in mail.mails[0].get_content()
    confirm_address("email", " 000007 ", by=officer)
    assert confirmed_address(officer, "email") == "sen@vidu.vn"
    address.refresh_from_db()
    assert open_code(address) is None


def test_a_code_comes_by_sms_as_well(officer, sms):
    confirm_job(give_address("sms", "+84912345678", by=officer, random_below=lambda limit: 123456).pk)
    assert sms.asked[0][2]["text"] == "Mã xác nhận nhận tin của anh/chị: 123456 (dùng trong 15 phút)"


def test_a_code_cannot_be_guessed_and_does_not_last(officer):
    address = give_address("email", "sen@vidu.vn", by=officer, random_below=lambda limit: 7)
    for _ in range(CODE_TRIES_MAX):
        with pytest.raises(Refused, match="chưa đúng"):
            confirm_address("email", "000008", by=officer)
    with pytest.raises(Refused, match="quá nhiều lần"):
        confirm_address("email", open_code(address), by=officer)
    address = give_address("email", "sen@vidu.vn", by=officer)
    with pytest.raises(Refused, match="hết hạn"):
        confirm_address("email", open_code(address), by=officer, at=NOON + timedelta(minutes=16))


def test_nobody_makes_the_station_send_codes_without_end(officer):
    for _ in range(CODES_A_DAY_MAX):
        give_address("sms", "+84912345678", by=officer)
    with pytest.raises(Refused, match="Đã gửi 5 mã"):
        give_address("sms", "+84912345678", by=officer)
    give_address("sms", "+84912345678", by=officer, at=NOON + timedelta(days=1, minutes=1))


def test_a_code_is_somebody_s_own(officer, world):
    code = open_code(give_address("email", "sen@vidu.vn", by=officer))
    with pytest.raises(Refused):
        confirm_address("email", code, by=world.people["chief"])


def test_an_address_that_the_server_refuses_is_forgotten(officer, mail):
    mail.answers.append("550 no such user")
    confirm_job(give_address("email", "sen@vidu.vn", by=officer).pk)
    assert Address.objects.count() == 0


def test_S08_addresses_and_codes_are_sealed(officer):
    address = give_address("sms", "+84912345678", by=officer, random_below=lambda limit: 123456)
    assert (b"912345" in bytes(address.sealed), b"123456" in bytes(address.code_sealed)) == (False, False)


# --- telling the next person ----------------------------------------------------------------------------------------
def ladder(world, *, working=False):
    chiefs = RolesIn(frozenset({Role.CHIEF}), world.commune_a)
    within = Within(4) if working else clock_time(timedelta(minutes=30))
    return [Rung(within, world.people["duty_officer"]), Rung(within, chiefs)]


def climb_next(at=None):
    """Climb what waits when it is due; how many were told."""
    waiting = Escalation.objects.get()
    assert climb(waiting.pk, at=waiting.due_at - timedelta(seconds=1)) == 0
    return climb(waiting.pk, at=waiting.due_at)


def test_where_nobody_reads_the_next_is_told_and_then_the_next(task, officer, world):
    tell(task, officer, ladder=ladder(world), subject="Tin báo 3/2026")
    assert [at for _, at in queued("notify.climb")] == [NOON + timedelta(minutes=30)]
    assert [climb_next(), climb_next()] == [1, 1]
    [told] = shown(messages_of(world.people["chief"], at=NOON + timedelta(hours=2)))
    assert (told.content.subject, told.content.url) == ("Chưa ai xem: Tin báo 3/2026", "/viec/1/")
    assert (Escalation.objects.count(), unread_count(world.outsiders["chief"])) == (0, 0)


def test_one_reading_by_anybody_told_ends_the_climb(task, officer, world):
    tell(task, officer, ladder=ladder(world))
    climb_next()
    [second] = messages_of(world.people["duty_officer"], at=NOON + timedelta(hours=1))
    mark_read(second)
    assert (climb_next(), Escalation.objects.count()) == (0, 0)


def test_F13_a_climb_that_runs_again_tells_nobody_twice(task, officer, world):
    tell(task, officer, ladder=ladder(world))
    waiting = Escalation.objects.get()
    assert [climb(waiting.pk, at=waiting.due_at) for _ in range(2)] == [1, 0]


def test_working_hours_leave_out_the_lunch_break_and_the_weekend(task, officer, world):
    friday = datetime(2026, 11, 27, 16, 0, tzinfo=VIETNAM)
    tell(task, officer, ladder=ladder(world, working=True), at=friday)
    assert Escalation.objects.get().due_at == datetime(2026, 11, 30, 10, 0, tzinfo=VIETNAM)


def test_a_workflow_tells_whom_it_wants_why_something_waits_too_long(world):
    [message] = escalate("vụ việc 0001/2026", "/vu-viec/1/", world.people["chief"], "Quá hạn 2 ngày.", dedupe_key="x")
    assert escalate("vụ việc 0001/2026", "/vu-viec/1/", world.people["chief"], "Quá hạn 2 ngày.", dedupe_key="x") == []
    content = open_content(message)
    assert (content.subject, content.body) == ("Cần xử lý: vụ việc 0001/2026", "Quá hạn 2 ngày.")


# --- switching off from a mail --------------------------------------------------------------------------------------
def test_a_link_ends_one_topic_on_one_channel_for_one_person(task, officer):
    token = switch_off_path(officer, task, "email").split("/")[-2]
    assert read_switch_off(token) == (officer, task, "email")
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "", "a:b:c"):
        with pytest.raises(Refused, match="không còn dùng được"):
            read_switch_off(wrong)


# --- forgetting -----------------------------------------------------------------------------------------------------
def test_T07_after_its_term_nothing_of_a_message_is_left(task, officer, world):
    [read], [unread] = tell(task, officer, ladder=ladder(world)), tell(task, officer)
    give_address("email", "sen@vidu.vn", by=officer)
    mark_read(read, at=NOON)
    assert forget(NOON + timedelta(days=29)) == 0
    assert forget(NOON + timedelta(days=31)) == 1
    assert list(Message.objects.all()) == [unread]
    assert forget(NOON + timedelta(days=400)) == 1
    tables = [Message, Delivery, Escalation, Address]
    assert [table.objects.count() for table in tables] == [0, 0, 0, 0]
    assert forget(NOON + timedelta(days=400)) == 0


@pytest.mark.parametrize("in_bulk", [False, True])
def test_T07_somebody_who_left_keeps_no_device_and_no_address(officer, world, in_bulk):
    for user in (officer, world.people["chief"]):
        Device.objects.create(user=user, endpoint_key=user.username, sealed=b"", label="", added_at=NOON)
        give_address("email", "sen@vidu.vn", by=user)
    if in_bulk:
        User.objects.filter(pk=officer.pk).update(is_active=False)
        forget(NOON)
    else:
        officer.is_active = False
        officer.save()
    assert [table.objects.get().user for table in (Device, Address)] == [world.people["chief"]] * 2


# --- what holds for every topic and channel -------------------------------------------------------------------------
REGISTERED = registry.topics()


@pytest.mark.parametrize("topic", REGISTERED, ids=lambda topic: topic.code)
def test_every_topic_has_channels_that_exist_a_reason_and_a_switch_off_or_why_not(topic):
    assert [code for code in topic.channels if code not in channels()] == []
    assert topic.reason_sentence.startswith("Anh/Chị nhận tin này vì ")
    assert topic.label[0].isupper()
    assert topic.may_switch_off or topic.why_not.endswith(".")
    assert topic.roles <= set(Role)
    assert apps.is_installed(f"binhyen.modules.{topic.code.split('.')[0]}") or topic.code.startswith("notify.")


@pytest.mark.parametrize("topic", REGISTERED, ids=lambda topic: topic.code)
def test_every_topic_is_off_everywhere_when_a_person_wants_it_so_or_says_why_not(topic, officer):
    if topic.may_switch_off:
        choose(officer, topic, on=(), pace="instant")
        assert tell(topic, officer) == []
    else:
        with pytest.raises(Refused, match="Không tắt được"):
            choose(officer, topic, on=(), pace="instant")


def test_a_channel_is_known_to_nothing_outside_its_folder(monkeypatch):
    """So that deleting the folder deletes the feature and breaks nothing."""
    offences = []
    for path in (ROOT / "binhyen").rglob("*.py"):
        where = path.relative_to(ROOT).as_posix()
        if "/tests/" in where or where.startswith("binhyen/kernel/notify/channels/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            offences += [(where, name) for name in names if name.startswith("binhyen.kernel.notify.channels.")]
    assert offences == []


def test_without_a_channel_s_folder_messages_go_by_the_others(task, officer, mail, monkeypatch):
    reach_by("email", "sen@vidu.vn", officer)
    left = {code: channel for code, channel in channels().items() if code != "email"}
    monkeypatch.setattr("binhyen.kernel.notify.choices.channels", lambda: left)
    [message] = tell(task, officer)
    assert [each.channel for each in message.deliveries.all()] == ["inapp"]


def test_a_station_that_sets_up_nothing_sends_nothing_outside(settings):
    settings.EMAIL_HOST = settings.BINHYEN_SMS_URL = ""
    settings.BINHYEN_PUSH = False
    assert [code for code, channel in channels().items() if channel.is_set_up()] == ["inapp"]
    assert [find_addressed(code) for code in channels()] == [None] * 4
    assert [type(channel).__mro__[1] is AddressedChannel for channel in channels().values()] == [
        False,
        True,
        True,
        False,
    ]


def test_S08_what_a_person_s_message_says_stands_in_no_log_line(task, officer, mail, caplog):
    reach_by("email", "sen@vidu.vn", officer)
    with caplog.at_level(logging.DEBUG, logger="binhyen"):
        [message] = tell(task, officer, body="Nhà bà Sen")
    assert repr(open_content(message)) == "Content(…)"
    assert caplog.messages == []


def test_S08_a_secret_may_lie_in_a_file_so_that_no_list_of_processes_shows_it(tmp_path, monkeypatch):
    (tmp_path / "password").write_text("bí mật\n")
    monkeypatch.setenv("BINHYEN_TRIED", "lộ")
    assert secret_setting("BINHYEN_TRIED") == "lộ"
    monkeypatch.setenv("BINHYEN_TRIED_FILE", str(tmp_path / "password"))
    assert (secret_setting("BINHYEN_TRIED"), secret_setting("BINHYEN_OTHER")) == ("bí mật", "")
