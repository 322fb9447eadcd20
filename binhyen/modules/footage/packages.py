"""Making evidence packages: queued by an officer, built in the background, done once or again without harm."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate, now

from binhyen import __version__
from binhyen.contracts import Clock, SystemClock
from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record, root_at
from binhyen.kernel.signing.station import station_key
from binhyen.kernel.units.authority import Refusal, Refused, across_units, authority_of
from binhyen.kernel.units.models import Membership
from binhyen.modules.cameras.public import LookKind, Purpose, Window, camera_name, open_look
from binhyen.modules.cases.public import may_work_on, refuse
from binhyen.modules.footage.evidence import (
    CaseFacts,
    ClipSource,
    EvidenceError,
    PackageFacts,
    PackageReport,
    Person,
    Progress,
    RequestFacts,
    SecretKey,
    build_package,
)
from binhyen.modules.footage.evidence.facts import package_id_of
from binhyen.modules.footage.geometry import area_words
from binhyen.modules.footage.models import Clip, EvidencePackage, FootageRequest
from binhyen.modules.footage.node import Node
from binhyen.modules.footage.requests import RequestRefused, must_open_now
from binhyen.modules.footage.submitting import source_of

FOLDER = "blobs/evidence"
KEY_NAME = "evidence"
PROGRESS_EVERY = timedelta(seconds=1)
CLIPS_MAX = 16


@dataclass(frozen=True)
class Chosen:
    """A part of a clip, as an officer marks it."""

    clip: Clip
    marks: Window


Later = Callable[[str], object]


@transaction.atomic
def ask_for_package(
    request: FootageRequest, chosen: Iterable[Chosen], *, by: User, later: Later, at: datetime | None = None
) -> EvidencePackage:
    """Queue a package of `chosen`. Each clip in it is a look of kind export: checked, and one line in the log.

    `later` queues `make_package` for the package's id. Raises Refused, RequestRefused.
    """
    at = at or now()
    refuse(may_work_on(authority_of(by), request.case))
    refuse(must_open_now(request))
    parts = list(chosen)
    _check_parts(request, parts)
    for part in parts:
        open_look(
            part.clip.camera,
            by=by,
            kind=LookKind.EXPORT,
            purpose=Purpose.CASE,
            case=request.case_number,
            window=part.marks,
            at=at,
        )
    package = EvidencePackage(
        package_id=package_id_of(secrets.token_bytes(8)),
        request=request,
        selection=[{"clip": p.clip.pk, "mark_in": p.marks.start, "mark_out": p.marks.end} for p in parts],
        clips_total=len(parts),
        made_by=by,
        queued_at=at,
    )
    package.save()
    later(package.package_id)
    _write_line("footage.package.ask", package, by=by)
    return package


def _check_parts(request: FootageRequest, parts: list[Chosen]) -> None:
    if not 1 <= len(parts) <= CLIPS_MAX:
        raise RequestRefused("clips", f"Đã chọn {len(parts)} đoạn. Hãy chọn từ 1 đến {CLIPS_MAX} đoạn cho một gói.")
    for part in parts:
        if part.clip.request_id != request.pk or part.clip.ended_at is not None:
            raise Refused(CLIP_ENDED)
        if part.marks.is_empty or part.marks.within(part.clip.window) != part.marks:
            raise RequestRefused(
                "clips", f"Điểm đầu, điểm cuối của camera {part.clip.camera} nằm ngoài đoạn được mở. Hãy chọn lại."
            )


CLIP_ENDED = Refusal(
    "Một đoạn đã chọn không còn được mở.",
    code="clip_ended",
    remedy="Hãy tải lại trang và chọn lại các đoạn.",
)


def make_package(package_id: str, *, clock: Clock | None = None, node: Node | None = None) -> EvidencePackage:
    """Build what `ask_for_package` queued. Run again after a crash it starts anew; run again after the end it does
    nothing. A package is there whole or not at all. Raises TryLater where the footage cannot be read yet."""
    clock, node = clock or SystemClock(), node or Node(settings.BINHYEN_NODE_URL, settings.BINHYEN_NODE_TOKEN)
    with across_units():
        package = EvidencePackage.objects.select_related("request__case__unit", "made_by").get(package_id=package_id)
        if not package.is_moving:
            return package
        package.state, package.clips_done, package.bytes_done = EvidencePackage.State.WORKING, 0, 0
        package.save(update_fields=["state", "clips_done", "bytes_done"])
        try:
            report = _build(package, clock, node)
            _finish(package, report, clock)
        except (EvidenceError, Refused) as error:
            path_of(package).unlink(missing_ok=True)
            _fail(package, str(error))
    return package


def give_up(package_id: str, sentence: str) -> None:
    """Say that a package will not be made: it was tried often enough."""
    with across_units():
        package = EvidencePackage.objects.get(package_id=package_id)
        if package.is_moving:
            _fail(package, f"{sentence} Đã thử nhiều lần; hãy lập lại gói sau.")


def _build(package: EvidencePackage, clock: Clock, node: Node) -> PackageReport:
    _still_allowed(package)
    path = path_of(package)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # left by a run that was killed before it could say so
    path.with_name(path.name + ".part").unlink(missing_ok=True)
    return build_package(
        path, facts_of(package), _clips(package, node), signer=signing_key(), clock=clock, progress=_Reporter(package)
    )


def _clips(package: EvidencePackage, node: Node) -> Iterator[ClipSource]:
    authority = authority_of(package.made_by)
    for part in package.selection:
        clip = Clip.objects.get(pk=part["clip"])
        name = camera_name(clip.camera, authority)
        if clip.source == Clip.Source.UPLOAD:
            yield from source_of(clip, Window(part["mark_in"], part["mark_out"]), camera_name=name)
        else:
            yield from node.clips_of(clip.camera, part["mark_in"], part["mark_out"], camera_name=name)


def _still_allowed(package: EvidencePackage) -> None:
    """Raise Refused where the case or the request was closed, or an owner withdrew, since it was asked for."""
    request = FootageRequest.objects.select_related("case__unit").get(pk=package.request_id)
    refuse(may_work_on(authority_of(package.made_by), request.case))
    refuse(must_open_now(request))
    chosen = {part["clip"] for part in package.selection}
    if Clip.objects.filter(pk__in=chosen, ended_at=None).count() != len(chosen):
        raise Refused(CLIP_ENDED)


@transaction.atomic
def _finish(package: EvidencePackage, report: PackageReport, clock: Clock) -> None:
    clips = [part["clip"] for part in package.selection]
    list(Clip.objects.filter(pk__in=clips).select_for_update())  # an owner who withdraws now waits, and is counted
    _still_allowed(package)
    package.state = EvidencePackage.State.DONE
    package.clips_done, package.bytes_done = package.clips_total, report.size_bytes
    package.size_bytes, package.manifest_sha256 = report.size_bytes, report.manifest_sha256
    package.key_fingerprint = report.key_fingerprint
    package.finished_at = datetime.fromtimestamp(clock.now() / 1e6, tz=UTC)
    package.save()
    _write_line("footage.package.make", package, by=package.made_by)


def _fail(package: EvidencePackage, sentence: str) -> None:
    package.state, package.error, package.finished_at = EvidencePackage.State.FAILED, sentence[:400], now()
    package.save()


class _Reporter:
    """Writes progress to the row, at most once a second."""

    def __init__(self, package: EvidencePackage) -> None:
        self.package = package
        self.due = now()

    def __call__(self, progress: Progress) -> None:
        if now() < self.due:
            return
        self.due = now() + PROGRESS_EVERY
        EvidencePackage.objects.filter(pk=self.package.pk).update(
            clips_done=min(progress.clips_done, self.package.clips_total), bytes_done=progress.bytes_done
        )


def facts_of(package: EvidencePackage) -> PackageFacts:
    """What the manifest says beside the clips."""
    request, yesterday = package.request, localdate() - timedelta(days=1)
    case, unit = request.case, request.unit
    parent = unit.__class__.objects.filter(path=unit.path[: -unit.steplen]).first()
    return PackageFacts(
        package_id=package.package_id,
        unit=unit.name,
        parent_unit=parent.name if parent else "",
        case=CaseFacts(case.number, case.kind_label, request.legal_basis),
        request=RequestFacts(
            number=request.number,
            purpose=request.purpose,
            area=area_words(request.area, request.area_m2, request.place),
            start=request.window.start,
            end=request.window.end,
            granted_by=_granted_by(package),
        ),
        made_by=Person(str(package.made_by), _position(package.made_by), unit.name),
        log_day=yesterday.isoformat(),
        log_root=root_at(yesterday)[1],
        software={"binhyen": __version__},
    )


def _granted_by(package: EvidencePackage) -> str:
    request = package.request
    said = "Quy định về camera công; chủ camera hộ gia đình đồng ý"
    if request.cosigned_by:
        said = f"Quy định về camera công; {request.cosigned_by} ký duyệt khoảng thời gian"
    chosen = [part["clip"] for part in package.selection]
    handed_in = Clip.objects.filter(pk__in=chosen, source=Clip.Source.UPLOAD).values_list("camera", flat=True)
    return f"{said}; {_handed_in(handed_in)}" if handed_in else said


def _handed_in(cameras: Iterable[str]) -> str:
    """What the minutes say of clips that the station did not record."""
    return (
        f"đoạn của camera {', '.join(cameras)} do chủ camera nộp từ đầu ghi riêng: giờ đã trừ độ lệch đồng hồ "
        "theo lời chủ camera, "
        "mã băm tệp gốc tính tại máy gửi và khi nhận như nhau"
    )


def _position(user: User) -> str:
    held = Membership.objects.valid_on().filter(user=user).order_by("pk").first()
    return held.get_role_display() if held else ""


def signing_key() -> SecretKey:
    """This installation's key for evidence, made at first use."""
    return station_key(KEY_NAME)


def path_of(package: EvidencePackage) -> Path:
    """Where the package lies."""
    return Path(settings.BINHYEN_DATA) / FOLDER / f"{package.package_id}.zip"


@transaction.atomic
def open_for_download(package: EvidencePackage, *, by: User) -> Path:
    """The file, for somebody who works on the case; each download is a look. Raises Refused."""
    refuse(may_work_on(authority_of(by), package.request.case))
    path = path_of(package)
    if package.state != EvidencePackage.State.DONE or not path.is_file():
        raise Refused(
            Refusal(
                f"Gói chứng cứ {package.package_id} chưa có tệp để tải.",
                code="package_not_ready",
                remedy="Hãy chờ lập xong, hoặc lập lại gói nếu trang báo lỗi.",
            )
        )
    _write_line("look.export.download", package, by=by)
    return path


def erase_packages(request: FootageRequest) -> None:
    """Remove the files; the row stays and says that there was a package."""
    for package in EvidencePackage._base_manager.filter(request=request, erased_at=None):
        path_of(package).unlink(missing_ok=True)
        package.erased_at = now()
        package.save(update_fields=["erased_at"])


def _write_line(action: str, package: EvidencePackage, *, by: User) -> None:
    request = package.request
    record(
        action,
        by=by,
        subject=package.package_id,
        unit=request.unit.code,
        case=request.case_number,
        purpose=request.purpose[:200],
        detail={"request": request.number, "manifest": package.manifest_sha256},
    )
