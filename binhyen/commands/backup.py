"""`binhyen backup DIR|FILE`: take a backup while the station works; `backup verify FILE`; `backup list`."""

import argparse
import getpass
import json
import os
import sys
from pathlib import Path

from binhyen.backups.archive import open_archive
from binhyen.backups.faults import BackupError
from binhyen.backups.passphrase import open_keys
from binhyen.backups.station import database_of, use_django
from binhyen.commands.database import add_data_argument
from binhyen.kernel.upkeep.taken import read_taken
from binhyen.supervisor.dumping import DumpError

PASSPHRASE_FILE = "BINHYEN_BACKUP_PASSPHRASE_FILE"  # noqa: S105  # the name of a variable


def register(parser: argparse.ArgumentParser) -> None:
    """Where to, and what to do with the keys."""
    parser.add_argument("target", metavar="NƠI", help="thư mục hay tệp sao lưu; hoặc: verify TỆP, list")
    parser.add_argument("file", nargs="?", type=Path, metavar="TỆP", help="bản sao lưu cần kiểm tra (với verify)")
    add_data_argument(parser)
    add_passphrase_arguments(parser)
    parser.add_argument("--without-keys", action="store_true", help="không đưa khóa vào; anh/chị tự cất thư mục keys")
    parser.add_argument("--keep", type=int, metavar="N", help="giữ N bản mới nhất trong thư mục, xóa bản cũ hơn")
    parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def add_passphrase_arguments(parser: argparse.ArgumentParser) -> None:
    """`--passphrase-file FILE`."""
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="TỆP",
        help=f"tệp có cụm mật khẩu bảo vệ khóa (hoặc biến {PASSPHRASE_FILE}; không có thì hỏi)",
    )


def run(args: argparse.Namespace) -> int:
    """Exit 0 when it is done and whole, 1 when it is not, with a sentence."""
    try:
        if args.target == "verify" and args.file is not None:
            return _verify(args)
        if args.target == "list" and args.file is None:
            return _list(args)
        return _take(args)
    except (BackupError, DumpError) as error:
        print(
            json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False) if args.json else error, file=sys.stderr
        )
        return 1


def passphrase_from(args: argparse.Namespace, *, again: bool) -> str:
    """From the file, or asked for at the terminal. Raises BackupError."""
    path = args.passphrase_file or os.environ.get(PASSPHRASE_FILE)
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError(f"Không đọc được tệp cụm mật khẩu {path}: {error}.") from error
    if not sys.stdin.isatty():
        raise BackupError("Cần cụm mật khẩu để bảo vệ khóa. Hãy thêm --passphrase-file TỆP, hoặc --without-keys.")
    given = getpass.getpass("Cụm mật khẩu bảo vệ khóa: ")
    if again and getpass.getpass("Nhập lại: ") != given:
        raise BackupError("Hai lần nhập khác nhau. Hãy chạy lại.")
    return given


def _take(args: argparse.Namespace) -> int:
    if args.file is not None:
        raise BackupError(f"Không hiểu {args.target!r}. Hãy dùng: binhyen backup NƠI, hoặc binhyen backup verify TỆP.")
    if args.keep is not None and args.keep < 1:
        raise BackupError(f"--keep phải từ 1 trở lên, không phải {args.keep}.")
    root = args.data.absolute()
    secret = None if args.without_keys else passphrase_from(args, again=True)
    with database_of(root) as url:
        use_django(root, url)
        from binhyen.backups.taking import rotate, take_backup
        from binhyen.kernel.upkeep.jobs import carry

        taken = take_backup(root, Path(args.target), url=url, secret=secret)
        removed = rotate(root, Path(taken.file).parent, keep=args.keep) if args.keep else []
        carry(root)
    if args.json:
        told = {"ok": True, "file": taken.file, "size_bytes": taken.size_bytes, "with_keys": taken.with_keys}
        print(json.dumps({**told, "removed": [str(path) for path in removed]}, ensure_ascii=False))
    else:
        print(f"Đã sao lưu và đọc lại đúng: {taken.file} ({taken.size_bytes / 2**20:.1f} MiB).")
        for path in removed:
            print(f"Đã xóa bản cũ: {path}")
        if not taken.with_keys:
            print(f"Bản này KHÔNG có khóa. Hãy cất riêng thư mục {root / 'keys'}; thiếu nó thì không phục hồi được.")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from binhyen.backups.restoring import describe

    asked = args.passphrase_file or os.environ.get(PASSPHRASE_FILE)
    with open_archive(args.file) as found:
        faults = list(found.find_faults())
        if asked and found.has_keys:
            open_keys(found.sealed_keys(), passphrase_from(args, again=False), manifest_sha256=found.manifest_sha256)
        told = {"ok": not faults, "faults": faults, "with_keys": found.has_keys, "taken_at": found.manifest.taken_at}
        if args.json:
            print(json.dumps(told, ensure_ascii=False))
        else:
            print(describe(found.manifest))
            print("\n".join(faults) if faults else "Bản sao lưu NGUYÊN VẸN.")
            print("Có khóa (niêm phong bằng cụm mật khẩu)." if found.has_keys else "Không có khóa.")
    return 1 if faults else 0


def _list(args: argparse.Namespace) -> int:
    listed = read_taken(args.data.absolute())
    if args.json:
        print(json.dumps([each.__dict__ for each in listed], ensure_ascii=False))
    for each in [] if args.json else listed:
        there = "" if Path(each.file).exists() else " (không còn ở đó)"
        print(f"{each.at}  {each.size_bytes / 2**20:10.1f} MiB  {each.file}{there}")
    return 0
