"""A request for footage about the unit's cameras, what it asks of a household, and a package of it."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.units.roles import Role
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import OwnerAsk
from binhyen.modules.footage.packages import Chosen, ask_for_package
from binhyen.modules.footage.requests import Asked, ask_for_footage, ask_owners


def _make(setting: Setting) -> dict[str, Any]:
    officer, things = setting.people[Role.INVESTIGATOR], setting.things
    asked = Asked(
        area=circle(*setting.at, 200),
        start=now() - timedelta(hours=3),
        end=now() - timedelta(hours=1),
        purpose="Tìm xe máy bị lấy trộm",
        legal_basis="Bộ luật Tố tụng hình sự 2015, Điều 147",
    )
    request = ask_for_footage(things.case, asked, by=officer, later=lambda _: None)
    ask_owners(request.pk)
    clip = request.clips.get(camera=things.camera.code)
    return {
        "request": request,
        "ask": OwnerAsk.objects.get(request=request, camera=things.home.code),
        "package": ask_for_package(request, [Chosen(clip, clip.window)], by=officer, later=lambda _: None),
    }


EXAMPLES = Examples(
    make=_make,
    parameters={"package_id": lambda things: things.package.package_id},
    by_route={
        ("footage-request", "pk"): lambda things: things.request.pk,
        ("footage-step", "pk"): lambda things: things.request.pk,
        ("footage-package-ask", "pk"): lambda things: things.request.pk,
        ("owner-ask", "pk"): lambda things: things.ask.pk,
        ("owner-receipt", "pk"): lambda things: things.ask.pk,
        ("owner-answer", "pk"): lambda things: things.ask.pk,
    },
    forms={
        "footage-step": {"end": lambda things: {"step": "end", "note": "Không cần nữa."}},
        "owner-answer": {
            "refuse": lambda things: {"answer": "refuse"},
            "withdraw": lambda things: {"answer": "withdraw"},
        },
    },
)
