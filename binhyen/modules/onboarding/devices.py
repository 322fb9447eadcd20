"""Asking a device, adding its camera, setting its clock, trying its defaults. Everything that acts is in the log."""

import json
from datetime import timedelta
from urllib.parse import quote, urlsplit, urlunsplit

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from binhyen.contracts import dump, load
from binhyen.contracts.devices import (
    ClockReport,
    DeviceLogin,
    DeviceProfile,
    DeviceReport,
    PasswordReport,
    PasswordTrial,
    Tried,
)
from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.vault import open_sealed, seal
from binhyen.modules.cameras.public import REGISTRARS, Camera, add_camera, bare_stream
from binhyen.modules.network.public import DEFAULT_PASSWORD, CheckOutcome, record_check
from binhyen.modules.onboarding.models import CameraDevice, Draft
from binhyen.modules.onboarding.node import DeviceNode

DRAFT_LIVES = timedelta(hours=1)
NOT_YOURS = Refusal(
    "Anh/chị không giữ danh bạ camera của đơn vị này.",
    code="not_registrar",
    remedy="Hãy đề nghị Cán bộ công an xã, Trưởng công an hoặc Quản trị kỹ thuật của đơn vị.",
)


def ask_device(login: DeviceLogin, *, by: User, node: DeviceNode) -> tuple[Draft | None, DeviceReport]:
    """What the device says; a draft where it offers streams."""
    report = node.describe(login)
    record("device.ask", by=by, subject=urlsplit(login.address).hostname or login.address[:60])
    if not report.profiles:
        return None, report
    draft = Draft(by=by, report=dump(report))
    seal_draft(draft, login)
    return draft, report


def seal_draft(draft: Draft, login: DeviceLogin) -> None:
    """Keep how to get in with the draft."""
    draft.login_sealed = _sealed(login, f"onboarding.draft:{draft.pk}")
    draft.save()


def login_of_draft(draft: Draft) -> DeviceLogin:
    """How to get in, for the node and nobody's eyes."""
    return _opened(draft.login_sealed, f"onboarding.draft:{draft.pk}")


def report_of(draft: Draft) -> DeviceReport:
    """What the device said."""
    return load(DeviceReport, draft.report)


def current_drafts() -> "QuerySet[Draft]":
    """Drafts that may still be gone on with."""
    return Draft.objects.filter(at__gt=now() - DRAFT_LIVES)


@transaction.atomic
def add_from_draft(draft: Draft, *, by: User, unit: Unit, tier: int, name: str, main: str, sub: str) -> Camera:
    """Add the camera with the streams of two profiles; `sub` may be "". Raises Refused, AddressRefused."""
    login, report = login_of_draft(draft), report_of(draft)
    streams = {profile.token: with_login(profile.stream_url, login) for profile in report.profiles}
    camera = add_camera(by=by, unit=unit, tier=tier, name=name, url=streams[main], sub_url=streams.get(sub, ""))
    keep_device(camera, login, report)
    draft.delete()
    return camera


def keep_device(camera: Camera, login: DeviceLogin, report: DeviceReport) -> CameraDevice:
    """Remember the device behind a camera of tier 1 or 2."""
    facts = {name: getattr(report, name)[:100] for name in ("maker", "model", "firmware", "serial")}
    facts |= {"clock_offset_us": report.clock_offset_us, "clock_source": report.clock_source[:20]}
    sealed = _sealed(login, f"onboarding.device:{camera.code}")
    device, _ = CameraDevice.objects.update_or_create(camera=camera, defaults={"login_sealed": sealed, **facts})
    return device


def set_clock(device: CameraDevice, *, by: User, node: DeviceNode) -> ClockReport:
    """Set the camera's clock to the node's. Raises Refused."""
    _refuse_strangers(device, by)
    report = node.set_time(_login_of(device))
    if not report.error:
        device.clock_offset_us, device.clock_source = report.after_us, "Manual"
        device.save()
    record("device.set_time", by=by, subject=device.camera.code, unit=device.camera.unit.code,
           detail={"done": "no" if report.error else "yes"})  # fmt: skip
    return report


def try_defaults(device: CameraDevice, *, by: User, node: DeviceNode) -> PasswordReport:
    """Try the camera's defaults and write the answer into its security checklist. Raises Refused."""
    _refuse_strangers(device, by)
    report = node.try_passwords(PasswordTrial(_login_of(device), bare_stream(device.camera)))
    if not report.error:
        device.nobody, device.default, device.stream = report.nobody, report.default, report.stream
        device.tried_at = now()
        device.save()
        record_check(device.camera.code, DEFAULT_PASSWORD, outcome_of(report), by=by, note=note_of(report))
    record("device.try_defaults", by=by, subject=device.camera.code, unit=device.camera.unit.code,
           detail={"default": report.default.value, "tries": str(report.tries)})  # fmt: skip
    return report


def outcome_of(report: PasswordReport) -> str:
    """What the checklist says of it: nothing accepted, and refused for certain."""
    tried = (report.nobody, report.default, report.stream)
    if Tried.ACCEPTED in tried:
        return CheckOutcome.FAILS
    sure = report.nobody is Tried.REFUSED and report.default is Tried.REFUSED
    return CheckOutcome.PASSES if sure else CheckOutcome.NOT_TRIED


def note_of(report: PasswordReport) -> str:
    """One sentence for the checklist, without a password."""
    found = []
    if report.nobody is Tried.ACCEPTED:
        found.append("vào được không cần mật khẩu")
    if report.default is Tried.ACCEPTED:
        found.append(f"nhận mật khẩu mặc định của tài khoản {report.accepted_user}")
    if report.stream is Tried.ACCEPTED:
        found.append("luồng hình mở cho mọi người")
    return f"Đã thử: {', '.join(found) or 'mật khẩu mặc định bị từ chối'}."


def with_login(stream_url: str, login: DeviceLogin) -> str:
    """A stream's address with the account in it, as the recorder takes it."""
    parts = urlsplit(stream_url)
    who = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}@" if login.user else ""
    return urlunsplit((parts.scheme, f"{who}{parts.netloc}", parts.path, parts.query, ""))


def best_pair(profiles: tuple[DeviceProfile, ...]) -> tuple[str, str]:
    """Tokens of the main stream (the largest) and the sub-stream (the smallest H.264 that is smaller), "" for none."""
    usable = [profile for profile in profiles if profile.stream_url and profile.codec in ("", "H264", "H265", "HEVC")]
    if not usable:
        return "", ""
    main = max(usable, key=lambda profile: (profile.width * profile.height, profile.kilobits_per_second))
    smaller = [p for p in usable if p.width * p.height < main.width * main.height and p.codec in ("", "H264")]
    sub = min(smaller, key=lambda profile: profile.width * profile.height, default=None)
    return main.token, sub.token if sub else ""


def _refuse_strangers(device: CameraDevice, by: User) -> None:
    if not authority_of(by).holds(REGISTRARS, device.camera.unit):
        raise Refused(NOT_YOURS)


def _login_of(device: CameraDevice) -> DeviceLogin:
    return _opened(device.login_sealed, f"onboarding.device:{device.camera.code}")


def _sealed(login: DeviceLogin, context: str) -> bytes:
    return seal(json.dumps(dump(login)).encode(), context=context)


def _opened(sealed: bytes, context: str) -> DeviceLogin:
    return load(DeviceLogin, json.loads(open_sealed(bytes(sealed), context=context)))
