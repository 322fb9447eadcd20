"""Reaching the database of an installation that runs, or of one that stands still."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from binhyen.backups.faults import BackupError
from binhyen.supervisor.folder import DataFolder, FolderError
from binhyen.supervisor.postgres import EmbeddedPostgres, PostgresError
from binhyen.supervisor.processes import Child, ChildSpec
from binhyen.supervisor.state import NotRunningError, read_state


def programs() -> Path:
    """Where pg_dump and pg_restore lie. Raises BackupError."""
    try:
        return EmbeddedPostgres(Path(), Path(), Path()).programs
    except PostgresError as error:
        raise BackupError(str(error)) from error


@contextmanager
def database_of(root: Path) -> Iterator[str]:
    """The address of the database in `root`; a server that does not run is started for as long as this lasts."""
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    try:
        yield read_state(root).database_url
        return
    except NotRunningError:
        if not (root / "pg" / "PG_VERSION").exists():
            raise BackupError(f"Không có dữ liệu Bình Yên trong {root}. Hãy kiểm tra --data.") from None
    with started(DataFolder(root)) as url:
        yield url


@contextmanager
def started(folder: DataFolder) -> Iterator[str]:
    """The embedded server on `folder`, made where there is none, and ended again. Raises BackupError."""
    try:
        with folder.open(), _server(folder) as url:
            yield url
    except (FolderError, PostgresError) as error:
        raise BackupError(str(error)) from error


@contextmanager
def _server(folder: DataFolder) -> Iterator[str]:
    server = EmbeddedPostgres(folder.postgres, folder.keys, folder.log / "postgres.log")
    server.prepare()
    running = Child(ChildSpec("postgres", server.command(), server.log, stop_signal=signal.SIGINT, stop_within_s=60))
    running.start()
    try:
        server.wait_until_ready(running)
        yield server.url
    finally:
        running.ask_to_stop()
        running.wait_until_stopped()


def use_django(root: Path, url: str) -> None:
    """Make Django ready for the installation in `root` with the database at `url`."""
    os.environ.update(BINHYEN_DATA=str(root), DATABASE_URL=url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")
    import logging

    logging.disable(logging.INFO)  # what modules say while they load is for a server's log, not for a person here
    import django

    django.setup()
