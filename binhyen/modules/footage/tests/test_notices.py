"""An owner is told that an ask waits; nobody else can read of it."""

from django.db import connection

from binhyen.kernel.notify.models import Delivery, Message
from binhyen.kernel.notify.reading import messages_of, shown, unread_count
from binhyen.modules.cameras.public import find_owners
from binhyen.modules.footage.models import OwnerAsk
from binhyen.modules.footage.requests import ask_for_footage, ask_owners
from binhyen.modules.footage.tests.conftest import HOME, NOW, OWNER, add_home


def asked(street):
    footage = ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)
    ask_owners(footage.pk, at=NOW)
    return footage


def test_an_owner_is_told_once_for_a_request_whatever_the_number_of_cameras(street):
    add_home(street.world, street.owner)
    footage = asked(street)
    ask_owners(footage.pk, at=NOW)
    assert (OwnerAsk.objects.count(), messages_of(street.owner, at=NOW).count()) == (2, 1)


def test_the_message_names_neither_case_nor_camera_nor_place(street):
    footage = asked(street)
    [told] = shown(messages_of(street.owner, at=NOW))
    text = f"{told.content.subject} {told.content.body} {told.content.url}"
    ask = OwnerAsk.objects.get()
    secret = [
        street.case.number,
        footage.number,
        "Mất xe",
        "xe máy",
        street.home.code,
        HOME,
        OWNER,
        "Đồng Mây",
        str(ask.pk),
    ]
    assert [word for word in secret if word in text] == []
    assert told.content.url == "/camera-cua-toi/yeu-cau/"
    assert "Hạn trả lời: " in told.content.body


def test_T03_officers_are_told_nothing_and_see_no_number_of_it(street):
    asked(street)
    assert {role: unread_count(user) for role, user in street.world.people.items() if unread_count(user)} == {}


def test_T01_no_table_of_messages_ties_an_owner_to_an_ask_or_a_camera(street):
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        (last_job,) = cursor.fetchone()
        asked(street)
        rows = []
        for table in (Message, Delivery):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table._meta.db_table}" t')
            rows += [row[0] for row in cursor.fetchall()]
        queued = "SELECT args::text FROM procrastinate_jobs WHERE task_name LIKE 'notify.%%' AND id > %s"
        cursor.execute(queued, [last_job])  # jobs of earlier tests may have been committed
        rows += [row[0] for row in cursor.fetchall()]
    told = "\n".join(rows)
    words = [f'"{street.owner.username}"', OWNER, street.home.code, str(OwnerAsk.objects.get().pk), street.case.number]
    assert (len(rows), [word for word in words if word in told]) == (2, [])


def test_owners_are_found_by_their_cameras_and_strangers_are_not(street):
    assert find_owners([street.home.code, street.near.code]) == {street.home.code: street.owner}
    assert find_owners([]) == {}
