"""`binhyen units`: bring lists of units in, look one up."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from binhyen.commands.database import NoDatabase, add_data_argument, use_installation

DONE, NOT_DONE, NO_STATION = 0, 1, 2


def register(parser: argparse.ArgumentParser) -> None:
    """import, find."""
    does = parser.add_subparsers(dest="does", required=True, metavar="VIỆC")
    bring = does.add_parser("import", help="nhập danh mục tỉnh, xã, địa giới, đơn vị cũ")
    bring.add_argument("files", nargs="+", type=Path, metavar="TỆP", help=".json danh mục, .geojson địa giới, .csv cũ")
    bring.add_argument("--source", required=True, metavar="NGUỒN", help="ai công bố dữ liệu")
    bring.add_argument("--licence", required=True, metavar="GIẤY_PHÉP", help="giấy phép sử dụng dữ liệu")
    bring.add_argument("--since", type=date.fromisoformat, metavar="NGÀY", help="có hiệu lực từ (mặc định 2025-07-01)")
    find = does.add_parser("find", help="xã nào nay là gì")
    find.add_argument("words", metavar="TÊN_HOẶC_MÃ")
    for sub in (bring, find):
        add_data_argument(sub)
        sub.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def run(args: argparse.Namespace) -> int:
    """Exit 0: done, or found. 1: a file cannot be read (those before it stay), or nothing found. 2: no station."""
    try:
        use_installation(args.data)
    except NoDatabase as refusal:
        print(refusal, file=sys.stderr)
        return NO_STATION
    return _import(args) if args.does == "import" else _find(args)


def _import(args: argparse.Namespace) -> int:
    from binhyen.modules.places.public import TWO_TIERS_SINCE, Origin, UnitList, UnreadableList, bring_in

    kinds = {".geojson": UnitList.Kind.BORDERS, ".json": UnitList.Kind.UNITS}
    told: list[dict[str, Any]] = []
    for path in sorted(args.files, key=lambda each: (each.suffix == ".geojson", each.suffix == ".csv")):
        kind = kinds.get(path.suffix.lower(), UnitList.Kind.FORMER)
        try:
            origin = Origin(path.name, args.source, args.licence)
            kept = bring_in(kind, path.read_bytes(), origin, since=args.since or TWO_TIERS_SINCE, by=None)
        except (OSError, UnreadableList) as problem:
            print(f"{path}: {problem}", file=sys.stderr)
            return NOT_DONE
        told.append({"file": path.name, "new": kept.new_count, "same": kept.same_count, "notes": kept.notes})
        if not args.json:
            print(f"{path.name}: thêm {kept.new_count}, đã có {kept.same_count}.", *kept.notes, sep="\n  ")
    if args.json:
        print(json.dumps({"files": told}, ensure_ascii=False))
    return DONE


def _find(args: argparse.Namespace) -> int:
    from binhyen.kernel.units.succession import find_units

    found = find_units(args.words)
    lines = [
        {
            "code": each.unit.code,
            "name": each.unit.name,
            "until": each.unit.valid_until.isoformat() if each.unit.valid_until else None,
            "now": [{"code": unit.code, "name": unit.name} for unit in each.now],
        }
        for each in found
    ]
    if args.json:
        print(json.dumps({"units": lines}, ensure_ascii=False))
    else:
        for each in found:
            now = ", ".join(f"{unit.name} ({unit.code})" for unit in each.now) or "chưa rõ đơn vị kế tục"
            print(f"{each.unit.name} ({each.unit.code})" + ("" if each.is_open else f": nay là {now}"))
    return DONE if found else NOT_DONE
