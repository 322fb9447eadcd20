"""What a check of a package found, in words for a person and codes for a program."""

from dataclasses import dataclass
from enum import StrEnum


class FindingCode(StrEnum):
    """What kind of thing is wrong."""

    UNREADABLE = "unreadable"
    CONTAINER = "container"
    CHANGED = "changed"
    MISSING = "missing"
    UNLISTED = "unlisted"
    SIGNATURE = "signature"
    KEY = "key"
    MANIFEST = "manifest"
    SEAL = "seal"


class KeyTrust(StrEnum):
    """Whether the key that signed is the one that was expected."""

    EXPECTED = "expected"
    NOT_COMPARED = "not_compared"
    OTHER = "other"
    UNKNOWN = "unknown"


TRUST_SENTENCES = {
    KeyTrust.EXPECTED: "Khóa ký đúng là khóa đã cho.",
    KeyTrust.NOT_COMPARED: "Chưa đối chiếu khóa ký: hãy so vân tay khóa với biên bản giấy hoặc với công bố của đơn vị.",
    KeyTrust.OTHER: "Khóa ký KHÔNG phải là khóa đã cho.",
    KeyTrust.UNKNOWN: "Không xác định được khóa ký.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `file` is empty when it is about the package as a whole."""

    code: FindingCode
    file: str
    message: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The verdict. `readable` is False when the path holds no package at all."""

    ok: bool
    readable: bool
    findings: tuple[Finding, ...]
    trust: KeyTrust
    package_id: str = ""
    case_number: str = ""
    made_at: str = ""
    manifest_sha256: str = ""
    key_fingerprint: str = ""
    files: int = 0
    bytes_checked: int = 0
