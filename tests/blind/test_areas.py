"""T02: areas that cross each other, drawn to find one household, tell as much as if it were not there."""

import json
import math
import os
import random
import re

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from binhyen.modules.cameras.public import Camera
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import FootageRequest
from binhyen.modules.footage.requests import ask_owners
from binhyen.modules.footage.tests.conftest import MIDDLE, NOW, street  # noqa: F401 - a fixture
from binhyen.modules.footage.tests.test_blind_answers import last_job, queued
from binhyen.modules.footage.tests.test_pages import form

TOKEN = re.compile(r'(name="csrf[a-z-]*"[^>]*(?:content|value)=")[^"]+')
MANY = int(os.environ.get("BINHYEN_AREAS", "100"))
"""For the slow proof; a thousand take most of an hour."""
FROM = 1_000_000
"""What keys of requests and clips begin with, each time: a number that was used up would be a difference of its own."""


@pytest.fixture(autouse=True)
def at_that_time():
    with time_machine.travel(NOW, tick=False):
        yield


def areas(many):
    """Circles of all sizes that cross each other about the household, so that their differences are slivers."""
    chance = random.Random(3)
    for _ in range(many):
        away, turn = 400 * chance.random(), 2 * math.pi * chance.random()
        east, north = away * math.cos(turn) / 103_500, away * math.sin(turn) / 111_320
        yield circle(MIDDLE[0] + north, MIDDLE[1] + east, chance.choice((6, 20, 60, 150, 300, 390)))


def all_that_an_officer_gets(client, street, area):  # noqa: F811 - a fixture
    """Status and pages of asking, before and after the job (proposal, list, request, case), what is queued, clips."""
    before = last_job()
    with connection.cursor() as cursor:
        for table in ("footage_footagerequest", "footage_clip"):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, FROM])
    posted = {"narrowing": "keep", "kept_because": "Cần cả khu vực đã vẽ"}
    answer = client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form(area=json.dumps(area)))
    pages = [answer.content.decode()]
    seen = re.search(r'name="proposal_seen" value="(\w+)"', pages[0])
    if seen:
        posted |= {"proposal_seen": seen.group(1)}
        answer = client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form(area=json.dumps(area), **posted))
    made = FootageRequest.objects.order_by("-pk").first()
    ask_owners(made.pk, at=NOW)
    for address in (f"/yeu-cau/{made.pk}/", "/yeu-cau/", f"/vu-viec/{street.case.pk}/", "/ban-do-camera/"):
        pages.append(client.get(address).content.decode())
    told = [TOKEN.sub(r"\1", page) for page in pages]
    return answer.status_code, told, queued(before)[:1], sorted(made.clips.values_list("camera", flat=True))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("many", [8, pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_T02_crossing_areas_tell_as_much_as_if_no_household_were_there(street, signed_in, many):  # noqa: F811 - a fixture
    client, differences = signed_in(street.officer), []
    for number, area in enumerate(areas(many)):
        told = []
        for there in (True, False):
            with transaction.atomic():
                if not there:
                    Camera.objects.filter(pk=street.home.pk).delete()
                told.append(all_that_an_officer_gets(client, street, area))
                transaction.set_rollback(True)
        if told[0] != told[1]:
            differences.append(number)
    assert differences == []


def test_T01_pages_of_a_request_do_not_read_the_table_of_answers(street, signed_in):  # noqa: F811 - a fixture
    client = signed_in(street.officer)
    client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form())
    made = FootageRequest.objects.get()
    ask_owners(made.pk, at=NOW)
    with CaptureQueriesContext(
        connection,
    ) as read:
        for address in (f"/yeu-cau/{made.pk}/", "/yeu-cau/", f"/vu-viec/{street.case.pk}/", "/nhat-ky/"):
            client.get(address)
    assert [each["sql"] for each in read if "ownerask" in each["sql"] or "householdseal" in each["sql"]] == []
