"""`binhyen figures check FILE`: what in a report does not add up, reads two ways, or was damaged in scanning."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from binhyen.kernel.figures.check import check_text
from binhyen.kernel.figures.documents.errors import Unreadable
from binhyen.kernel.figures.documents.reading import read_document

NOTHING_FOUND, FOUND, UNREADABLE = 0, 1, 2


def register(parser: argparse.ArgumentParser) -> None:
    """check."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
    check = verbs.add_parser("check", help="kiểm tra số liệu của một văn bản")
    check.add_argument("file", type=Path, metavar="TỆP", help="TXT, DOCX, PDF có chữ, CSV hoặc XLSX")
    check.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def run(args: argparse.Namespace) -> int:
    """Exit 0: nothing found. 1: something to look at. 2: the file cannot be read."""
    try:
        text = asyncio.run(read_document(args.file.read_bytes(), name=args.file.name))
    except FileNotFoundError:
        return _complain(args, f"Không có tệp {args.file}. Hãy kiểm tra đường dẫn.")
    except OSError as error:
        return _complain(args, f"Không đọc được {args.file} ({error.strerror}). Hãy kiểm tra quyền đọc tệp.")
    except Unreadable as refusal:
        return _complain(args, f"Không đọc được {args.file}. {refusal}")
    findings = check_text(text)
    if args.json:
        print(json.dumps({"findings": [each.as_json() for each in findings]}, ensure_ascii=False))
    else:
        for each in findings:
            line = text.count("\n", 0, each.start) + 1
            print(f"Dòng {line}: {each.sentence}")
        print(f"{len(findings)} chỗ cần xem lại." if findings else "Không thấy chỗ nào cần xem lại.")
    return FOUND if findings else NOTHING_FOUND


def _complain(args: argparse.Namespace, sentence: str) -> int:
    if args.json:
        print(json.dumps({"error": sentence}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)
    return UNREADABLE
