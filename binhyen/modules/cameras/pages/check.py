"""“Kiểm tra địa chỉ”: what an address is before it is saved. The media plane looks, in a process of its own."""

import json
import os
import subprocess
import sys
import threading
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from binhyen.kernel.units.authority import Refused
from binhyen.modules.cameras import rules
from binhyen.modules.cameras.addresses import AddressRefused, check_stream_url
from binhyen.modules.cameras.domain import addresses_of
from binhyen.modules.cameras.pages.shared import authority_in, camera_in, for_registrars

TAKES_S_MAX = 30
COMMAND = ("-m", "binhyen", "camera", "check", "-", "--strict", "--json")
NO_ANSWER = "Camera không trả lời trong 30 giây. Hãy kiểm tra địa chỉ, nguồn điện và đường mạng rồi thử lại."
BUSY = "Đang kiểm tra camera khác. Hãy thử lại sau vài giây."
_places = threading.BoundedSemaphore(2)  # a check holds a thread of the server for as long as the camera takes


@require_POST
@for_registrars
def check(request: HttpRequest) -> HttpResponse:
    """Codec, size and frame rate of the address typed (or of the camera's own, where none is), or why not."""
    try:
        url = check_stream_url(request.POST.get("url", "") or _address_in_use(request))
    except AddressRefused as error:
        return _answer(request, {"error": str(error)})
    if not _places.acquire(blocking=False):
        return _answer(request, {"error": BUSY})
    try:
        return _answer(request, look_at(url))
    finally:
        _places.release()


def look_at(url: str) -> dict[str, Any]:
    """What `binhyen camera check` says of `url`. The address goes in by standard input: process lists are public."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    try:
        done = subprocess.run(
            [sys.executable, *COMMAND], input=f"{url}\n", capture_output=True, text=True, timeout=TAKES_S_MAX,
            cwd=settings.ROOT, env=environment, check=False,
        )  # fmt: skip
        told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        return {"error": NO_ANSWER}
    return told


def _address_in_use(request: HttpRequest) -> str:
    code = request.POST.get("camera", "")
    if not code:
        raise AddressRefused("Chưa nhập địa chỉ luồng chính. Hãy nhập rồi kiểm tra lại.")
    camera = camera_in(request, code)
    refusal = rules.NOT_FOUND if camera.is_household else rules.may_keep_register(authority_in(request), camera)
    if refusal:
        raise Refused(refusal)
    return addresses_of(camera)[0]


def _answer(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    return render(request, "cameras/_check.html", {"told": told})
