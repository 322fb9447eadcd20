"""`binhyen evidence verify FILE`: is this package whole, and who signed it."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from binhyen.kernel.signing.minisign import KeyFileError, PublicKey
from binhyen.modules.footage.evidence.findings import TRUST_SENTENCES, VerificationReport
from binhyen.modules.footage.evidence.verify import verify_package

WHOLE, CHANGED, UNREADABLE = 0, 1, 2


def register(parser: argparse.ArgumentParser) -> None:
    """One thing to do with a package."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
    verify = verbs.add_parser("verify", help="kiểm tra một gói chứng cứ")
    verify.add_argument("file", type=Path, metavar="TỆP", help="gói ZIP, hoặc thư mục đã giải nén")
    verify.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    verify.add_argument("--public-key", metavar="KHÓA", help="khóa phải đã ký: tệp minisign.pub hoặc dòng base64")


def run(args: argparse.Namespace) -> int:
    """Exit 0: whole. 1: something was changed. 2: not a package, or it cannot be read."""
    try:
        key = _key(args.public_key) if args.public_key else None
        report = verify_package(args.file, expected_key=key)
    except KeyFileError:
        return _complain(args, f"{args.public_key} không phải là khóa công khai của minisign.")
    except OSError as error:
        return _complain(args, f"Không đọc được {error.filename or args.file}: {error.strerror}.")
    if args.json:
        print(json.dumps({**asdict(report), "file": str(args.file)}, ensure_ascii=False))
    else:
        _print(report)
    if not report.readable:
        return UNREADABLE
    return WHOLE if report.ok else CHANGED


def _key(given: str) -> PublicKey:
    path = Path(given)
    return PublicKey.parse(path.read_text("ascii") if path.is_file() else given)


def _print(report: VerificationReport) -> None:
    if report.ok:
        print(f"Gói {report.package_id} NGUYÊN VẸN: {report.files} tệp, {report.bytes_checked} byte đã kiểm tra.")
        print(f"Vụ việc {report.case_number}, lập lúc {report.made_at}.")
    else:
        print("Gói KHÔNG nguyên vẹn:" if report.readable else "Không kiểm tra được:")
    for finding in report.findings:
        print(f"  - {finding.message}")
    if report.key_fingerprint:
        print(f"Vân tay khóa ký: {report.key_fingerprint}")
        print(TRUST_SENTENCES[report.trust])


def _complain(args: argparse.Namespace, sentence: str) -> int:
    if args.json:
        print(
            json.dumps({"ok": False, "readable": False, "file": str(args.file), "error": sentence}, ensure_ascii=False)
        )
    else:
        print(sentence, file=sys.stderr)
    return UNREADABLE
