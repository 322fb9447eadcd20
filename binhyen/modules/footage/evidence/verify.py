"""Checks a package: any flipped, missing or added bit anywhere is found, and said in a sentence."""

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from binhyen.contracts import ContractError
from binhyen.kernel.signing.minisign import KeyFileError, PublicKey, Signature
from binhyen.modules.footage.evidence.container import LOCAL, DosTime, is_clip, layout
from binhyen.modules.footage.evidence.facts import Progress
from binhyen.modules.footage.evidence.findings import Finding, FindingCode, KeyTrust, VerificationReport
from binhyen.modules.footage.evidence.manifest import Manifest
from binhyen.modules.footage.evidence.package import (
    LISTED_LAST,
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    SUBJECT,
    SUMS,
    sums_text,
    trusted_comment,
)
from binhyen.modules.footage.evidence.reading import (
    SMALL_FILE_BYTES,
    Container,
    NotAPackageError,
    Unpacked,
    read_container,
    read_folder,
)

_SUMS_LINE = re.compile(r"([0-9a-f]{64})  ([!-~]+)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")

OnProgress = Callable[[Progress], None]


def verify_package(
    path: Path, *, expected_key: PublicKey | None = None, progress: OnProgress = lambda _: None
) -> VerificationReport:
    """What is wrong with the package `path` (the ZIP, or the folder it was unpacked into); `ok` where nothing is.

    Never raises for what the package holds. Raises OSError where the file itself cannot be read.
    """
    try:
        if path.is_dir():
            return _Check(read_folder(path), expected_key, progress).run()
        with path.open("rb") as file:
            return _Check(read_container(file), expected_key, progress).run()
    except NotAPackageError as error:
        return _unreadable(str(error))


def _unreadable(sentence: str) -> VerificationReport:
    return VerificationReport(False, False, (Finding(FindingCode.UNREADABLE, "", sentence),), KeyTrust.UNKNOWN)


@dataclass
class _Check:
    """One check of one package; lives for one `run`."""

    source: Container | Unpacked
    expected_key: PublicKey | None
    progress: OnProgress
    findings: list[Finding] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    bytes_checked: int = 0

    def run(self) -> VerificationReport:
        names = [entry.name for entry in self.source.entries]
        if MANIFEST not in names and SUMS not in names:
            return _unreadable("Đây không phải là gói chứng cứ: không có manifest.json và SHA256SUMS.")
        self._check_names(names)
        if self.findings:  # two files of one name, or a name that leaves the folder: nothing below can be trusted
            return self._report(None, None, KeyTrust.UNKNOWN)
        manifest = self._manifest()
        if isinstance(self.source, Container):
            self._check_container(self.source, manifest)
        self._hash_all()
        self._check_sums()
        key, trust = self._check_signature(manifest)
        if manifest is not None:
            self._check_manifest(manifest, key)
        return self._report(manifest, key, trust)

    def _note(self, code: FindingCode, file: str, message: str) -> None:
        self.findings.append(Finding(code, file, message))

    # --- the container -----------------------------------------------------------------------------------------
    def _check_names(self, names: list[str]) -> None:
        for name in names:
            if not _NAME.fullmatch(name):
                self._note(FindingCode.CONTAINER, name[:80], f"Tên tệp {name[:80]!r} không phải do Bình Yên đặt.")
        for name in {each for each in names if names.count(each) > 1}:
            self._note(FindingCode.CONTAINER, name, f"Gói có nhiều tệp cùng tên {name}.")

    def _check_container(self, source: Container, manifest: Manifest | None) -> None:
        """The layout is the only one possible: what differs from it was changed."""
        stamp = DosTime.at(manifest.made_at.us) if manifest else _stamp_of(source)
        frames = layout(source.entries, stamp)
        size = frames[-1].offset + len(frames[-1].content)
        if source.size != size:
            words = "thừa" if source.size > size else "thiếu"
            self._note(FindingCode.CONTAINER, "", f"Tệp ZIP {words} {abs(source.size - size)} byte so với khi lập gói.")
        for frame in frames:
            if source.at(frame.offset, len(frame.content)) != frame.content:
                where = f"phần đầu của {frame.name}" if frame.name else "mục lục ở cuối"
                self._note(FindingCode.CONTAINER, frame.name, f"Vỏ tệp ZIP đã bị sửa: {where} không như khi lập gói.")
        wanted = sorted((e.name for e in source.entries if is_clip(e.name)), key=self._order_of(source))
        if [entry.name for entry in source.entries] != [*wanted, *LISTED_LAST, SUMS, SIGNATURE]:
            self._note(FindingCode.CONTAINER, "", "Các tệp trong gói không theo thứ tự của một gói do Bình Yên lập.")

    @staticmethod
    def _order_of(source: Container) -> Callable[[str], int]:
        places = {entry.name: number for number, entry in enumerate(source.entries)}
        return lambda name: places[name]

    # --- files and their hashes --------------------------------------------------------------------------------
    def _hash_all(self) -> None:
        total = sum(entry.size for entry in self.source.entries)
        for number, entry in enumerate(self.source.entries):
            digest, crc = hashlib.sha256(), 0
            for chunk in self.source.chunks(entry.name):
                digest.update(chunk)
                crc = zlib.crc32(chunk, crc)
                self.bytes_checked += len(chunk)
                self.progress(Progress(number, self.bytes_checked, total))
            self.hashes[entry.name] = digest.hexdigest()
            if isinstance(self.source, Container) and crc != entry.crc32:
                self._note(FindingCode.CHANGED, entry.name, f"{entry.name}: nội dung không khớp mã kiểm CRC của ZIP.")

    def _check_sums(self) -> None:
        """Every file is listed with its hash, in the order of the package, and nothing else is."""
        text = self._small_text(SUMS)
        if text is None:
            return
        lines = [_SUMS_LINE.fullmatch(line) for line in text.splitlines()]
        listed = [(match[2], match[1]) for match in lines if match]
        if sums_text(listed) != text:
            self._note(FindingCode.CHANGED, SUMS, "SHA256SUMS đã bị sửa: có dòng không đúng dạng.")
        for name, digest in listed:
            if name not in self.hashes:
                self._note(FindingCode.MISSING, name, f"Thiếu tệp {name} trong gói.")
            elif self.hashes[name] != digest:
                self._note(FindingCode.CHANGED, name, f"{name} đã bị thay đổi sau khi lập gói.")
        for name in self.hashes.keys() - dict(listed).keys() - {SUMS, SIGNATURE}:
            self._note(FindingCode.UNLISTED, name, f"{name} không có trong danh sách khi lập gói: đã bị thêm vào.")

    # --- signature and manifest --------------------------------------------------------------------------------
    def _check_signature(self, manifest: Manifest | None) -> tuple[PublicKey | None, KeyTrust]:
        key = self._key()
        text, sums = self._small_text(SIGNATURE), self._small(SUMS)
        if key is None or text is None or sums is None:
            return key, KeyTrust.UNKNOWN
        judge = self.expected_key or key
        try:
            signature = Signature.parse(text, subject=SUBJECT)
        except KeyFileError:
            self._note(FindingCode.SIGNATURE, SIGNATURE, "SHA256SUMS.minisig đã bị sửa: không còn là một chữ ký.")
            return key, self._trust(key)
        if not signature.has_own_words(judge):
            self._note(FindingCode.SIGNATURE, SIGNATURE, "SHA256SUMS.minisig không phải do khóa ký này ký.")
        elif not signature.is_valid(sums, judge):
            self._note(FindingCode.SIGNATURE, SUMS, "SHA256SUMS đã bị thay đổi sau khi ký.")
        elif manifest and signature.trusted_comment != trusted_comment(manifest, self.hashes.get(MANIFEST, "")):
            self._note(FindingCode.SIGNATURE, SIGNATURE, "Lời chú đã ký không khớp với manifest.json của gói này.")
        return key, self._trust(key)

    def _key(self) -> PublicKey | None:
        text = self._small_text(PUBLIC_KEY)
        if text is None:
            return None
        try:
            key = PublicKey.parse(text)
        except KeyFileError:
            self._note(FindingCode.KEY, PUBLIC_KEY, "minisign.pub không còn là một khóa công khai.")
            return None
        if key.text() != text:
            self._note(FindingCode.KEY, PUBLIC_KEY, "minisign.pub có byte mà không chữ ký nào bảo vệ.")
        return key

    def _trust(self, key: PublicKey) -> KeyTrust:
        if self.expected_key is None:
            return KeyTrust.NOT_COMPARED
        if self.expected_key == key:
            return KeyTrust.EXPECTED
        self._note(FindingCode.KEY, PUBLIC_KEY, "Khóa ký trong gói không phải là khóa đã cho để đối chiếu.")
        return KeyTrust.OTHER

    def _manifest(self) -> Manifest | None:
        content = self._small(MANIFEST)
        if content is None:
            return None
        try:
            manifest = Manifest.parse(content)
        except ContractError as error:
            self._note(FindingCode.MANIFEST, MANIFEST, f"manifest.json không đọc được ({str(error)[:120]}).")
            return None
        if manifest.text().encode() != content:
            self._note(FindingCode.MANIFEST, MANIFEST, "manifest.json không còn nguyên dạng khi lập gói.")
        return manifest

    def _check_manifest(self, manifest: Manifest, key: PublicKey | None) -> None:
        sizes = {entry.name: entry.size for entry in self.source.entries}
        for clip in manifest.clips:
            if clip.file in sizes and (self.hashes[clip.file], sizes[clip.file]) != (clip.sha256, clip.size_bytes):
                self._note(
                    FindingCode.MANIFEST, clip.file, f"{clip.file} không khớp với mã băm ghi trong manifest.json."
                )
        if {clip.file for clip in manifest.clips} != {name for name in sizes if is_clip(name)}:
            self._note(FindingCode.MANIFEST, MANIFEST, "Các đoạn hình trong gói không đúng với manifest.json.")
        if key is not None and (manifest.key.fingerprint, manifest.key.public_key) != (key.fingerprint, key.base64):
            self._note(FindingCode.KEY, PUBLIC_KEY, "minisign.pub không phải là khóa ghi trong manifest.json.")

    # --- small files -------------------------------------------------------------------------------------------
    def _small(self, name: str) -> bytes | None:
        entry = next((each for each in self.source.entries if each.name == name), None)
        if entry is None:
            self._note_once(FindingCode.MISSING, name, f"Thiếu tệp {name} trong gói.")
            return None
        if entry.size > SMALL_FILE_BYTES:
            self._note_once(FindingCode.CHANGED, name, f"{name} lớn bất thường ({entry.size} byte).")
            return None
        return b"".join(self.source.chunks(name))

    def _small_text(self, name: str) -> str | None:
        content = self._small(name)
        if content is None:
            return None
        try:
            return content.decode("ascii")
        except UnicodeDecodeError:
            self._note_once(FindingCode.CHANGED, name, f"{name} đã bị sửa: có byte không phải chữ.")
            return None

    def _note_once(self, code: FindingCode, file: str, message: str) -> None:
        if Finding(code, file, message) not in self.findings:
            self._note(code, file, message)

    def _report(self, manifest: Manifest | None, key: PublicKey | None, trust: KeyTrust) -> VerificationReport:
        return VerificationReport(
            ok=not self.findings,
            readable=True,
            findings=tuple(self.findings),
            trust=trust,
            package_id=manifest.package_id if manifest else "",
            case_number=manifest.case.number if manifest else "",
            made_at=manifest.made_at.local if manifest else "",
            manifest_sha256=self.hashes.get(MANIFEST, ""),
            key_fingerprint=key.fingerprint if key else "",
            files=len(self.source.entries),
            bytes_checked=self.bytes_checked,
        )


def _stamp_of(source: Container) -> DosTime:
    """The time stamp of the first header, where the manifest that knows the right one cannot be read."""
    head = source.at(0, LOCAL.size)
    fields = LOCAL.unpack(head) if len(head) == LOCAL.size else ()
    return DosTime(fields[4], fields[5]) if fields else DosTime(0, 0x21)
