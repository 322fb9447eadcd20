"""Where the files of uploads lie, sealed; and how they go.

`blobs/uploads/<id>.part` while it comes (a backup leaves it out), `<id>.sealed` when all of it is there,
`<id>-doan.sealed` the
part that the owner shares. Deleting a row deletes its files, whoever deletes it.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.db.models.signals import post_delete
from django.utils.timezone import now

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.upkeep.erasing import add_forgetter, erase_rows
from binhyen.kernel.vault import open_sealed, seal
from binhyen.modules.footage.uploads.limits import ENDED_KEPT, UNFINISHED_KEPT
from binhyen.modules.footage.uploads.models import Upload, UploadLink
from binhyen.modules.footage.uploads.vessel import KEY_BYTES, Vessel

FOLDER = "blobs/uploads"
PENDING = (Upload.State.RECEIVING, Upload.State.CHECKING, Upload.State.READY, Upload.State.CUTTING)


def folder() -> Path:
    """Where all of them lie."""
    return Path(settings.BINHYEN_DATA) / FOLDER


def new_key(upload: Upload) -> bytes:
    """A sealed key for `upload`, whose id is known."""
    return seal(secrets.token_bytes(KEY_BYTES), context=_context(upload, "key"))


def seal_of(upload: Upload, plain: bytes, what: str) -> bytes:
    """`plain` sealed as the `what` of this upload: name, still."""
    return seal(plain, context=_context(upload, what))


def opened(upload: Upload, sealed: bytes, what: str) -> bytes:
    """What `seal_of` was given."""
    return open_sealed(bytes(sealed), context=_context(upload, what))


def name_of(upload: Upload) -> str:
    """The name that the file has on the owner's device."""
    return opened(upload, upload.name_sealed, "name").decode()


def arriving(upload: Upload) -> Vessel:
    """The file while it comes."""
    return _vessel(upload, f"{upload.pk}.part", "original")


def original(upload: Upload) -> Vessel:
    """The file as it came."""
    return _vessel(upload, f"{upload.pk}.sealed", "original")


def part(upload: Upload) -> Vessel:
    """What the owner shares of it, as MP4."""
    return _vessel(upload, f"{upload.pk}-doan.sealed", "part")


def _vessel(upload: Upload, file: str, name: str) -> Vessel:
    return Vessel(folder() / file, opened(upload, upload.key_sealed, "key"), f"{upload.pk}:{name}")


def _context(upload: Upload, what: str) -> str:
    return f"footage.upload:{what}:{upload.pk}"


def remove_files(upload: Upload, *, keep_original: bool = False) -> None:
    """Take the files of `upload` off the disk."""
    endings = [".part", "-doan.sealed"] + ([] if keep_original else [".sealed"])
    for ending in endings:
        (folder() / f"{upload.pk}{ending}").unlink(missing_ok=True)


def erase(upload: Upload, *, at: datetime, keep_original: bool = False) -> None:
    """Take files, name and still away; the row stays for the owner's receipt: hash, size, times."""
    remove_files(upload, keep_original=keep_original)
    upload.name_sealed, upload.still_sealed, upload.erased_at = seal_of(upload, b"", "name"), b"", at
    upload.save(update_fields=["name_sealed", "still_sealed", "erased_at"])


def is_named_by_a_package(upload: Upload) -> bool:
    """Whether a finished package carries the hash of the whole file, and its owner gave that along: then it stays
    with the
    package, to be compared, until the case's own files go."""
    if not upload.with_original or upload.clip is None:
        return False
    done = upload.clip.request.packages.filter(state="done", erased_at=None)
    return any(part["clip"] == upload.clip_id for package in done for part in package.selection)


def forget_answer(ask_id: object) -> None:
    """The owner refused: nothing of what was sent remains."""
    with across_units():
        Upload.objects.filter(ask_id=ask_id).delete()
        UploadLink.objects.filter(ask_id=ask_id).delete()


def _with_the_row(instance: Upload, **_: Any) -> None:
    remove_files(instance)


post_delete.connect(_with_the_row, sender=Upload, weak=False, dispatch_uid="footage.upload.files")
erase_rows(Upload)


@add_forgetter
def forget_uploads(at: datetime | None = None) -> int:
    """Erase what time has passed by: unfinished ones, those of asks that wait no longer, parts whose right ended; how
    many."""
    at = at or now()
    with across_units():
        late = Q(state=Upload.State.RECEIVING, touched_at__lt=at - UNFINISHED_KEPT)
        over = Q(state__in=PENDING) & (~Q(ask__state="waiting") | Q(ask__due_at__lt=at - ENDED_KEPT))
        over |= Q(state=Upload.State.RECEIVING, ask__due_at__lt=at)
        gone = [*Upload.objects.filter(late | over)]
        ended = Upload.objects.filter(
            erased_at=None, state=Upload.State.SHARED, ask__clip__ended_at__lt=at - ENDED_KEPT
        )
        for upload in ended:
            erase(upload, at=at, keep_original=is_named_by_a_package(upload))
        Upload.objects.filter(pk__in=[each.pk for each in gone]).delete()
        UploadLink.objects.filter(expires_at__lt=at).delete()
        _sweep(Upload.objects.values_list("pk", flat=True))
    return len(gone) + len(ended)


def _sweep(known: Iterable[object]) -> None:
    """Files of rows that are gone: of a process that was killed in between, or of a restored backup."""
    names = {str(each) for each in known}
    for path in folder().glob("*") if folder().is_dir() else ():
        if path.name.removesuffix(".part").removesuffix(".sealed").removesuffix("-doan") not in names:
            path.unlink(missing_ok=True)
