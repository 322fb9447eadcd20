"""Taking a file in: begun, continued from where it stopped by whoever may, finished with the hash of the device that
sent it."""

import hashlib
import re
import shutil
import uuid
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from binhyen.kernel.units.authority import across_units
from binhyen.modules.footage.uploads import keeping
from binhyen.modules.footage.uploads.faults import (
    CHECKSUM_MISMATCH,
    CONFLICT,
    NO_SPACE,
    NOT_THERE,
    TOO_LARGE,
    UNUSABLE,
    UploadRefused,
)
from binhyen.modules.footage.uploads.limits import (
    BYTES_PER_ASK_MAX,
    CHUNK_BYTES_MAX,
    FILE_BYTES_MAX,
    FILES_PER_ASK_MAX,
    FREE_BYTES_MIN,
    GIB,
    UNFINISHED_AT_ONCE_MAX,
)
from binhyen.modules.footage.uploads.models import LIVING, Upload
from binhyen.modules.footage.uploads.vessel import BLOCK_BYTES

NAME_LETTERS_MAX = 120
SHA256 = re.compile(r"[0-9a-f]{64}")
Later = Callable[[str], object]

NO_SUCH_FILE = "Không có tệp đang gửi này. Hãy tải lại trang rồi chọn tệp để gửi lại từ đầu."


def current(ask_id: UUID) -> Upload | None:
    """The file of an ask, newest first; a cancelled one is none."""
    with across_units():
        upload = Upload.objects.filter(ask_id=ask_id).exclude(state=Upload.State.CANCELLED).first()
        return _as_on_disk(upload) if upload is not None else None


def _as_on_disk(upload: Upload) -> Upload:
    """A backup leaves unfinished files out: after a restore the row tells of bytes that are gone, so they come anew."""
    is_gone = upload.state == Upload.State.RECEIVING and upload.received_bytes and not _arrived(upload)
    if is_gone:
        upload.received_bytes = 0
        upload.save(update_fields=["received_bytes"])
    return upload


def _arrived(upload: Upload) -> bool:
    """Whether there is a file; under its last name already where a finish was cut off in the middle."""
    return keeping.arriving(upload).path.exists() or keeping.original(upload).path.exists()


@transaction.atomic
def begin(ask_id: UUID, *, name: str, size: int, fingerprint: str, at: datetime) -> Upload:
    """A new file of `size` bytes for an ask that has none. `fingerprint` (hex) tells the sender's files apart.

    Raises UploadRefused.
    """
    with across_units():
        _check_size(size)
        _check_quota(ask_id, size)
        _check_space(size)
        upload = Upload(id=uuid.uuid4(), ask_id=ask_id, size_bytes=size, begun_at=at, touched_at=at)
        upload.fingerprint = fingerprint if SHA256.fullmatch(fingerprint) else ""
        upload.key_sealed = keeping.new_key(upload)
        upload.name_sealed = keeping.seal_of(upload, plain_name(name).encode(), "name")
        try:
            with transaction.atomic():
                upload.save(force_insert=True)
        except IntegrityError as error:
            raise UploadRefused(
                CONFLICT, "Yêu cầu này đã có một tệp. Hãy gửi tiếp tệp ấy, hoặc bỏ nó trước."
            ) from error
    return upload


def plain_name(name: str) -> str:
    """The last part of a name, without what is no letter: it is shown and never a path of ours."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:NAME_LETTERS_MAX].strip() or "video"


def _check_size(size: int) -> None:
    if size <= 0:
        raise UploadRefused(UNUSABLE, "Tệp rỗng. Hãy xuất lại tệp từ đầu ghi.")
    if size > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // GIB
        raise UploadRefused(TOO_LARGE, f"Tệp {size / GIB:.1f} GiB vượt mức {limit} GiB. Hãy xuất đoạn ngắn hơn.")


def _check_quota(ask_id: UUID, size: int) -> None:
    files = Upload.objects.filter(ask_id=ask_id)
    received = files.aggregate(all=Sum("received_bytes"))["all"] or 0
    if files.count() >= FILES_PER_ASK_MAX or received + size > BYTES_PER_ASK_MAX:
        raise UploadRefused(TOO_LARGE, "Yêu cầu này đã nhận quá nhiều tệp. Hãy gọi cho công an xã để được giúp.")
    if Upload.objects.filter(state=Upload.State.RECEIVING).count() >= UNFINISHED_AT_ONCE_MAX:
        raise UploadRefused(NO_SPACE, "Hiện có quá nhiều người đang gửi tệp. Hãy thử lại sau một giờ.")


def _check_space(size: int) -> None:
    """Room for the file, for the part cut out of it, and for what others were promised."""
    place = keeping.folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    promised = Upload.objects.filter(state=Upload.State.RECEIVING).aggregate(
        all=Sum(F("size_bytes") * 2 - F("received_bytes"))
    )["all"]
    if shutil.disk_usage(place).free - int(promised or 0) - 2 * size < FREE_BYTES_MIN:
        raise UploadRefused(NO_SPACE, "Máy chủ không đủ chỗ cho tệp này. Hãy xuất đoạn ngắn hơn hoặc thử lại sau.")


@transaction.atomic
def append(upload_id: UUID, ask_id: UUID, *, offset: int, content: bytes, sha256: bytes | None, at: datetime) -> int:
    """Add `content` at `offset`; how many bytes there are now. What is no whole block waits for the next sending, but
    at the file's end. Raises UploadRefused."""
    with across_units():
        upload = _own(upload_id, ask_id)
        if upload.state != Upload.State.RECEIVING:
            raise UploadRefused(CONFLICT, f"Tệp này không nhận thêm: {upload.get_state_display().lower()}.")
        if offset != upload.received_bytes:
            raise UploadRefused(CONFLICT, f"Máy chủ đã có {upload.received_bytes} byte, không phải {offset}.")
        if len(content) > CHUNK_BYTES_MAX or offset + len(content) > upload.size_bytes:
            raise UploadRefused(TOO_LARGE, "Phần gửi lên dài hơn mức cho phép. Hãy tải lại trang rồi gửi tiếp.")
        if sha256 is not None and hashlib.sha256(content).digest() != sha256:
            raise UploadRefused(CHECKSUM_MISMATCH, "Phần gửi lên bị sai lệch trên đường truyền. Trang sẽ tự gửi lại.")
        is_last = offset + len(content) == upload.size_bytes
        whole = len(content) if is_last else len(content) - len(content) % BLOCK_BYTES
        if content and not whole:
            raise UploadRefused(UNUSABLE, f"Mỗi phần gửi lên phải từ {BLOCK_BYTES} byte trở lên.")
        keeping.arriving(upload).write(memoryview(content)[:whole], offset)
        upload.received_bytes, upload.touched_at = offset + whole, at
        upload.save(update_fields=["received_bytes", "touched_at"])
    return upload.received_bytes


@transaction.atomic
def finish(upload_id: UUID, ask_id: UUID, *, device_sha256: str, later: Later, at: datetime) -> Upload:
    """Every byte is there, and the device says what they come to; `later` queues the check. Raises UploadRefused.

    Said twice it is done once: the answer to the first may have been lost.
    """
    with across_units():
        upload = _own(upload_id, ask_id)
        if upload.state != Upload.State.RECEIVING and upload.device_sha256 == device_sha256:
            return upload
        if upload.state != Upload.State.RECEIVING or not upload.is_whole:
            raise UploadRefused(CONFLICT, "Tệp chưa gửi xong. Hãy gửi tiếp phần còn lại.")
        if not SHA256.fullmatch(device_sha256):
            raise UploadRefused(UNUSABLE, "Mã băm của tệp không hợp lệ. Hãy tải lại trang rồi gửi tiếp.")
        if keeping.arriving(upload).path.exists():
            keeping.arriving(upload).path.rename(keeping.original(upload).path)
        upload.state, upload.device_sha256, upload.received_at = Upload.State.CHECKING, device_sha256, at
        upload.save(update_fields=["state", "device_sha256", "received_at"])
        later(str(upload.pk))
    return upload


@transaction.atomic
def cancel(upload_id: UUID, ask_id: UUID) -> None:
    """The owner wants another file, or none: what came is taken away, that there was one counts. Raises
    UploadRefused."""
    with across_units():
        upload = _own(upload_id, ask_id)
        if upload.state not in LIVING - {Upload.State.SHARED} and upload.state != Upload.State.REJECTED:
            raise UploadRefused(CONFLICT, f"Không bỏ được tệp này: {upload.get_state_display().lower()}.")
        keeping.remove_files(upload)
        upload.state, upload.still_sealed = Upload.State.CANCELLED, b""
        upload.name_sealed = keeping.seal_of(upload, b"", "name")
        upload.save(update_fields=["state", "still_sealed", "name_sealed"])


def _own(upload_id: UUID, ask_id: UUID) -> Upload:
    upload = Upload.objects.select_for_update().filter(pk=upload_id, ask_id=ask_id).first()
    if upload is None or upload.state == Upload.State.CANCELLED:
        raise UploadRefused(NOT_THERE, NO_SUCH_FILE)
    return _as_on_disk(upload)
