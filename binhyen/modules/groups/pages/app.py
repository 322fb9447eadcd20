"""The page for a telephone that may be offline: installable, with a service worker that reaches no further than it."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.vault import pseudonym
from binhyen.modules.groups import offline
from binhyen.modules.groups.models import Patrol
from binhyen.modules.groups.pages.shared import authority_in, for_groups, user_in
from binhyen.modules.groups.rules import group_ids_of

_WORKER = Path(__file__).resolve().parent.parent / "browser" / "tho.js"
FILES = (
    "groups/di-tuan.css", "groups/di-tuan.js", "groups/queue.js", "theme.css", "theme.js", "icon.svg",
    *(f"lib/typeface/{weight}.css" for weight in (400, 600)),
    *(f"lib/typeface/files/be-vietnam-pro-{part}-{weight}-normal.woff2"
      for part in ("latin", "vietnamese") for weight in (400, 600)),
)  # fmt: skip
"""What the page is made of; the service worker keeps these and nothing else."""
PATROLS_SENT = 20


@for_groups
def app_page(request: HttpRequest) -> HttpResponse:
    """The shell: it holds nothing of anybody, so that what stays on the telephone is the queue alone."""
    return render(request, "groups/di_tuan.html")


@require_GET
@for_groups
def manifest(request: HttpRequest) -> HttpResponse:
    """Web app manifest (W3C)."""
    told = {
        "name": "Bình Yên · Đi tuần", "short_name": "Đi tuần", "lang": "vi", "start_url": reverse("patrol-app"),
        "scope": reverse("patrol-app"), "display": "standalone", "background_color": "#f3f5f4",
        "theme_color": "#14532d",
        "icons": [
            {"src": static(f"groups/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
             "purpose": "any maskable"}
            for size in (192, 512)
        ],
    }  # fmt: skip
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")


@never_cache
@require_GET
@for_groups
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its scope is the folder of this address; it is never cached, so that a release reaches it."""
    files = [reverse("patrol-app"), *(static(name) for name in FILES)]
    named = json.dumps({"version": _version(), "files": files, "page": reverse("patrol-app")})
    script = f"const KEPT = {named};\n{_WORKER.read_text()}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@cache
def _version() -> str:
    """Changes when a file of the page does: telephones then fetch all of them anew."""
    digest = hashlib.sha256(_WORKER.read_bytes() + get_template("groups/di_tuan.html").template.source.encode())  # type: ignore[attr-defined]  # Django's own engine
    for name in FILES:
        path = finders.find(name)
        digest.update(Path(str(path)).read_bytes() if path else b"")
    return digest.hexdigest()[:16]


@never_cache
@require_GET
@for_groups
def facts(request: HttpRequest) -> HttpResponse:
    """The patrols that the person goes on, a token for sending, and the station's time, signed."""
    user, at = user_in(request), now()
    return JsonResponse(
        {
            "person": {"key": person_key(user.pk), "name": str(user)},
            "token": get_token(request),
            "now": round(at.timestamp() * 1000),
            "anchor": offline.anchor_for(user, at),
            "patrols": [_patrol(each) for each in _own_patrols(authority_in(request))],
        }
    )


def person_key(pk: int) -> str:
    """Tells a telephone whose queue it holds, and says nothing to anybody else."""
    return pseudonym(str(pk), purpose="groups.queue")[:32]


def _own_patrols(authority: Authority) -> Any:
    going = Patrol.objects.filter(
        group__in=group_ids_of(authority), state__in=("planned", "under_way"), people__member__user=authority.user,
        people__left_at=None,
    )  # fmt: skip
    return going.select_related("group").prefetch_related("people__member").order_by("planned_at")[:PATROLS_SENT]


def _patrol(patrol: Patrol) -> dict[str, Any]:
    return {
        "id": patrol.pk,
        "group": patrol.group.name,
        "route": patrol.route,
        "planned": f"{localtime(patrol.planned_at):%H:%M %d/%m/%Y}",
        "state": patrol.state,
        "people": [each.member.name for each in patrol.people.all() if each.left_at is None],
    }


@require_POST
@for_groups
def sync(request: HttpRequest) -> HttpResponse:
    """Take what a telephone kept: each thing once, however often it is sent."""
    received, user = now(), user_in(request)
    try:
        sent, items = offline.read_batch(json.loads(request.body))
    except (ValueError, RecursionError) as error:
        words = str(error) if isinstance(error, offline.BadBatch) else "Gói gửi lên không phải JSON."
        return JsonResponse({"code": "bad_batch", "detail": words}, status=422)
    taken = offline.take_all(sent, items, by=user, received=received)
    return JsonResponse(
        {
            "results": [{"id": each.id, "state": each.state, "said": each.said} for each in taken],
            "now": round(received.timestamp() * 1000),
            "anchor": offline.anchor_for(user, received),
        }
    )
