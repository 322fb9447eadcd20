"""S02 on every page that is written by hand or generated: what a form does not offer cannot be chosen by sending it."""

import pytest
from django.db import connection, transaction
from django.test import Client

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from tests.access import table
from tests.access.examples import make_stage, things_for
from tests.access.forms_in_pages import forms_of
from tests.access.test_access import EITHER, session_of

NOBODY = "1099511627776"
LIBRARIES = ("/tai-khoan/", "/dang-", "/api/")
IGNORED = {"chon", "bat", "nhip"}
"""Choices whose unknown values are as if they were not there; tried in the contracts of registers and in notices."""

client = Client(raise_request_exception=False)


@pytest.fixture
def stage(world):
    with across_units():
        return make_stage(world)


def pages_to_open():
    """Each address that shows something, with a role that may open it."""
    opened = {}
    for row, answers in table.read().items():
        if row.method == "GET" and row.thing in ("-", "own") and not row.address.startswith(LIBRARIES):
            roles = [role for role in Role if answers.get(role) == "ok"]
            opened.setdefault(row.address, set()).update(roles[-1:])
    return opened


def foreign_values(stage):
    """Keys of another unit's things, of people who serve there, and one that nothing has."""
    things = stage.other
    with across_units():
        clip = things.request.clips.first().pk
    keys = [
        things.camera.unit_id,
        things.camera.unit.code,
        things.camera.code,
        things.case.pk,
        things.case.number,
        clip,
    ]
    return [*map(str, [*keys, things.device.user_id, *(row.pk for row in things.rows.values())]), NOBODY]


def tampered(form, foreign):
    """The form once for each choice and value that it does not offer."""
    for name, offered in form.choices.items():
        for value in foreign if name.partition(":")[0] not in IGNORED else ():
            if value not in offered:
                yield name, {**form.values, name: [value]}


OF_THE_SESSION = ("django_session", "usersessions_", "cache")


class Writes:
    """What a request wrote, except into its own session."""

    def __init__(self):
        self.found = []

    def __call__(self, execute, sql, params, many, context):
        words = sql.split(None, 3)
        if words[0] in ("INSERT", "UPDATE", "DELETE") and not any(table in sql[:80] for table in OF_THE_SESSION):
            self.found.append(sql[:80])
        return execute(sql, params, many, context)


def trouble_with(url, sent, name):
    """None where the choice was refused and nothing was written, else what happened."""
    writes = Writes()
    with transaction.atomic(), connection.execute_wrapper(writes):
        answer = client.post(url, sent)
        transaction.set_rollback(True)
    form = answer.context.get("form") if answer.status_code == 422 and answer.context else None
    if form is not None and name in form.fields and name not in form.errors:
        return "refused for another reason"
    return writes.found or (None if answer.status_code < 500 else answer.status_code)


@pytest.mark.slow  # a page's own choices are tried quickly in the contracts of registers and in the tests of its module
@pytest.mark.timeout(400)
@pytest.mark.parametrize("routes", EITHER)
def test_S02_no_form_takes_a_choice_that_it_does_not_offer(stage, routes):
    foreign, sessions, tries, taken = foreign_values(stage), {}, 0, {}
    opened = pages_to_open()
    for route in routes:
        values = things_for(route.name, route.parameters, stage)
        url = route.url(values.get("own", values.get("-")))
        for role in opened.get(route.address, ()):
            if role not in sessions:
                sessions[role] = session_of(stage.people[role])
            client.cookies["sessionid"] = sessions[role]
            page = client.get(url)
            html = "text/html" in page.headers.get("Content-Type", "") and not page.streaming
            for form in forms_of(page.content.decode()) if html else ():
                for name, sent in tampered(form, foreign):
                    tries += 1
                    if trouble := trouble_with(form.action or url, sent, name):
                        taken[route.address, form.action, name, sent[name][0]] = trouble
    assert tries > 40
    assert taken == {}
