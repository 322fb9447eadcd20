"""`binhyen restore FILE --data DIR`: bring back a backup onto an empty folder, or a database from before an upgrade."""

import argparse
import json
import os
import sys
from pathlib import Path

from binhyen.backups.archive import Archive, open_archive
from binhyen.backups.faults import BackupError
from binhyen.backups.outcome import Restored, Say
from binhyen.backups.passphrase import open_keys, read_keys
from binhyen.backups.putting_back import put_back
from binhyen.backups.restoring import check_before, describe, known_migrations, restore
from binhyen.commands.backup import add_passphrase_arguments, passphrase_from
from binhyen.kernel.upkeep import JOURNAL_NAME
from binhyen.supervisor.dumping import DumpError
from binhyen.supervisor.upgrade import SUFFIX as BEFORE_UPGRADE


def register(parser: argparse.ArgumentParser) -> None:
    """What, where to, and with which keys."""
    parser.add_argument("file", type=Path, metavar="TỆP", help="bản sao lưu")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="thư mục trống để phục hồi vào")
    add_passphrase_arguments(parser)
    parser.add_argument(
        "--keys", type=Path, metavar="DIR", help="thư mục keys cất riêng, cho bản sao lưu không có khóa"
    )
    parser.add_argument(
        "--erasures",
        type=Path,
        action="append",
        default=[],
        metavar="TỆP",
        help=f"sổ xóa mới nhất (mặc định: {JOURNAL_NAME} nằm cạnh bản sao lưu)",
    )
    parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def run(args: argparse.Namespace) -> int:
    """Exit 0 when all is there and the log holds, 1 when it did not come about, 2 when the log does not hold."""
    say = (lambda _: None) if args.json else (lambda sentence: print(sentence, file=sys.stderr, flush=True))
    try:
        if "DATABASE_URL" in os.environ:
            raise BackupError("Phục hồi dùng PostgreSQL nhúng. Hãy bỏ biến DATABASE_URL rồi chạy lại.")
        if args.file.suffix == BEFORE_UPGRADE:
            return _put_back(args, say)
        with open_archive(args.file) as found:
            say(describe(found.manifest))
            check_before(found, args.data.absolute(), known_migrations())
            keys = _keys(found, args)
            restored = restore(found, args.data.absolute(), keys, journals=_journals(args), say=say)
    except (BackupError, DumpError) as error:
        print(
            json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False) if args.json else error, file=sys.stderr
        )
        return 1
    _tell(restored, args)
    return 2 if restored.faults else 0


def _put_back(args: argparse.Namespace, say: Say) -> int:
    aside = put_back(args.file, args.data.absolute(), say=say)
    if args.json:
        print(json.dumps({"ok": True, "put_aside": str(aside)}, ensure_ascii=False))
    else:
        print(f"Đã đưa cơ sở dữ liệu trở lại như trước khi nâng cấp. Bản hiện nay được cất ở {aside}.")
        print("Hãy chạy đúng bản phần mềm trước đây: binhyen up")
    return 0


def _keys(found: Archive, args: argparse.Namespace) -> dict[str, bytes]:
    if args.keys is not None:
        if not (args.keys / "vault.json").is_file():
            raise BackupError(f"{args.keys} không phải là thư mục keys của Bình Yên (thiếu vault.json).")
        return read_keys(args.keys)
    if not found.has_keys:
        raise BackupError("Bản sao lưu này không có khóa. Hãy thêm --keys DIR: thư mục keys đã cất riêng.")
    return open_keys(found.sealed_keys(), passphrase_from(args, again=False), manifest_sha256=found.manifest_sha256)


def _journals(args: argparse.Namespace) -> list[Path]:
    missing = [path for path in args.erasures if not path.is_file()]
    if missing:
        raise BackupError(f"Không có tệp sổ xóa {missing[0]}. Hãy kiểm tra lại đường dẫn.")
    beside = args.file.absolute().parent / JOURNAL_NAME
    if args.erasures or beside.is_file():
        return list(args.erasures) or [beside]
    print(
        f"Không thấy {JOURNAL_NAME} cạnh bản sao lưu: chỉ xóa lại những gì sổ xóa trong bản sao lưu ghi. "
        "Nếu còn sổ mới hơn, hãy chạy lại với --erasures TỆP.",
        file=sys.stderr,
    )
    return []


def _tell(restored: Restored, args: argparse.Namespace) -> None:
    erased = sum(restored.erased.values())
    if args.json:
        told = {"ok": not restored.faults, "rows": restored.rows, "files": restored.files, "lines": restored.lines}
        told |= {
            "erased": dict(restored.erased),
            "footage_removed": restored.footage_removed,
            "faults": restored.faults,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"Đã phục hồi {restored.rows} dòng dữ liệu và {restored.files} tệp; nhật ký có {restored.lines} dòng.")
    print(f"Đã xóa lại {erased} mục và {restored.footage_removed} đoạn hình được xóa sau khi sao lưu.")
    print("\n".join(restored.faults) if restored.faults else "Chuỗi nhật ký nguyên vẹn.")
    print(f"Hãy chạy: binhyen up --data {args.data}. Mọi người phải đăng nhập lại.")
