"""T01: every address × every role. Facts of one household are looked for in all that is answered, logged, searched."""

import logging
import re
from datetime import timedelta
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.test import Client
from django.utils.timezone import now

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.households import open_household
from binhyen.modules.cameras.network_map import _opened, publish_map
from binhyen.modules.cameras.places import active_households
from binhyen.modules.cameras.public import Window
from binhyen.modules.footage import answers
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import OwnerAsk
from binhyen.modules.footage.packages import Chosen, ask_for_package
from binhyen.modules.footage.requests import Asked, ask_for_footage, ask_owners
from tests.access.examples import forms_for, make_stage, things_for
from tests.access.test_access import QUICK, SLOW, in_parts, session_of
from tests.blind.secrets import PLACE, WORDS, add_sentinel, found_in, text_of

WATCHED = (Role.CHIEF, Role.AUDITOR, Role.IT_ADMIN)
"""Who is tried in the quick suite; all are in the slow one."""

client = Client(raise_request_exception=False)


@pytest.fixture
def stage(world):
    """Every thing that an address names, and the household: asked, approved in part, its clip in a package."""
    with across_units():
        stage = make_stage(world)
        stage.camera, stage.owner = add_sentinel(world.commune_a)
        officer = world.people[Role.INVESTIGATOR]
        area = circle(PLACE[0] + 0.0007, PLACE[1] + 0.0007, 200)
        asked = Asked(area, now() - timedelta(hours=3), now() - timedelta(hours=1), "Tìm xe máy bị mất", "Điều 147")
        stage.request = ask_for_footage(stage.own.case, asked, by=officer, later=lambda _: None)
        ask_owners(stage.request.pk)
        ask = OwnerAsk.objects.get(request=stage.request, camera=stage.camera.code)
        ask = answers.approve(ask.pk, Window(stage.request.start, stage.request.end), by=stage.owner)
        package = ask_for_package(stage.request, [Chosen(ask.clip, ask.clip.window)], by=officer, later=lambda _: None)
        vars(stage.own).update(request=stage.request, package=package)
        publish_map()
    stage.sessions = {role: session_of(stage.people[role]) for role in Role}
    return stage


def things_to_try(route, stage):
    tried = things_for(route.name, route.parameters, stage)
    if "code" in route.parameters and "own" in tried:
        tried["sentinel"] = tried["own"] | {"code": stage.camera.code}
    return tried


def crawl(routes, stage, roles, *, posts):
    told = []
    for role in roles:
        session = stage.sessions[role]
        for route in routes:
            for values in things_to_try(route, stage).values():
                url = route.url(values)
                ways = {"GET": {}, **({"POST": {}, **forms_for(route.name, stage.own)} if posts else {})}
                told += [
                    (role, way, url, fact)
                    for way, form in ways.items()
                    for fact in found_in(asked(way, url, form, session))
                ]
    return told


def asked(way, url, form, session):
    client.cookies.clear()
    client.cookies["sessionid"] = session
    with transaction.atomic():
        answer = client.get(url) if way == "GET" else client.post(url, form)
        text = async_text(answer) if getattr(answer, "is_async", False) else text_of(answer)
        transaction.set_rollback(True)
    return text


def async_text(answer):
    async def read():
        return b"".join([part async for part in answer.streaming_content])

    return f"{answer.headers}\n{async_to_sync(read)().decode('utf-8', 'replace')}"


@pytest.mark.timeout(600)  # several hundred pages: a busy machine needs minutes
def test_T01_no_page_tells_of_a_household(stage, caplog):
    caplog.set_level(logging.INFO)
    assert crawl(QUICK, stage, WATCHED, posts=False) == []
    assert found_in(caplog.text) == []
    searches_tell_nothing(stage)
    what_is_printed_names_nobody(stage)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("routes", in_parts(QUICK, 4) + in_parts(SLOW, 2))
def test_T01_no_answer_to_any_role_tells_of_a_household(routes, stage, caplog):
    caplog.set_level(logging.DEBUG)
    assert crawl(routes, stage, Role, posts=True) == []
    assert found_in(caplog.text) == []


SEARCHES = ("/camera/?words={}", "/vu-viec/?tim={}", "/to-tu-quan/?tim={}", "/nhat-ky/?tim={}", "/yeu-cau/?trang={}")


def searches_tell_nothing(stage):
    """A search for a fact finds what a search for nothing finds."""
    session = stage.sessions[Role.CHIEF]
    for address in SEARCHES:
        nothing = without(asked("GET", address.format("Xyzq404"), {}, session), "Xyzq404")
        for word in WORDS.values():
            assert without(asked("GET", address.format(quote_plus(word)), {}, session), word) == nothing, address


def without(text, word):
    """The answer without what was typed, and what differs from one request to the next."""
    for typed in (word, escape(word), quote_plus(word), quote(word)):
        text = text.replace(typed, "…")
    text = re.sub(r"'Content-Length': '\d+'", "", text)
    return re.sub(r"(csrf[^\n]{0,200}(?:content|value)=\")[^\"]+|nonce-[^']+|csrftoken=\S+|expires=[^;]+", "", text)


def what_is_printed_names_nobody(stage):
    with across_units():
        row = next(each for each in active_households() if each.camera_id == stage.camera.pk)
        things = [open_household(stage.camera), _opened(row), row, stage.camera]
    assert found_in(" ".join(f"{each!r} {each}" for each in things)) == []
