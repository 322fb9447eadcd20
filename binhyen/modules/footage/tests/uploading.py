"""A device that sends a file over HTTP, and what owners do with it afterwards."""

import base64
import hashlib
import json

from binhyen.modules.footage import submitting
from binhyen.modules.footage.models import Upload
from binhyen.modules.footage.submitting import Statement
from binhyen.modules.footage.tests.films import film
from binhyen.modules.footage.uploads.checking import check_upload
from binhyen.modules.footage.uploads.vessel import BLOCK_BYTES

CHUNK = 4 * BLOCK_BYTES


class Device:
    """Somebody's computer: knows a grant and nothing else. `client` is Django's, without a session."""

    def __init__(self, client, grant=""):
        self.client = client
        self.grant = grant

    def open(self, code):
        answer = self.client.post("/nop-hinh/mo/", json.dumps({"code": code}), content_type="application/json")
        self.grant = answer.json().get("grant", "")
        return answer

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.grant}", "Accept": "application/json", "Tus-Resumable": "1.0.0"}

    def state(self):
        return self.client.get("/nop-hinh/tinh-trang/", headers=self.headers)

    def create(self, content, name="CH1.mp4", **more):
        words = {"filename": name, "fingerprint": hashlib.sha256(content[:BLOCK_BYTES]).hexdigest()}
        told = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in words.items())
        length = {"Upload-Length": str(more.get("length", len(content))), "Upload-Metadata": told}
        return self.client.post("/nop-hinh/tep/", headers=self.headers | length)

    def put(self, url, content, offset, *, checksum=None):
        headers = self.headers | {"Upload-Offset": str(offset)}
        digest = checksum or hashlib.sha256(content).digest()
        headers["Upload-Checksum"] = f"sha256 {base64.b64encode(digest).decode()}"
        return self.client.patch(url, content, content_type="application/offset+octet-stream", headers=headers)

    def offset(self, url):
        return int(self.client.head(url, headers=self.headers).headers["Upload-Offset"])

    def send(self, url, content, *, until=None):
        """From where the station is, up to `until`."""
        at, end = self.offset(url), len(content) if until is None else until
        while at < end:
            answer = self.put(url, content[at : min(at + CHUNK, end)], at)
            assert answer.status_code == 204, answer.content
            at = int(answer.headers["Upload-Offset"])
        return at

    def finish(self, url, content, *, sha256=""):
        digest = sha256 or hashlib.sha256(content).hexdigest()
        body = json.dumps({"sha256": digest})
        return self.client.post(f"{url}xong/", body, content_type="application/json", headers=self.headers)

    def hand_in(self, content, **more):
        """All of it, at once; the address of the upload."""
        url = self.create(content, **more).headers["Location"]
        self.send(url, content)
        assert self.finish(url, content).status_code == 202
        return url


def checked():
    """The file after the background has looked into it."""
    upload = Upload.objects.exclude(state="cancelled").first()
    return check_upload(str(upload.pk))


def stated(home, **changes):
    """The owner's clock is right and all that was asked for may be seen."""
    window = home.request.window
    said = {"printed": window.start, "clock_offset_us": 0, "part": window, "with_original": False}
    return Statement(**{**said, **changes})


def shared(home, device, content=None, **changes):
    """Handed in, looked into, agreed to, cut."""
    device.hand_in(content or film())
    checked()
    upload = submitting.share(home.ask.pk, stated(home, **changes), by=home.owner, later=lambda _: None)
    return submitting.make_part(str(upload.pk))
