"""What is done with a file once all of it is there: hashed again, recognised, looked into, and at last cut."""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from binhyen.contracts import SECOND, Instant
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.vault import VaultError
from binhyen.modules.footage.uploads import keeping
from binhyen.modules.footage.uploads.formats import CONTAINERS, HEAD_BYTES, READABLE, Container, container_of
from binhyen.modules.footage.uploads.limits import FILE_BYTES_MAX
from binhyen.modules.footage.uploads.models import Upload
from binhyen.modules.footage.uploads.vessel import VesselWriter
from binhyen.modules.footage.uploads.work import HEADER
from binhyen.sandbox import MIB, Bounds, SandboxError, Source, run_on_source

WORK = "binhyen.modules.footage.uploads.work"
LOOK_BOUNDS = Bounds(memory_mib=1024, cpu_s=300, wall_s=900.0, output_bytes=4 * MIB)
CUT_BOUNDS = Bounds(memory_mib=1024, cpu_s=600, wall_s=1800.0, output_bytes=FILE_BYTES_MAX + FILE_BYTES_MAX // 8)
LENGTH_US_MAX = 14 * 24 * 3600 * SECOND

WRONG_HASH = (
    "Tệp nhận được không giống tệp trên máy gửi (mã băm khác nhau), nên đã bỏ. Có thể tệp đã bị thay đổi trong "
    "lúc gửi, hoặc "
    "lúc gửi tiếp đã chọn một tệp khác. Hãy gửi lại."
)
UNKNOWN = (
    f"Tệp này không phải video mà hệ thống đọc được ({READABLE}). Hãy xuất lại từ đầu ghi ở một trong các dạng ấy."
)


def check_upload(upload_id: str) -> Upload:
    """Compare the hash with the device's, and find out what the file is. Run again it does nothing more."""
    with across_units():
        upload = Upload.objects.get(pk=UUID(upload_id))
        if upload.state != Upload.State.CHECKING:
            return upload
        try:
            return _checked(upload)
        except (SandboxError, VaultError) as error:
            return _reject(upload, f"{error} Hãy xuất lại tệp từ đầu ghi rồi gửi lại.")


def _checked(upload: Upload) -> Upload:
    upload.sha256 = _sha256(upload)
    if upload.sha256 != upload.device_sha256:
        return _reject(upload, WRONG_HASH)
    container = container_of(keeping.original(upload).read(0, HEAD_BYTES))
    if container is None:
        return _reject(upload, UNKNOWN)
    upload.container = container.label
    _look_into(upload, container)
    return _still_checking(upload, Upload.State.READY)


def _sha256(upload: Upload) -> str:
    digest = hashlib.sha256()
    for chunk in keeping.original(upload).chunks(0, upload.size_bytes):
        digest.update(chunk)
    return digest.hexdigest()


def _look_into(upload: Upload, container: Container) -> None:
    found: list[bytes] = []
    run_on_source(
        f"{WORK}:look_into", _source(upload), {"demuxer": container.demuxer}, take=found.append, bounds=LOOK_BOUNDS
    )
    answer = b"".join(found)
    length = HEADER.unpack_from(answer)[0]
    told = json.loads(answer[HEADER.size : HEADER.size + length])
    upload.codec, upload.width, upload.height = str(told["codec"])[:40], int(told["width"]), int(told["height"])
    upload.length_us = max(0, min(int(told["length_us"]), LENGTH_US_MAX))
    upload.still_sealed = keeping.seal_of(upload, answer[HEADER.size + length :], "still")


def _source(upload: Upload) -> Source:
    return Source(upload.size_bytes, keeping.original(upload).read)


def _reject(upload: Upload, sentence: str) -> Upload:
    keeping.remove_files(upload)
    upload.problem = sentence[:400]
    return _still_checking(upload, Upload.State.REJECTED)


@transaction.atomic
def _still_checking(upload: Upload, state: str) -> Upload:
    """Write what was found, unless the owner has dropped the file meanwhile."""
    if Upload.objects.select_for_update().filter(pk=upload.pk, state=Upload.State.CHECKING).exists():
        upload.state = state
        upload.save()
    else:
        keeping.remove_files(upload)
    return upload


@dataclass(frozen=True)
class Part:
    """What was cut out: [start, end) in true time, and how many frames."""

    start: Instant
    end: Instant
    frames: int


def cut_part(upload: Upload) -> Part:
    """Write the part that the owner chose beside the file; not one frame outside it. Raises SandboxError, VaultError.

    Sets what `upload` says of the part; saving is the caller's.
    """
    if upload.recorded_from is None or upload.part_start is None or upload.part_end is None:
        raise VaultError("Chưa chọn đoạn nào của tệp này.")
    vessel = keeping.part(upload)
    vessel.path.unlink(missing_ok=True)  # left by a run that was killed
    writer = VesselWriter(vessel)
    asked = {
        "demuxer": next(each.demuxer for each in CONTAINERS if each.label == upload.container),
        "from_us": upload.part_start - upload.recorded_from,
        "to_us": upload.part_end - upload.recorded_from,
    }
    run_on_source(f"{WORK}:cut", _source(upload), asked, take=writer, bounds=CUT_BOUNDS)
    whole = writer.finish()
    length = HEADER.unpack(vessel.read(whole - HEADER.size, HEADER.size))[0]
    told = json.loads(vessel.read(whole - HEADER.size - length, length))
    upload.part_bytes, upload.part_mime, upload.part_frames = (
        int(told["bytes"]),
        str(told["mime"])[:80],
        int(told["frames"]),
    )
    start = Instant(upload.recorded_from + int(told["from_us"]))
    end = Instant(min(upload.recorded_from + int(told["to_us"]), upload.part_end))
    return Part(start, max(end, Instant(start + 1)), upload.part_frames)
