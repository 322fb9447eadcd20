"""A backup before the schema changes, and the change on a copy: the original is touched by no step that could fail."""

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from binhyen.supervisor.dumping import DumpError, dumped

SUFFIX = ".dump"
COPY_SUFFIX, OLD_SUFFIX = "_upgrading", "_before"
CHUNK_BYTES = 1 << 20
KEPT = 5
"""How many of the backups before upgrades remain."""


class UpgradeError(Exception):
    """The schema could not be changed; the message is a sentence for the person at the console."""


def before_upgrade(url: str, programs: Path, folder: Path, *, at: datetime) -> Path:
    """Write the database into `folder`, with its SHA-256 beside it; older ones beyond `KEPT` go. Raises
    UpgradeError."""
    _check_space(url, folder)
    path = folder / f"truoc-nang-cap-{at:%Y%m%d-%H%M%S}{SUFFIX}"
    part, digest = path.with_suffix(".part"), hashlib.sha256()
    try:
        with dumped(url, programs) as stream, part.open("wb") as file:
            while chunk := stream.read(CHUNK_BYTES):
                file.write(chunk)
                digest.update(chunk)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, DumpError) as error:
        part.unlink(missing_ok=True)
        raise UpgradeError(f"Không sao lưu được vào {folder}: {error}. Hãy kiểm tra ổ đĩa.") from error
    part.replace(path)
    digest_file(path).write_text(f"{digest.hexdigest()}  {path.name}\n")
    for old in sorted(folder.glob(f"*{SUFFIX}"))[:-KEPT]:
        old.unlink()
        digest_file(old).unlink(missing_ok=True)
    return path


def digest_file(dump: Path) -> Path:
    """Where the SHA-256 of a dump lies, as `sha256sum -c` reads it."""
    return dump.with_name(dump.name + ".sha256")


def on_a_copy(url: str, change: Callable[[str], object], say: Callable[[str], None]) -> None:
    """Let `change` work on a copy of the database, then put the copy in its place in one step. Raises UpgradeError, and
    whatever `change` raises; the original is then as it was."""
    name = urlsplit(url).path.lstrip("/")
    copy, old = name + COPY_SUFFIX, name + OLD_SUFFIX
    try:
        with psycopg.connect(_named(url, "postgres"), autocommit=True) as connection:
            _drop(connection, copy)
            _drop(connection, old)  # where a run was killed after the exchange
            say("Đang nâng cấp trên một bản sao của cơ sở dữ liệu…")
            connection.execute(_sql("CREATE DATABASE {} TEMPLATE {}", copy, name))
            try:
                change(_named(url, copy))
                with connection.transaction():
                    connection.execute(_sql("ALTER DATABASE {} RENAME TO {}", name, old))
                    connection.execute(_sql("ALTER DATABASE {} RENAME TO {}", copy, name))
            except BaseException:
                _drop(connection, copy)
                raise
            _drop(connection, old)
    except psycopg.errors.InsufficientPrivilege as error:
        raise UpgradeError(
            f"Tài khoản của DATABASE_URL không được tạo cơ sở dữ liệu. Hãy cho quyền CREATEDB rồi chạy lại: {error}"
        ) from error
    except psycopg.errors.ObjectInUse as error:
        raise UpgradeError(
            f"Có chương trình khác đang dùng cơ sở dữ liệu {name}. Hãy dừng chương trình đó rồi chạy lại."
        ) from error
    except psycopg.Error as error:
        raise UpgradeError(f"Không nâng cấp được cơ sở dữ liệu: {error}.") from error


def _check_space(url: str, folder: Path) -> None:
    """The dump and the copy together are at most twice the database."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    needed, free = 2 * int(row[0] if row else 0), shutil.disk_usage(folder).free
    if free < needed:
        raise UpgradeError(
            f"{folder} còn {free / 2**30:.1f} GiB, nâng cấp cần {needed / 2**30:.1f} GiB. Hãy giải phóng chỗ."
        )


def _drop(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    connection.execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _sql(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _named(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()
