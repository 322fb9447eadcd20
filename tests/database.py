"""A pytest plugin: one embedded PostgreSQL for the whole run, in a folder of its own.

Loaded with `-p` before Django reads its settings; the workers of a parallel run inherit it.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

TEMPLATE = "binhyen_template"


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="binhyen-tests-"))
    folder.chmod(0o755)  # as root the server runs as nobody and must get in
    os.environ["BINHYEN_DATA"] = str(folder)
    if "DATABASE_URL" in os.environ:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return
    from binhyen.supervisor.postgres import EmbeddedPostgres
    from binhyen.supervisor.processes import Child, ChildSpec

    server = EmbeddedPostgres(folder / "pg", folder / "keys", folder / "postgres.log")
    server.prepare()
    with (folder / "pg" / "postgresql.conf").open("a") as configuration:
        configuration.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")  # thrown away at the end
    running = Child(ChildSpec("postgres", server.command(), server.log, stop_signal=signal.SIGINT, stop_within_s=30))
    running.start()
    server.wait_until_ready(running)
    os.environ["DATABASE_URL"] = server.url
    _make_template(server.url)
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() != owner:
            return  # a forked child is not the one who started it
        running.ask_to_stop()
        running.wait_until_stopped()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(server.socket_folder, ignore_errors=True)

    atexit.register(stop)


def _make_template(url: str) -> None:
    """Migrate once; every worker's database begins as a copy (see `django_db_modify_db_settings` in conftest.py)."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    parts = urlsplit(url)
    environment = os.environ | {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{TEMPLATE}"))}
    command = [sys.executable, "-m", "binhyen", "manage", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)
    os.environ["BINHYEN_TEST_TEMPLATE"] = TEMPLATE


if "BINHYEN_TEST_RUN" not in os.environ:
    os.environ["BINHYEN_TEST_RUN"] = "1"
    _start()
