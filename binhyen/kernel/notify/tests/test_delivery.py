"""Mail and SMS over real sockets; what happens when the other side refuses, is away, or the worker is killed."""

import logging
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as station
from django.db import connection

from binhyen.kernel.notify.addresses import remove_address
from binhyen.kernel.notify.channel import TryLater, Undeliverable
from binhyen.kernel.notify.channels import channels
from binhyen.kernel.notify.choices import choose, switch_off
from binhyen.kernel.notify.delivery import deliver
from binhyen.kernel.notify.digest import LINES_MAX, gather
from binhyen.kernel.notify.models import Delivery, Message
from binhyen.kernel.notify.outside import Reach, post
from binhyen.kernel.notify.reading import mark_read
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.tests.conftest import NOON, deliver_all, queued, reach_by, states
from binhyen.kernel.notify.tests.doubles import MailServer, running, serving_tls
from tests.browser import _database_url

TO = "sen@vidu.vn"


def tell(topic, to, **changes):
    return send(
        topic, **{"to": to, "subject": "Có việc mới", "body": "Nhà bà Sen", "url": "/viec/1/", "at": NOON, **changes}
    )


@pytest.fixture
def by_mail(officer, mail):
    reach_by("email", TO, officer)
    return officer


@pytest.fixture
def by_sms(officer, sms):
    reach_by("sms", "0912.345.678", officer)
    return officer


# --- mail -----------------------------------------------------------------------------------------------------------
def test_a_mail_says_its_subject_its_reason_a_link_and_how_to_end_it_and_no_more(task, by_mail, mail):
    [message] = tell(task, by_mail)
    assert deliver_all(at=NOON) == ["sent"]
    [got] = mail.mails
    text = got.get_content()
    assert (got["To"], got["Subject"], got["Auto-Submitted"]) == (TO, "Có việc mới", "auto-generated")
    assert f"Xem tại: https://tram.example/thong-bao/{message.pk}/" in text
    assert "Anh/Chị nhận tin này vì anh/chị được giao việc này." in text
    assert ("Sen" in text, "/viec/1/" in text) == (False, False)
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Tắt loại tin này: {got['List-Unsubscribe'].strip(' <>')}" in text.splitlines()


def test_a_mail_that_duty_requires_says_so_and_offers_no_switch_off(alarm, by_mail, mail):
    tell(alarm, by_mail)
    deliver_all()
    [got] = mail.mails
    assert got["List-Unsubscribe"] is None
    assert "Người trực phải nhận được báo động." in got.get_content()


def test_what_was_read_switched_off_or_lost_its_address_meanwhile_is_not_sent(task, by_mail, mail):
    [read], [off], [gone] = tell(task, by_mail), tell(task, by_mail), tell(task, by_mail)
    mark_read(read)
    ids = [each.deliveries.get(channel="email").pk for each in (read, off, gone)]
    assert deliver(ids[0], is_last_try=False) == "nothing-to-do"
    choose(by_mail, task, on={"inapp"}, pace="instant")
    assert deliver(ids[1], is_last_try=False) == "dropped"
    choose(by_mail, task, on={"inapp", "email"}, pace="instant")
    remove_address("email", by=by_mail)
    assert deliver(ids[2], is_last_try=False) == "dropped"
    assert mail.mails == []


def test_a_refused_address_is_given_up_and_a_busy_server_tried_again(task, by_mail, mail, caplog):
    mail.answers += [f"550 no such user {TO}", "451 come back", "451 come back"]
    [refused], [busy] = tell(task, by_mail), tell(task, by_mail)
    with caplog.at_level(logging.INFO):
        assert deliver(refused.deliveries.get(channel="email").pk, is_last_try=False) == "failed"
        with pytest.raises(TryLater):
            deliver_all()
        assert states(busy)["email"] == "waiting"
        assert deliver_all(is_last_try=True) == ["failed"]
    problems = Delivery.objects.filter(state="failed").order_by("pk").values_list("problem", flat=True)
    assert list(problems) == ["smtp-550", "smtp-451"]
    assert len(caplog.messages) == 2
    assert [word for word in (TO, "việc mới", "Sen", by_mail.username, str(by_mail)) if word in caplog.text] == []


def test_mail_goes_over_tls_and_to_no_server_whose_certificate_is_not_trusted(
    task, officer, mail, settings, tmp_path, monkeypatch
):
    tls, certificate = serving_tls(tmp_path)
    with running(MailServer(tls)) as secure:
        settings.EMAIL_PORT, settings.EMAIL_USE_SSL, settings.EMAIL_HOST = secure.port, True, "localhost"
        reach_by("email", TO, officer)
        tell(task, officer)
        with pytest.raises(TryLater, match="SSLCertVerificationError"):
            deliver_all()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert secure.mails == []
        assert deliver_all() == ["sent"]
        assert len(secure.mails) == 1


# --- SMS ------------------------------------------------------------------------------------------------------------
def test_an_sms_is_one_post_with_the_fields_of_the_template(alarm, by_sms, sms):
    [message] = tell(alarm, by_sms)
    deliver_all()
    [(path, headers, fields)] = sms.asked
    assert (path, headers["Authorization"]) == ("/send?from=BINHYEN", "Bearer khoa-bi-mat")
    assert fields == {
        "to": "+84912345678",
        "text": f"Có việc mới https://tram.example/thong-bao/{message.pk}/",
        "reference": message.pk.hex,
    }


def test_a_gateway_may_want_a_form_and_fields_of_its_own(alarm, by_sms, sms, settings):
    settings.BINHYEN_SMS_FORMAT = "form"
    settings.BINHYEN_SMS_TEMPLATE = '{"Phone": "{phone}", "Content": "{text}", "Type": 2}'
    tell(alarm, by_sms, subject="{phone} & {reference}")
    deliver_all()
    [(_, headers, fields)] = sms.asked
    assert headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert (fields["Phone"], fields["Type"]) == ("+84912345678", "2")
    assert fields["Content"].startswith("{phone} & {reference} https://")


def test_a_busy_gateway_is_tried_again_and_one_that_refuses_or_redirects_is_not(alarm, by_sms, sms, caplog):
    sms.statuses += [503, 429, 400, 302]
    for _ in range(2):
        tell(alarm, by_sms)
    for _ in range(2):
        with pytest.raises(TryLater):
            deliver_all()
    assert deliver_all() == ["failed", "failed"]
    assert list(Delivery.objects.filter(channel="sms").values_list("problem", flat=True)) == ["http-400", "http-302"]
    assert len(sms.asked) == 4
    assert "khoa-bi-mat" not in caplog.text


@pytest.mark.parametrize("number", ["123", "0212345678", "+1 202 555 0100", "091234567a", "09123456789"])
def test_what_is_no_mobile_number_is_named(number):
    with pytest.raises(ValueError, match="không phải là số di động"):
        channels()["sms"].cleaned(number)


# --- S05 ------------------------------------------------------------------------------------------------------------
NEVER = ["169.254.169.254", "100.100.100.200", "0.0.0.0", "224.0.0.1", "fe80::1", "::ffff:169.254.169.254"]


@pytest.mark.parametrize(
    "address", [*NEVER, "127.0.0.1", "::1", "10.0.0.5", "192.168.1.1", "fd00::1", "::ffff:10.0.0.5"]
)
def test_S05_a_name_that_leads_inside_is_refused_before_anything_is_sent(address):
    reach = Reach(resolver=lambda host, port: ["93.184.216.34", address])
    with pytest.raises(Undeliverable, match="address-refused"):
        post("https://push.example/x", b"", {}, reach=reach)


@pytest.mark.parametrize("address", NEVER)
def test_S05_even_a_gateway_on_the_station_s_own_network_is_never_these(address):
    reach = Reach(private=True, loopback=True, resolver=lambda host, port: [address])
    with pytest.raises(Undeliverable, match="address-refused"):
        post("http://gateway.example/x", b"", {}, reach=reach)


def test_S05_a_name_that_changes_its_answer_gains_nothing(sms):
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    reach = Reach(loopback=True, resolver=lambda host, port: answers.pop(0))
    assert post(sms.url.replace("127.0.0.1", "gateway.example"), b"{}", {"Content-Type": "json"}, reach=reach) == 200
    assert answers == [["169.254.169.254"]]


@pytest.mark.parametrize("url", ["http://push.example/x", "ftp://push.example/", "https:///x", "file:///etc/passwd"])
def test_S05_without_tls_nothing_goes_to_the_world(url):
    with pytest.raises(Undeliverable, match="address-refused"):
        post(url, b"", {}, reach=Reach(resolver=lambda host, port: ["93.184.216.34"]))


def test_a_name_that_is_not_found_is_tried_later():
    def nowhere(host, port):
        raise OSError

    for resolver in (nowhere, lambda host, port: []):
        with pytest.raises(TryLater, match="name-not-found"):
            post("https://push.example/x", b"", {}, reach=Reach(resolver=resolver))


# --- digests --------------------------------------------------------------------------------------------------------
def test_what_is_taken_daily_comes_as_one_mail_without_what_was_read(task, by_mail, mail):
    choose(by_mail, task, on={"inapp", "email"}, pace="daily")
    told = [tell(task, by_mail, subject=f"Việc {n}", at=NOON + timedelta(minutes=n))[0] for n in range(4)]
    mark_read(told[1])
    [(arguments, due_at), *_] = queued("notify.gather")
    assert gather(**arguments, at=due_at - timedelta(seconds=1)) is None
    gather(**arguments, at=due_at)
    assert gather(**arguments, at=due_at) is None
    assert deliver_all(at=due_at) == ["sent"]
    [got] = mail.mails
    assert got["Subject"] == "Có 3 tin mới đang chờ anh/chị"
    assert [line for line in got.get_content().splitlines() if line.startswith("- ")] == [
        "- Việc 0",
        "- Việc 2",
        "- Việc 3",
    ]
    assert [states(each)["email"] for each in told] == ["sent", "dropped", "sent", "sent"]


def test_a_long_digest_names_the_first_and_counts_the_rest(task, by_mail, mail):
    choose(by_mail, task, on={"email"}, pace="weekly")
    for n in range(LINES_MAX + 3):
        tell(task, by_mail, subject=f"Việc {n}")
    arguments, due_at = queued("notify.gather")[0]
    gather(**arguments, at=due_at)
    deliver_all(at=due_at)
    assert "- và 3 tin khác" in mail.mails[0].get_content()


def test_a_digest_of_next_week_keeps_none_of_tomorrow_waiting(task, by_mail, mail):
    """The queue takes jobs with one lock in their order, those that are not due yet included."""
    choose(by_mail, task, on={"email"}, pace="weekly")
    tell(task, by_mail)
    choose(by_mail, task, on={"email"}, pace="daily")
    tell(task, by_mail)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock FROM procrastinate_jobs WHERE task_name = 'notify.gather'")
        assert cursor.fetchall() == [(None,), (None,)]


def test_a_digest_that_is_switched_off_is_not_made(task, by_mail, mail):
    from binhyen.kernel.notify.topics import DIGEST

    choose(by_mail, task, on={"email"}, pace="daily")
    switch_off(by_mail, DIGEST, "email")
    tell(task, by_mail)
    arguments, due_at = queued("notify.gather")[0]
    assert gather(**arguments, at=due_at) is None
    assert Message.objects.count() == 1


# --- F13 ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def one_waiting(transactional_db, task, by_mail):
    """A mail that waits in the queue of real jobs; the topic is one that the worker knows."""
    from binhyen.kernel.notify.topics import ESCALATED

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    return tell(ESCALATED, by_mail, at=None)[0]


def worker(mail):
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(connection.settings_dict),
        "BINHYEN_DATA": str(station.BINHYEN_DATA),
        "BINHYEN_SMTP_HOST": "127.0.0.1",
        "BINHYEN_SMTP_PORT": str(mail.port),
        "BINHYEN_SMTP_TLS": "none",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "binhyen", "jobs", "--one-shot"], env=environment, stdout=subprocess.DEVNULL
    )


def kill_while_it_sends(mail):
    """A worker that dies after the mail server has all of the message and before it says that it took it."""
    mail.may_take.clear()
    process = worker(mail)
    try:
        assert mail.has_data.wait(30)
    finally:
        process.kill()
        process.wait()
    mail.has_data.clear()
    mail.may_take.set()


def take_up_what_stalled():
    with connection.cursor() as cursor:  # what `take_up_stalled` does after 40 s without a heartbeat
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing' RETURNING task_name"
        )
        taken_up = [name for (name,) in cursor.fetchall()]
    assert taken_up.count("notify.deliver") == 1  # the worker may have had one of the other tasks in hand as well


def run_to_the_end(mail):
    assert worker(mail).wait(60) == 0


def test_F13_a_worker_killed_before_the_server_took_the_mail_is_followed_by_one_that_sends_it_once(one_waiting, mail):
    mail.keeps_cut_off = False  # a server that has not said “250” has not taken the message
    kill_while_it_sends(mail)
    assert states(one_waiting)["email"] == "sending"
    take_up_what_stalled()
    run_to_the_end(mail)
    assert states(one_waiting)["email"] == "sent"
    assert [each["Message-ID"] for each in mail.mails] == [f"<{one_waiting.pk.hex}@127.0.0.1>"]


def test_F13_a_mail_that_was_taken_when_the_worker_died_comes_at_most_twice_under_one_id(one_waiting, mail):
    kill_while_it_sends(mail)
    take_up_what_stalled()
    kill_while_it_sends(mail)
    assert deliver(one_waiting.deliveries.get(channel="email").pk, is_last_try=False) == "nothing-to-do"
    assert len(mail.mails) == 2
    assert len({each["Message-ID"] for each in mail.mails}) == 1
    assert list(one_waiting.deliveries.filter(channel="email").values_list("state", "problem")) == [
        ("failed", "interrupted")
    ]


def test_F13_a_job_that_runs_again_after_it_ended_sends_nothing(one_waiting, mail):
    pk = one_waiting.deliveries.get(channel="email").pk
    assert [deliver(pk, is_last_try=False) for _ in range(3)] == ["sent", "nothing-to-do", "nothing-to-do"]
    assert len(mail.mails) == 1
