"""Writing a database into a stream and reading it back, with the embedded server's own pg_dump and pg_restore.

They also serve a server of one's own: the wheel's version is at least as new. The password goes by the environment,
where no list of processes shows it.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

SHORT_LIVED = ("cache", "django_session", "usersessions_usersession")
"""Tables whose rows are not worth keeping, and would let a thief of a backup in where a session still runs."""


class DumpError(Exception):
    """The database could not be written or read back; the message is a sentence."""


def _reaching(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and an environment that has it."""
    parts = urlsplit(url)
    password = unquote(parts.password or "")
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    user = f"{parts.username}@" if parts.username else ""
    bare = urlunsplit(parts._replace(scheme="postgresql", netloc=f"{user}{host}{port}"))
    return bare, {**os.environ, **({"PGPASSWORD": password} if password else {})}


@contextmanager
def dumped(url: str, programs: Path, *, snapshot: str = "") -> Iterator[IO[bytes]]:
    """A stream of the database in pg_dump's own format, of an exported snapshot where given. Raises DumpError."""
    bare, environment = _reaching(url)
    command = [str(programs / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--dbname={bare}"]
    command += [f"--exclude-table-data={table}" for table in SHORT_LIVED]
    command += [f"--snapshot={snapshot}"] if snapshot else []
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, env=environment) as process,
    ):
        if process.stdout is None:
            raise DumpError("Không chạy được pg_dump.")
        yield process.stdout
        process.wait()
        complaints.seek(0)
        problem = complaints.read().decode(errors="replace").strip()
    if process.returncode:
        raise DumpError(f"Không đọc hết được cơ sở dữ liệu: {problem[-400:]}")


def load_dump(file: Path, url: str, programs: Path) -> None:
    """Bring a dump into an empty database, all of it or nothing. Raises DumpError."""
    bare, environment = _reaching(url)
    command = [str(programs / "pg_restore"), "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    done = subprocess.run(
        [*command, f"--dbname={bare}", str(file)], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise DumpError(f"Không phục hồi được cơ sở dữ liệu: {done.stderr.strip()[-400:]}")
