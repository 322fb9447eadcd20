"""F03: while the database is away nothing is shown, a sentence is, and pages may try again."""

import json
import time

import pytest
from django.db import OperationalError

from binhyen.web import looks
from binhyen.web.asgi import application
from tests.looks.node import run_apart

HEADERS = [(b"host", b"127.0.0.1")]


def away(*_, **__):
    raise OperationalError


def slow(*_, **__):
    time.sleep(looks.CHECK_TAKES_S_MAX + 1)


def asked(scope):
    """What the station sends to one request."""
    sent = []

    async def receive():
        return {"type": f"{scope['type']}.connect"}

    async def send(message):
        sent.append(message)

    run_apart(application({"headers": HEADERS, "query_string": b"", "method": "GET", **scope}, receive, send))
    return sent


@pytest.mark.parametrize("database", [away, slow])
def test_F03_a_live_picture_ends_so_that_the_page_tries_again(monkeypatch, database):
    monkeypatch.setattr(looks, "_open", database)
    sent = asked({"type": "websocket", "path": "/ws/live/X99001-001"})
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.send", "websocket.close"]
    assert sent[-1]["code"] == 4503


def test_F03_footage_answers_503_with_a_sentence(monkeypatch):
    monkeypatch.setattr(looks, "_prepare", away)
    start, body = asked({"type": "http", "path": "/look/00000000-0000-0000-0000-000000000000/media"})
    assert (start["status"], json.loads(body["body"])["code"]) == (503, "centre_away")
