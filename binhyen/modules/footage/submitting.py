"""From an owner's file to a clip: the owner says how the recorder's clock stood, chooses a part and agrees; only then
is there
anything that an officer may see."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from binhyen.contracts import Instant
from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Refusal, Refused, across_units
from binhyen.kernel.vault import VaultError
from binhyen.modules.cameras.public import Window, answers_by_upload, find_owners, standing_of
from binhyen.modules.footage import answers
from binhyen.modules.footage.evidence import ClipSource, EvidenceError, SourceSegment
from binhyen.modules.footage.models import Clip, OwnerAsk, Upload
from binhyen.modules.footage.requests import RequestRefused, must_open_now
from binhyen.modules.footage.uploads import keeping
from binhyen.modules.footage.uploads.checking import Part, cut_part
from binhyen.sandbox import SandboxError

LAW = Path(__file__).with_name("uploads") / "law.json"
Later = Callable[[str], object]

NOT_BY_UPLOAD = Refusal(
    "Camera này đang được ghi tại hệ thống, nên không cần nộp tệp.",
    code="not_by_upload",
    remedy="Hãy xem và trả lời ngay trên trang yêu cầu.",
)
NOTHING_TO_SHARE = Refusal(
    "Chưa có tệp nào kiểm tra xong để chia sẻ.", code="no_upload", remedy="Hãy tải lại trang để xem tệp đến đâu rồi."
)


@dataclass(frozen=True)
class Statement:
    """What an owner states: the time printed on the first frame, by how much the recorder's clock is ahead (µs;
    negative
    where it is behind), which part in true time may be seen, and whether the whole file goes along as evidence."""

    printed: Instant
    clock_offset_us: int
    part: Window
    with_original: bool


def waiting_ask(ask_id: UUID, *, by: User) -> OwnerAsk:
    """The ask of `by` that waits and is answered with a file. Raises Refused."""
    with across_units():
        ask = answers.asks_of(by).filter(pk=ask_id).first()
        if ask is None:
            raise Refused(answers.NOT_YOURS)
        if ask.state != OwnerAsk.State.WAITING or ask.due_at < now() or must_open_now(ask.request):
            raise Refused(answers.no_longer_needed())
        if not answers_by_upload(ask.camera):
            raise Refused(NOT_BY_UPLOAD)
    return ask


@transaction.atomic
def share(ask_id: UUID, said: Statement, *, by: User, later: Later, at: datetime | None = None) -> Upload:
    """Note what the owner states and agrees to; `later` queues the cutting, after which the clip opens.

    Raises Refused, RequestRefused.
    """
    at = at or now()
    ask = waiting_ask(ask_id, by=by)
    with across_units():
        upload = ask.uploads.select_for_update().filter(state=Upload.State.READY).first()
        if upload is None:
            raise Refused(NOTHING_TO_SHARE)
        upload.recorded_from, upload.clock_offset_us = said.printed - said.clock_offset_us, said.clock_offset_us
        part = _part(said, upload, ask.request.window)
        _must_be_agreed_to(part, ask.camera)
        upload.part_start, upload.part_end, upload.with_original = part.start, part.end, said.with_original
        upload.state, upload.decided_at, upload.problem = Upload.State.CUTTING, at, ""
        upload.save()
        later(str(upload.pk))
    return upload


def _part(said: Statement, upload: Upload, asked: Window) -> Window:
    """What lies in the owner's choice, in what was asked for, and in the file."""
    begun = Instant(said.printed - said.clock_offset_us)
    file = Window(begun, Instant(begun + max(upload.length_us, 1)))
    if file.within(asked).is_empty:
        raise RequestRefused(
            "shown_at",
            "Theo giờ anh/chị ghi, tệp này không có hình nào trong khoảng được hỏi. Hãy xem lại giờ in trên "
            "khung hình đầu và "
            "độ lệch của đồng hồ; nếu đúng vậy, hãy bỏ tệp này và xuất lại đúng khoảng.",
        )
    part = said.part.within(asked).within(file)
    if part.is_empty:
        raise RequestRefused("start", "Đoạn đã chọn không nằm trong tệp và khoảng được hỏi. Hãy chọn lại.")
    return part


def _must_be_agreed_to(part: Window, camera: str) -> None:
    """A household's hours bind what it hands in as well: nobody could look at what lies outside them."""
    standing = standing_of(camera)
    hours = standing.hours
    if not standing.is_open:
        raise RequestRefused(
            "start",
            "Thỏa thuận về camera này đang tạm dừng hoặc đã hết, nên chưa chia sẻ được. Hãy mở lại thỏa thuận trước.",
        )
    if list(hours.parts_of(part)) != [part]:
        raise RequestRefused(
            "start",
            f"Thỏa thuận của anh/chị chỉ gồm {hours.words}. Hãy chọn đoạn nằm trọn trong giờ ấy, hoặc sửa thỏa thuận.",
        )


def make_part(upload_id: str) -> Upload:
    """Cut what `share` noted and open it to the officers of the case. Run again it does nothing more.

    An owner who refused or dropped the file meanwhile has it erased.
    """
    with across_units():
        upload = Upload.objects.select_related("ask").get(pk=UUID(upload_id))
        if upload.state != Upload.State.CUTTING:
            return upload
        try:
            part = cut_part(upload)
        except (SandboxError, VaultError) as error:
            return _back(upload, f"{error} Hãy chọn đoạn khác hoặc xuất lại tệp.")
        except OSError as error:
            return _back(upload, f"Máy chủ không ghi được đoạn này ({error.strerror}). Hãy thử lại sau một giờ.")
        try:
            return _open(upload, part)
        except (Refused, RequestRefused, KeyError) as error:
            return _back(upload, str(error) or "Không chia sẻ được đoạn này. Hãy tải lại trang.")


@transaction.atomic
def _open(upload: Upload, part: Part) -> Upload:
    owner = find_owners([upload.ask.camera])[upload.ask.camera]
    window = Window(part.start, part.end)
    ask = answers.approve(upload.ask_id, window, by=owner, at=upload.decided_at, source=Clip.Source.UPLOAD)
    if not Upload.objects.select_for_update().filter(pk=upload.pk, state=Upload.State.CUTTING).exists():
        raise Refused(NOTHING_TO_SHARE)
    upload.state, upload.clip = Upload.State.SHARED, ask.clip
    upload.save()
    if not upload.with_original:
        keeping.original(upload).path.unlink(missing_ok=True)  # nobody may see it, so nothing is gained by keeping it
    return upload


def _back(upload: Upload, sentence: str) -> Upload:
    """Let the owner choose again; where the file was dropped meanwhile, nothing of it stays."""
    keeping.part(upload).path.unlink(missing_ok=True)
    still = Upload.objects.filter(pk=upload.pk, state=Upload.State.CUTTING)
    if not still.update(state=Upload.State.READY, problem=sentence[:400]):
        keeping.remove_files(upload)
    return Upload.objects.filter(pk=upload.pk).first() or upload


def source_of(clip: Clip, marks: Window, *, camera_name: str) -> Iterator[ClipSource]:
    """The shared part as a clip of a package. Raises EvidenceError where its file is gone."""
    upload = Upload.objects.filter(clip=clip, erased_at=None).first()
    if upload is None or not keeping.part(upload).path.is_file():
        raise EvidenceError(f"Đoạn hình chủ camera {clip.camera} nộp không còn. Hãy bỏ đoạn này rồi lập lại gói.")
    vessel, size = keeping.part(upload), upload.part_bytes
    whole = Window(Instant(upload.recorded_from or 0), Instant((upload.recorded_from or 0) + upload.length_us))
    yield ClipSource(
        camera=clip.camera,
        camera_name=f"{camera_name} (do chủ camera nộp)",
        start=clip.window.start,
        end=clip.window.end,
        mark_in=marks.start,
        mark_out=marks.end,
        mime=upload.part_mime,
        content=lambda: vessel.chunks(0, size),
        clock_offset_us=upload.clock_offset_us,
        sources=(SourceSegment(f"chu-camera-nop/{upload.pk}", upload.sha256, whole.start, whole.end),),
        width=upload.width,
        height=upload.height,
        frames=upload.part_frames,
    )


@cache
def _rules() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = json.loads(LAW.read_text())["verification"]
    return rules


def verification_rule(day: date) -> dict[str, Any] | None:
    """Within how many days footage of citizens is verified, by the law in force on `day`."""
    iso = day.isoformat()
    in_force = (
        r for r in _rules() if r["effective_from"] <= iso and (r["effective_to"] is None or iso < r["effective_to"])
    )
    return next(in_force, None)
