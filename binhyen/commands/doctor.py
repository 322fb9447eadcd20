"""`binhyen doctor`: what on this machine could keep the station from running well, and what to do about it."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from binhyen.kernel.upkeep.taken import OLD_AFTER, age_in_words, read_taken
from binhyen.supervisor.folder import LAYOUT
from binhyen.supervisor.postgres import EmbeddedPostgres, PostgresError

GIB = 1024**3
FREE_WANTED = 10 * GIB
OPEN_FILES_WANTED = 4096
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """`level`: good, warning (it runs, with a limit) or bad (it will not run)."""

    check: str
    level: str
    sentence: str


def register(parser: argparse.ArgumentParser) -> None:
    """Which installation, and in which form."""
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="thư mục dữ liệu (mặc định: data)"
    )
    parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def run(args: argparse.Namespace) -> int:
    """Exit 0 when nothing is bad."""
    findings = [finding for check in CHECKS for finding in check(args.data.absolute())]
    bad = any(finding.level == "bad" for finding in findings)
    if args.json:
        print(json.dumps({"ok": not bad, "findings": [asdict(each) for each in findings]}, ensure_ascii=False))
    else:
        marks = {"good": "✓", "warning": "!", "bad": "✗"}
        for finding in findings:
            print(f"{marks[finding.level]} {finding.sentence}")
    return 1 if bad else 0


def _python(root: Path) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield Finding("python", "bad", f"Python {version} quá cũ; cần từ 3.11.")
    else:
        yield Finding("python", "good", f"Python {version}")


def _database(root: Path) -> Iterator[Finding]:
    if "DATABASE_URL" in os.environ:
        yield from _own_server(os.environ["DATABASE_URL"])
        return
    try:
        programs = EmbeddedPostgres(root / "pg", root / "keys", root / "log" / "postgres.log").programs
        yield Finding("postgres", "good", f"PostgreSQL nhúng: {programs}")
    except PostgresError as error:
        yield Finding("postgres", "bad", str(error))
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        yield Finding("setpriv", "bad", "Chạy bằng root cần lệnh setpriv (gói util-linux); hãy dùng người dùng thường.")


def _own_server(url: str) -> Iterator[Finding]:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            yield Finding(
                "postgres", "good", f"DATABASE_URL trả lời, phiên bản {connection.info.server_version // 10000}"
            )
    except psycopg.OperationalError as error:
        yield Finding("postgres", "bad", f"Không nối được tới DATABASE_URL: {str(error).strip()}")


def _folder(root: Path) -> Iterator[Finding]:
    here = root
    while not here.exists():
        here = here.parent
    if not os.access(here, os.W_OK | os.X_OK):
        yield Finding("data", "bad", f"Không ghi được vào {here}. Hãy cấp quyền, hoặc chọn thư mục khác bằng --data.")
        return
    free = shutil.disk_usage(here).free
    sentence = f"Thư mục dữ liệu {root}: còn trống {free / GIB:.1f} GiB"
    if free < FREE_WANTED:
        yield Finding("data", "warning", f"{sentence}; nên có ít nhất {FREE_WANTED // GIB} GiB.")
    else:
        yield Finding("data", "good", sentence)
    stamp = root / "LAYOUT"
    if stamp.exists() and stamp.read_text().strip() != LAYOUT:
        yield Finding("layout", "bad", f"Bố cục dữ liệu {stamp.read_text().strip()} không hợp với bản này ({LAYOUT}).")


def _keys(root: Path) -> Iterator[Finding]:
    for path in sorted((root / "keys").glob("*")) if (root / "keys").is_dir() else ():
        if path.stat().st_mode & 0o077:
            yield Finding("keys", "bad", f"Tệp khóa {path} đọc được bởi người khác. Hãy chạy: chmod 600 {path}")


def _libraries(root: Path) -> Iterator[Finding]:
    folder = Path(__file__).resolve().parents[2] / "node_modules" / "@tabler"
    if folder.is_dir():
        yield Finding("browser_libraries", "good", "Thư viện trình duyệt đã cài")
    else:
        yield Finding("browser_libraries", "bad", "Chưa có thư viện trình duyệt (node_modules). Hãy chạy: script/setup")
    for name, purpose in {"av": "đọc nguồn hình khác RTSP", "typst": "in biên bản"}.items():
        if find_spec(name) is None:
            yield Finding(name, "bad", f"Thiếu gói {name} ({purpose}). Hãy chạy: script/setup")


def _limits(root: Path) -> Iterator[Finding]:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < OPEN_FILES_WANTED:
        yield Finding(
            "open_files", "warning", f"Giới hạn tệp mở là {hard}; 300 camera cần {OPEN_FILES_WANTED} (ulimit -n)."
        )
    else:
        yield Finding("open_files", "good", f"Giới hạn tệp mở: {soft} (tối đa {hard})")


def _clock(root: Path) -> Iterator[Finding]:
    synchronised = Path("/run/systemd/timesync/synchronized").exists() or any(
        shutil.which(name) for name in ("chronyd", "ntpd")
    )
    if synchronised:
        yield Finding("clock", "good", "Đồng hồ máy được đồng bộ")
    else:
        yield Finding("clock", "warning", "Không thấy dịch vụ đồng bộ giờ; giờ ghi hình là chứng cứ, hãy bật NTP.")


def _backup(root: Path) -> Iterator[Finding]:
    if not (root / "LAYOUT").exists():
        return  # there is nothing yet to back up
    try:
        listed = read_taken(root)
    except ValueError as error:
        yield Finding("backup", "bad", str(error))
        return
    if not listed:
        yield Finding("backup", "warning", f"Chưa có bản sao lưu nào. Hãy chạy: binhyen backup THƯ-MỤC --data {root}")
        return
    last = listed[-1]
    age = last.age(datetime.now(UTC))
    sentence = f"Bản sao lưu mới nhất cách đây {age_in_words(age)}: {last.file}"
    if age > OLD_AFTER:
        yield Finding("backup", "warning", f"{sentence}. Hãy chạy: binhyen backup THƯ-MỤC --data {root}")
    else:
        yield Finding("backup", "good", sentence)


CHECKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (
    _python,
    _database,
    _folder,
    _keys,
    _libraries,
    _limits,
    _clock,
    _backup,
)
