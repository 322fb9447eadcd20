"""A request for footage about the unit's cameras, what it asks of a household, and a package of it."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.units.roles import Role
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import Clip, OwnerAsk, Upload
from binhyen.modules.footage.packages import Chosen, ask_for_package
from binhyen.modules.footage.requests import Asked, ask_for_footage, ask_owners, open_clip
from binhyen.modules.footage.uploads.keeping import new_key, seal_of


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
    ask = OwnerAsk.objects.get(request=request, camera=things.home.code)
    return {
        "request": request,
        "ask": ask,
        "upload": _upload(
            ask, open_clip(request, things.home.code, Clip.Source.UPLOAD, request.start, request.end, at=now())
        ),
        "package": ask_for_package(request, [Chosen(clip, clip.window)], by=officer, later=lambda _: None),
    }


def _upload(ask: OwnerAsk, clip: Clip) -> Upload:
    """A file that was handed in and shared; its part lies nowhere, so that nothing can be played."""
    upload = Upload(ask=ask, clip=clip, state=Upload.State.SHARED, size_bytes=1000, received_bytes=1000, begun_at=now())
    upload.touched_at = upload.received_at = now()
    upload.key_sealed, upload.name_sealed = new_key(upload), seal_of(upload, b"", "name")
    upload.save()
    return upload


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
        ("owner-upload", "pk"): lambda things: things.ask.pk,
        ("owner-upload-link", "pk"): lambda things: things.ask.pk,
        ("owner-upload-here", "pk"): lambda things: things.ask.pk,
        ("owner-upload-still", "pk"): lambda things: things.ask.pk,
        ("owner-upload-drop", "pk"): lambda things: things.ask.pk,
        ("owner-upload-share", "pk"): lambda things: things.ask.pk,
        ("upload-file", "pk"): lambda things: things.upload.pk,
        ("upload-finish", "pk"): lambda things: things.upload.pk,
        ("submitted-clip", "pk"): lambda things: things.upload.clip_id,
        ("submitted-look", "pk"): lambda things: things.upload.clip_id,
        ("submitted-download", "pk"): lambda things: things.upload.clip_id,
        ("submitted-media", "pk"): lambda things: things.upload.clip_id,
        ("submitted-media", "look"): lambda things: things.upload.pk,
    },
    forms={
        "footage-step": {"end": lambda things: {"step": "end", "note": "Không cần nữa."}},
        "owner-answer": {
            "refuse": lambda things: {"answer": "refuse"},
            "withdraw": lambda things: {"answer": "withdraw"},
        },
    },
)
