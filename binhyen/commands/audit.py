"""`binhyen audit verify`: walk the activity log and say where its chain does not hold."""

import argparse
import dataclasses
import json
import sys

from binhyen.commands.database import NoDatabase, add_data_argument, use_installation


def register(parser: argparse.ArgumentParser) -> None:
    """verify."""
    does = parser.add_subparsers(dest="does", required=True, metavar="VIỆC")
    verify = does.add_parser("verify", help="kiểm tra nhật ký", description="Kiểm tra chuỗi mã băm của nhật ký.")
    verify.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    add_data_argument(verify)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when every line holds, 1 when one does not, 2 when the log could not be read."""
    try:
        use_installation(args.data)
    except NoDatabase as error:
        print(json.dumps({"error": str(error)}, ensure_ascii=False) if args.json else error, file=sys.stderr)
        return 2
    from django.db import OperationalError

    try:
        return _verify(as_json=args.json)
    except OperationalError:
        print("Không kết nối được cơ sở dữ liệu. Hãy kiểm tra: binhyen status", file=sys.stderr)
        return 2


def _verify(*, as_json: bool) -> int:
    from binhyen.kernel.audit.models import Line
    from binhyen.kernel.audit.record import verify

    breaks, last = list(verify()), Line.objects.order_by("-number").first()
    told = {
        "ok": not breaks,
        "lines": Line.objects.count(),
        "last_number": last.number if last else 0,
        "last_hash": last.hash if last else "",
        "breaks": [dataclasses.asdict(each) for each in breaks],
    }
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        for each in breaks:
            print(each.sentence)
        print(f"{told['lines']} dòng, {len(breaks)} chỗ sai." if breaks else f"{told['lines']} dòng, chuỗi nguyên vẹn.")
    return 1 if breaks else 0
