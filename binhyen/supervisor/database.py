"""Bringing the database's schema to this version, or saying why not."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from binhyen.supervisor.upgrade import UpgradeError, before_upgrade, on_a_copy

NEWER, UNFIT = 3, 4
"""How the process that compares says that nothing can be done."""

Say = Callable[[str], None]


class SchemaError(Exception):
    """The schema cannot be used by this version; the message is a sentence for the person at the console."""


def prepare_database(environment: Mapping[str, str], say: Say, *, backups: Path, programs: Path) -> None:
    """Apply what is missing: at once in an empty database, else after a backup into the folder `backups` and on a copy
    that takes the original's place when all went well. Raises SchemaError; the database is then as it was.

    Django works in processes of its own, so that the supervisor itself stays small and free of it.
    """
    told = json.loads(_run("look", environment).splitlines()[-1])
    if not told["missing"]:
        return
    if told["empty"]:
        say(f"Đang tạo cấu trúc dữ liệu: {len(told['missing'])} bước (lần đầu)…")
        _run("apply", environment)
        return
    say(f"Cơ sở dữ liệu thuộc bản phần mềm cũ hơn, thiếu {len(told['missing'])} bước.")
    url = environment["DATABASE_URL"]
    try:
        dump = before_upgrade(url, programs, backups, at=datetime.now(UTC))
        say(f"Đã sao lưu cơ sở dữ liệu trước khi nâng cấp: {dump}")
        on_a_copy(url, lambda copy: _run("apply", {**environment, "DATABASE_URL": copy}), say)
    except UpgradeError as error:
        raise SchemaError(f"{error} Chưa có gì bị thay đổi.") from error
    say("Đã nâng cấp cấu trúc dữ liệu.")


def _run(does: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "binhyen.supervisor.migrate", does],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    complaint = done.stderr.strip()
    if done.returncode in (NEWER, UNFIT):
        raise SchemaError(complaint.splitlines()[-1])
    if done.returncode:
        raise SchemaError(f"Không chuẩn bị được cơ sở dữ liệu, dữ liệu giữ nguyên như trước: {complaint[-600:]}")
    return done.stdout
