"""What is signed of a report: one text, the same to the byte wherever it is read, and the signature over it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from binhyen.kernel.accounts.models import User
from binhyen.kernel.signing.minisign import KeyFileError, SecretKey, Signature, sign_file
from binhyen.kernel.signing.station import station_key
from binhyen.modules.statistics.models import Report

SCHEMA = "binhyen-report/1"
SUBJECT = "report"


def report_key() -> SecretKey:
    """The station's key for reports, made at first use."""
    return station_key("report")


def content_of(report: Report, *, by: User, at: datetime) -> str:
    """Everything that the report says, as JSON that people can read as well."""
    before = report.corrects
    facts: dict[str, Any] = {
        "schema": SCHEMA,
        "id": report.public_id,
        "version": report.version,
        "corrects": {"id": before.public_id, "sha256": digest_of(before)} if before else None,
        "title": report.title,
        "unit": {"code": report.unit.code, "name": report.unit.name},
        "period": report.period,
        "figures": report.figures,
        "text": report.text,
        "answers": [
            {"about": each.quoted, "remark": each.sentence, "answer": each.answer, "by": str(each.answered_by)}
            for each in report.questions.select_related("answered_by")
        ],
        "signed_by": str(by),
        "signed_at": localtime(at).isoformat(timespec="seconds"),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def digest_of(report: Report) -> str:
    """SHA-256 of the signed text, in hex."""
    return hashlib.sha256(report.content.encode()).hexdigest()


def signature_over(content: str, *, public_id: str, at: datetime) -> str:
    """The signature file, which `minisign -V` reads beside the content."""
    comment = f"{SCHEMA} report={public_id} signed={localtime(at).isoformat(timespec='seconds')}"
    return sign_file(content.encode(), subject=SUBJECT, trusted_comment=comment, signer=report_key()).text()


def is_whole(content: bytes, signature: str) -> bool:
    """Whether this station signed exactly `content`."""
    try:
        parsed = Signature.parse(signature, subject=SUBJECT)
    except KeyFileError:
        return False
    return parsed.is_valid(content, report_key().public_key)
