"""Makes an evidence package, streaming: memory stays flat however long the footage is."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from zlib_ng.zlib_ng import crc32

from binhyen.contracts import Clock, Instant
from binhyen.kernel.signing.minisign import Signature, Signer, sign_file
from binhyen.modules.footage.evidence.boxes import BrokenClipError
from binhyen.modules.footage.evidence.container import CLIP_FOLDER, DosTime, Entry, layout, local_header
from binhyen.modules.footage.evidence.copying import Copier, Flusher
from binhyen.modules.footage.evidence.facts import (
    ClipSource,
    EvidenceError,
    PackageFacts,
    PackageReport,
    Progress,
)
from binhyen.modules.footage.evidence.manifest import SCHEMA, Clip, Manifest, clip_of, local_time, manifest_of
from binhyen.modules.footage.evidence.minutes import minutes_pdf
from binhyen.modules.footage.evidence.page import viewer_page
from binhyen.modules.footage.evidence.seal import Seal

MANIFEST = "manifest.json"
PUBLIC_KEY = "minisign.pub"
VIEWER = "xem-va-kiem.html"
MINUTES = "bien-ban.pdf"
SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.minisig"
SUBJECT = "evidence"
LISTED_LAST = (MANIFEST, PUBLIC_KEY, VIEWER, MINUTES)

OnProgress = Callable[[Progress], None]


def build_package(
    out: Path | BinaryIO,
    facts: PackageFacts,
    clips: Iterable[ClipSource],
    *,
    signer: Signer,
    clock: Clock,
    progress: OnProgress = lambda _: None,
) -> PackageReport:
    """Write the package of `facts` and `clips` to `out`.

    A path is written beside itself, flushed to the disk and only then given its name, so a package is there
    whole or not at all. A file object must be seekable and empty; flushing it is its owner's affair.
    What `progress` raises stops the work. Raises EvidenceError when a clip is not a whole MP4, when there
    is no clip, or when the disk cannot take it.
    """
    if not isinstance(out, Path):
        return _Packing(out, facts, signer, clock.now(), progress).run(clips)
    part = out.with_name(out.name + ".part")
    try:
        with part.open("xb", buffering=0) as file:
            report = _flushed(file, lambda on: _Packing(file, facts, signer, clock.now(), on).run(clips), progress)
        part.rename(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EvidenceError(f"Không ghi được gói chứng cứ vào {out}: {error.strerror or error}.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return report


def _flushed(file: BinaryIO, pack: Callable[[OnProgress], PackageReport], progress: OnProgress) -> PackageReport:
    """Pack into `file` and flush it; what is written goes to the disk while more is made."""
    flusher = Flusher(file.fileno())

    def on_progress(reached: Progress) -> None:
        flusher.written(reached.bytes_done)
        progress(reached)

    try:
        report = pack(on_progress)
    finally:
        flusher.finish()
    os.fsync(file.fileno())
    return report


def sums_text(hashes: Iterable[tuple[str, str]]) -> str:
    """`SHA256SUMS` of (name, hex digest) pairs, as sha256sum writes and reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in hashes)


def trusted_comment(manifest: Manifest, manifest_sha256: str) -> str:
    """The line that is signed beside `SHA256SUMS`."""
    return f"{SCHEMA} package={manifest.package_id} manifest={manifest_sha256} made={manifest.made_at.local}"


class _Packing:
    """One package being written; lives for one `run`."""

    def __init__(
        self, out: BinaryIO, facts: PackageFacts, signer: Signer, made_at: Instant, progress: OnProgress
    ) -> None:
        self.out, self.facts, self.signer, self.made_at, self.progress = out, facts, signer, made_at, progress
        self.stamp = DosTime.at(made_at)
        self.entries: list[Entry] = []
        self.hashes: list[tuple[str, str]] = []
        self.at = 0

    def run(self, sources: Iterable[ClipSource]) -> PackageReport:
        clips = self._write_clips(sources)
        if not clips:
            raise EvidenceError("Không có đoạn hình nào để đóng gói: khoảng thời gian này không có bản ghi.")
        manifest = manifest_of(self.facts, clips, made_at=self.made_at, key=self.signer.public_key)
        root = self._write(MANIFEST, manifest.text().encode())
        seal = Seal(manifest.package_id, root, self.signer.public_key.fingerprint)
        self._write(PUBLIC_KEY, self.signer.public_key.text().encode())
        self._write(VIEWER, viewer_page())
        self._write(MINUTES, minutes_pdf(manifest, seal))
        sums = sums_text(self.hashes).encode()
        self._write(SUMS, sums)
        comment = trusted_comment(manifest, root)
        self._write(SIGNATURE, self._signature(sums, comment).text().encode())
        end = layout(self.entries, self.stamp)[-1]
        self._put(end.content)
        return PackageReport(manifest.package_id, self.at, root, seal.key_fingerprint, len(clips), self.made_at)

    def _signature(self, sums: bytes, comment: str) -> Signature:
        return sign_file(sums, subject=SUBJECT, trusted_comment=comment, signer=self.signer)

    def _write_clips(self, sources: Iterable[ClipSource]) -> tuple[Clip, ...]:
        clips: list[Clip] = []
        numbers: Counter[str] = Counter()
        with Copier() as copier:
            for source in sources:
                numbers[source.camera] += 1
                clips.append(self._write_clip(source, numbers[source.camera], copier))
                self.progress(Progress(len(clips), self.at))
        return tuple(clips)

    def _write_clip(self, source: ClipSource, number: int, copier: Copier) -> Clip:
        name = f"{CLIP_FOLDER}{source.camera}/{local_time(source.start):%Y%m%d-%H%M%S}-{number}.mp4"
        header_at = self.at
        self._put(local_header(Entry(name, 0, 0), self.stamp))
        try:
            copied = copier.copy(source.content(), self._put_chunk)
        except BrokenClipError as error:
            raise EvidenceError(
                f"Đoạn hình {name} không trọn vẹn nên không đưa vào gói được ({error}). Hãy thử lại."
            ) from error
        if source.frames and copied.frames != source.frames:
            raise EvidenceError(
                f"Đoạn hình {name} có {copied.frames} khung hình, kho báo {source.frames}. Hãy thử lại."
            )
        entry = Entry(name, copied.size, copied.crc32)
        self.out.seek(header_at)
        self.out.write(local_header(entry, self.stamp))
        self.out.seek(self.at)
        self._note(entry, copied.sha256)
        return clip_of(source, file=name, frames=copied.frames, size_bytes=copied.size, sha256=copied.sha256)

    def _put_chunk(self, chunk: bytes | memoryview) -> None:
        self._put(chunk)
        self.progress(Progress(len(self.entries), self.at))

    def _write(self, name: str, content: bytes) -> str:
        entry = Entry(name, len(content), crc32(content))
        self._put(local_header(entry, self.stamp) + content)
        return self._note(entry, hashlib.sha256(content).hexdigest())

    def _note(self, entry: Entry, digest: str) -> str:
        self.entries.append(entry)
        self.hashes.append((entry.name, digest))
        return digest

    def _put(self, content: bytes | memoryview) -> None:
        view = memoryview(content)
        while view:  # an unbuffered file may take less than it was given
            view = view[self.out.write(view) :]
        self.at += len(content)
