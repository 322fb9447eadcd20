"""`bien-ban.pdf`: the minutes that people sign, laid out as Nghị định 30/2020/NĐ-CP asks of official papers."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from binhyen.contracts import GapReason
from binhyen.modules.footage.evidence.facts import EvidenceError, Person
from binhyen.modules.footage.evidence.manifest import Clip, Manifest, Moment, local_time
from binhyen.modules.footage.evidence.seal import Seal, grouped

TEMPLATE = Path(__file__).parent / "bien-ban.typ"

GAP_REASONS = {
    GapReason.CONNECTION: "mất kết nối với camera",
    GapReason.SILENT: "camera không gửi hình",
    GapReason.GARBAGE: "dữ liệu camera gửi bị hỏng",
    GapReason.DISK_FULL: "ổ đĩa đầy",
    GapReason.DISK_SLOW: "ổ đĩa ghi không kịp",
    GapReason.DISK_ERROR: "ổ đĩa lỗi",
    GapReason.CLOCK_STEP: "đồng hồ máy ghi bị chỉnh",
    GapReason.STOPPED: "đã tắt ghi hình",
    GapReason.CRASH: "máy ghi dừng đột ngột",
}


def minutes_pdf(manifest: Manifest, seal: Seal) -> bytes:
    """PDF/A-2b, fonts embedded, the same bytes for the same manifest. Raises EvidenceError if typst refuses."""
    import typst  # only makers of packages need it; a verifier starts without

    try:
        pdf = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            font_paths=_embedded_fonts(),
            sys_inputs={"facts": json.dumps(_facts(manifest, seal), ensure_ascii=False)},
            pdf_standards="a-2b",
            timestamp=local_time(manifest.made_at.us).replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise EvidenceError(f"Không in được biên bản: {error.message}.") from error
    if not isinstance(pdf, bytes):
        raise EvidenceError("Không in được biên bản: bộ in không trả về tệp PDF.")
    return pdf


@cache
def _embedded_fonts() -> Any:
    """The wheel's own fonts only, so that every machine prints the same page."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def _facts(manifest: Manifest, seal: Seal) -> dict[str, Any]:
    made = local_time(manifest.made_at.us)
    request = manifest.request
    return {
        "unit": manifest.unit,
        "parent_unit": manifest.parent_unit,
        "number": manifest.minutes_number,
        "place": manifest.place,
        "hour": f"{made:%H} giờ {made:%M} phút",
        "day": f"ngày {made:%d} tháng {made:%m} năm {made:%Y}",
        "case": {
            "number": manifest.case.number,
            "kind": manifest.case.kind,
            "legal_basis": manifest.case.legal_basis,
        },
        "request": {
            "number": request.number,
            "purpose": request.purpose,
            "area": request.area,
            "window": f"từ {clock_words(request.start)} đến {clock_words(request.end)}",
            "granted_by": request.granted_by,
        },
        "made_by": _person(manifest.made_by),
        "recipient": _person(manifest.recipient or Person("")),
        "clips": [_clip_row(number, clip) for number, clip in enumerate(manifest.clips, 1)],
        "gaps": [
            [clip.camera, clock_words(gap.start), clock_words(gap.end), GAP_REASONS[gap.reason]]
            for clip in manifest.clips
            for gap in clip.gaps
        ],
        "total": f"{len(manifest.clips)} đoạn hình, {size_words(sum(clip.size_bytes for clip in manifest.clips))}",
        "log": f"ngày {_day_words(manifest.log_day)}: {grouped(manifest.log_root, 8)}" if manifest.log_root else "",
        "software": ", ".join(f"{name} {version}" for name, version in manifest.software.items()),
        "package_id": seal.package_id,
        "root": grouped(seal.manifest_sha256, 8),
        "fingerprint": grouped(seal.key_fingerprint),
        "public_key": manifest.key.public_key,
        "qr": _qr(seal),
    }


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "position": person.position, "unit": person.unit}


def _clip_row(number: int, clip: Clip) -> dict[str, Any]:
    return {
        "number": number,
        "file": clip.file,
        "camera": clip.camera,
        "camera_name": clip.camera_name,
        "cut": [clock_words(clip.start), clock_words(clip.end)],
        "marks": [clock_words(clip.mark_in), clock_words(clip.mark_out)],
        "offset": offset_words(clip.camera_clock_offset_us),
        "frames": f"{clip.frames:,}".replace(",", "."),
        "size": size_words(clip.size_bytes),
        "sha256": grouped(clip.sha256, 8),
    }


def clock_words(moment: Moment) -> str:
    """`21/11/2026 14:05:03,250`: the milliseconds are what a frame needs, the manifest has the rest."""
    local = local_time(moment.us)
    return f"{local:%d/%m/%Y %H:%M:%S},{local.microsecond // 1000:03d}"


def _day_words(iso_day: str) -> str:
    """`21/11/2026` of `2026-11-21`."""
    return "/".join(reversed(iso_day.split("-")))


def offset_words(offset_us: int | None) -> str:
    """How the camera's clock stood to the recorder's."""
    if offset_us is None:
        return "chưa đo được"
    if offset_us == 0:
        return "không lệch"
    seconds = abs(timedelta(microseconds=offset_us)).total_seconds()
    return f"{'nhanh' if offset_us > 0 else 'chậm'} {f'{seconds:.3f}'.replace('.', ',')} giây"


def size_words(size_bytes: int) -> str:
    """Bytes in the unit that keeps the number short, with Vietnam's decimal comma."""
    size, unit = float(size_bytes), "byte"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size_bytes} byte" if unit == "byte" else f"{size:.1f} {unit}".replace(".", ",")


def _qr(seal: Seal) -> str:
    import segno

    return segno.make_qr(seal.text(), error="m", boost_error=False).svg_inline(border=2, scale=4, omitsize=False)
