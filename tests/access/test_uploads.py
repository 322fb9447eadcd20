"""S06 on every page that takes a file, found by its form; and how much anybody may send, at the real web process."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.db import connection, transaction
from django.test import Client

from binhyen.kernel.testing.hostile_files import hostile_files, hostile_names, multipart
from binhyen.kernel.units.authority import across_units
from binhyen.web.body_limit import BODY_BYTES_MAX
from tests.access.examples import make_stage, things_for
from tests.access.forms_in_pages import forms_of
from tests.access.routes import all_routes
from tests.access.test_access import EITHER, session_of
from tests.access.test_foreign_choices import Writes, pages_to_open
from tests.station.running import clean_environment, free_port

client = Client(raise_request_exception=False)
TEN_GB = 10_000_000_000
CHUNK = b"40000\r\n" + bytes(0x40000) + b"\r\n"
MEMORY_GROWTH_MAX = 80 * 1024 * 1024


# --- what is in a file -----------------------------------------------------------------------------------------------
def pages_that_take_files(stage, routes):
    """`(session, where the form goes, the file's field, its other values)`."""
    opened, sessions = pages_to_open(), {}
    for route in routes:
        things = things_for(route.name, route.parameters, stage)
        url = route.url(things.get("own", things.get("-")))
        for role in opened.get(route.address, ()):
            if role not in sessions:
                sessions[role] = session_of(stage.people[role])
            client.cookies["sessionid"] = sessions[role]
            page = client.get(url)
            if page.streaming or "text/html" not in page.headers.get("Content-Type", ""):
                continue
            for form in forms_of(page.content.decode()):
                for field in form.files:
                    yield (
                        sessions[role],
                        form.action or url,
                        field,
                        {name: value[0] for name, value in form.values.items()},
                    )


@pytest.mark.timeout(400)
@pytest.mark.parametrize("routes", EITHER)
def test_S06_no_page_takes_a_file_that_is_not_what_it_says(world, routes):
    with across_units():
        stage = make_stage(world)
    wrong = {}
    for session, url, field, values in list(pages_that_take_files(stage, routes)):
        client.cookies["sessionid"] = session
        sent = [(name, content) for name, content in hostile_files()]
        sent += [(name, b"ten\nHa\n" * 3) for name in hostile_names()]
        for name, content in sent:
            body, kind = multipart(field, name, content, **values)
            writes = Writes()
            with transaction.atomic(), connection.execute_wrapper(writes):
                answer = client.post(url, body, content_type=kind)
                transaction.set_rollback(True)
            is_shown = not answer.streaming and b"root:x:" in answer.content
            is_taken = bool(writes.found) and content[:4] != b"ten\n"
            if answer.status_code >= 500 or is_shown or is_taken:
                wrong[url, name[:40]] = (answer.status_code, is_shown, writes.found)
    assert wrong == {}
    assert not list(Path("/tmp").glob("*lot-ra*"))


# --- how much ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def web():
    """The real web process: it refuses before it asks the database anything."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "binhyen.web.asgi:application", "--port", str(port)]
    quiet = ["--lifespan", "off", "--log-level", "warning"]
    with subprocess.Popen([*command, *quiet], env=clean_environment()) as process:
        give_up_at = time.monotonic() + 60
        while not _listens(port):
            assert process.poll() is None
            assert time.monotonic() < give_up_at
            time.sleep(0.1)
        yield psutil.Process(process.pid), port
        process.terminate()


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def conversation(port, path, headers, chunks):
    """Send until the other side has had enough; the status, and how many bytes of the body went out."""
    head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "127.0.0.1", **headers}.items())
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
        try:
            for chunk in chunks:
                line.sendall(chunk)
                sent += len(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused while we were speaking; what it said may still be read
        try:
            answer = line.recv(200).decode("latin-1")
        except ConnectionResetError:
            answer = ""
    return answer.partition(" ")[2][:3], sent


def addresses():
    """One address of every route; what stands for a parameter need not exist: nobody has signed in."""
    return [re.sub("<.*?>", "1", route.address) for route in all_routes()]


def test_S06_ten_gigabytes_are_refused_unread_at_every_address(web):
    process, port = web
    before = process.memory_info().rss
    answers = {path: conversation(port, path, {"Content-Length": TEN_GB}, []) for path in addresses()}
    assert len(answers) > 60
    assert {status for status, _ in answers.values()} == {"413"}
    assert process.memory_info().rss - before < MEMORY_GROWTH_MAX


def test_S06_a_body_without_an_end_is_cut_off_with_memory_bounded(web):
    process, port = web
    before, most = process.memory_info().rss, 0

    def endless():
        nonlocal most
        for _ in range(TEN_GB // len(CHUNK)):
            most = max(most, process.memory_info().rss)
            yield CHUNK

    form = {"Transfer-Encoding": "chunked", "Content-Type": "multipart/form-data; boundary=x"}
    for path in ("/dang-nhap/", "/api/node/events", "/kiem-chung/"):
        status, sent = conversation(port, path, form, endless())
        assert status in ("413", "")  # "": the answer was lost with the connection that was cut
        assert sent < BODY_BYTES_MAX + 30_000_000  # what the sockets of both sides hold
    assert most - before < MEMORY_GROWTH_MAX
    assert conversation(port, "/suc-khoe/", {"Content-Length": 0, "Connection": "close"}, [])[0] != ""
