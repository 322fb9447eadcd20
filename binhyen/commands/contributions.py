"""`binhyen contributions verify FILE`: does a published sum add up, is a gift in it. Needs no network, no database."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from binhyen.modules.contributions.proof.publication import FORMAT as PUBLICATION
from binhyen.modules.contributions.proof.publication import check_publication
from binhyen.modules.contributions.proof.receipt import check_receipt
from binhyen.modules.contributions.proof.tree import ProofError

HOLDS, CHANGED, UNREADABLE = 0, 1, 2
FILE_BYTES_MAX = 400 * 1024 * 1024


def register(parser: argparse.ArgumentParser) -> None:
    """One thing to do with a file of a publication or of a receipt."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
    verify = verbs.add_parser("verify", help="kiểm tra tệp công bố hoặc tệp biên nhận đóng góp")
    verify.add_argument("file", type=Path, metavar="TỆP", help="tệp JSON tải từ trang công khai hoặc trang biên nhận")
    verify.add_argument("--root", metavar="MÃ-GỐC", help="mã gốc đã chép từ trang công khai")
    verify.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def run(args: argparse.Namespace) -> int:
    """Exit 0: it holds. 1: something does not. 2: the file cannot be read."""
    try:
        if args.file.stat().st_size > FILE_BYTES_MAX:
            return _told(args, UNREADABLE, {"error": f"Tệp {args.file} quá lớn."})
        file = json.loads(args.file.read_text("utf-8"))
    except OSError as error:
        return _told(args, UNREADABLE, {"error": f"Không đọc được {args.file}: {error.strerror}."})
    except (ValueError, RecursionError):
        return _told(args, UNREADABLE, {"error": f"{args.file} không phải tệp JSON. Hãy tải lại tệp."})
    try:
        return _told(args, HOLDS, _findings(file, args.root))
    except ProofError as error:
        return _told(args, CHANGED, {"error": str(error)})


def _findings(file: Any, root: str | None) -> dict[str, Any]:
    if isinstance(file, dict) and file.get("format") == PUBLICATION:
        header = check_publication(file)
        if root is not None and root.strip().lower() != header.root:
            raise ProofError("Mã gốc của tệp khác mã gốc đã cho.")
        return {"kind": "publication", "root": header.root, **vars(header)}
    checked = check_receipt(file, root=root)
    said = {"statement": dict(checked.statement), "amount": checked.amount, "compared": root is not None}
    return {"kind": "receipt", "root": checked.header.root, "total": checked.header.total, **said}


def _told(args: argparse.Namespace, code: int, found: dict[str, Any]) -> int:
    if args.json:
        print(json.dumps({"ok": code == HOLDS, "file": str(args.file), **found}, ensure_ascii=False))
    elif code != HOLDS:
        print(found["error"], file=sys.stderr)
    else:
        print("\n".join(_sentences(found)))
    return code


def _sentences(found: dict[str, Any]) -> list[str]:
    root = f"Mã gốc: {found['root']}"
    if found["kind"] == "publication":
        added = (
            f"Cộng {found['coins']} mảnh của {found['gifts']} khoản: đúng {found['total']} đồng, lần {found['number']}."
        )
        return [f"ĐÚNG. {added}", root]
    words = found["statement"]
    sentences = [
        f"ĐÚNG. {found['amount']} đồng của khoản {words['code']} nằm trong tổng {found['total']} đồng.",
        f"Biên nhận ghi: {words['donor']}, {words['what']}, ngày {words['day']}. Hãy xem có đúng tên mình không.",
        root,
    ]
    if not found["compared"]:
        sentences.append("Hãy so mã gốc này với mã trên trang công khai, hoặc thêm --root MÃ-GỐC.")
    return sentences
