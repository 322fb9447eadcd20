"""A gigabyte at the real web process: nothing grows with the file."""

import base64
import hashlib
import http.client
import json
from contextlib import closing

import psutil
import pytest
from django.utils.timezone import now

from binhyen.modules.footage import submitting
from binhyen.modules.footage.models import Upload
from binhyen.modules.footage.tests.films import film
from binhyen.modules.footage.tests.uploading import CHUNK, checked, stated
from binhyen.modules.footage.uploads import keeping, links

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

SIZE = 1 << 30
GROWTH_MAX = 120 << 20


def pieces(content):
    """`content` and an MP4 box of nothing behind it, SIZE bytes in all."""
    head = content + (SIZE - len(content)).to_bytes(4, "big") + b"free"
    yield head + bytes(CHUNK - len(head))
    for _ in range(SIZE // CHUNK - 1):
        yield bytes(CHUNK)


def ask(line, method, url, body=None, headers=None):
    line.request(method, url, body, headers or {})
    answer = line.getresponse()
    return answer, answer.read()


def memory_of_children():
    return sum(child.memory_info().rss for child in psutil.Process().children(recursive=True))


def test_S06_memory_stays_flat_while_a_gigabyte_comes_is_checked_and_cut(live_station, home):
    code = links.make_link(home.ask.pk, at=now())
    digest, grown, before = hashlib.sha256(), 0, memory_of_children()
    with closing(http.client.HTTPConnection(live_station.url.removeprefix("http://"))) as line:
        grant = json.loads(ask(line, "POST", "/nop-hinh/mo/", json.dumps({"code": code}))[1])["grant"]
        bearer = {"Authorization": f"Bearer {grant}"}
        url = ask(line, "POST", "/nop-hinh/tep/", headers=bearer | {"Upload-Length": str(SIZE)})[0].headers["Location"]
        for number, piece in enumerate(pieces(film(8))):
            digest.update(piece)
            summed = base64.b64encode(hashlib.sha256(piece).digest()).decode()
            told = {"Upload-Offset": str(number * CHUNK), "Upload-Checksum": f"sha256 {summed}"}
            kind = {"Content-Type": "application/offset+octet-stream"}
            assert ask(line, "PATCH", url, piece, bearer | told | kind)[0].status == 204
            grown = max(grown, memory_of_children() - before)
        assert ask(line, "POST", f"{url}xong/", json.dumps({"sha256": digest.hexdigest()}), bearer)[0].status == 202
    mine = psutil.Process().memory_info().rss
    assert checked().state == "ready"
    submitting.share(home.ask.pk, stated(home), by=home.owner, later=lambda _: None)
    assert submitting.make_part(str(Upload.objects.get().pk)).state == "shared"
    grown_here = psutil.Process().memory_info().rss - mine
    for path in keeping.folder().glob("*"):
        path.unlink()
    assert max(grown, grown_here) < GROWTH_MAX, (grown, grown_here)
