"""`binhyen measures`: figures made anew from rows."""

import argparse
import json
import os
import sys

AS_KEPT, DIFFERENT, UNKNOWN = 0, 1, 2


def register(parser: argparse.ArgumentParser) -> None:
    """rebuild."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
    rebuild = verbs.add_parser("rebuild", help="tính lại số liệu từ các dòng và báo chỗ khác")
    rebuild.add_argument("codes", nargs="*", metavar="MÃ", help="mã chỉ số; không ghi là tất cả")
    rebuild.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def run(args: argparse.Namespace) -> int:
    """Exit 0: all figures were as their rows say. 1: some were not, and are now. 2: no such measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")
    import django

    django.setup()
    from binhyen.kernel.measures import folding, triggers

    known = {measure.code: measure for measure in triggers.counted()}
    unknown = [code for code in args.codes if code not in known]
    if unknown:
        print(f"Không có chỉ số {', '.join(unknown)}. Có: {', '.join(known) or 'chưa có chỉ số nào'}.", file=sys.stderr)
        return UNKNOWN
    done = folding.rebuild(measure for code, measure in known.items() if not args.codes or code in args.codes)
    different = sum(each.different for each in done)
    if args.json:
        lines = {each.measure.code: {"cells": each.cells, "different": each.different} for each in done}
        print(json.dumps({"measures": lines, "different": different}, ensure_ascii=False))
    else:
        for each in done:
            words = "khớp" if not each.different else f"{each.different} ô đã sai, nay tính lại"
            print(f"{each.measure.code}: {each.cells} ô, {words}")
        print("Mọi số liệu khớp với các dòng." if not different else f"{different} ô khác với các dòng; đã sửa.")
    return DIFFERENT if different else AS_KEPT
