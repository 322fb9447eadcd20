"""Evidence packages that prove themselves: made, signed, and checked by anyone, offline.

Free of Django and of every other part of Bình Yên but `contracts` and `kernel/signing`, so that the verifier starts
fast and stands alone. `docs/design/evidence.md` says what the format is and what it protects against.
"""

from binhyen.kernel.signing.minisign import KeyFileError, PublicKey, SecretKey, Signer, open_signing_key
from binhyen.modules.footage.evidence.copying import Buffers
from binhyen.modules.footage.evidence.facts import (
    CaseFacts,
    ClipSource,
    EvidenceError,
    PackageFacts,
    PackageReport,
    Person,
    Progress,
    RequestFacts,
    SourceSegment,
)
from binhyen.modules.footage.evidence.findings import Finding, KeyTrust, VerificationReport
from binhyen.modules.footage.evidence.package import build_package
from binhyen.modules.footage.evidence.seal import Seal
from binhyen.modules.footage.evidence.verify import verify_package

__all__ = [
    "Buffers",
    "CaseFacts",
    "ClipSource",
    "EvidenceError",
    "Finding",
    "KeyFileError",
    "KeyTrust",
    "PackageFacts",
    "PackageReport",
    "Person",
    "Progress",
    "PublicKey",
    "RequestFacts",
    "Seal",
    "SecretKey",
    "Signer",
    "SourceSegment",
    "VerificationReport",
    "build_package",
    "open_signing_key",
    "verify_package",
]
