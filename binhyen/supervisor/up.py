"""`binhyen up`: everything of one machine, started in order, watched, and ended together."""

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import IO

from binhyen import __version__
from binhyen.installation import secret
from binhyen.supervisor.database import prepare_database
from binhyen.supervisor.folder import DataFolder
from binhyen.supervisor.postgres import EmbeddedPostgres, PostgresError
from binhyen.supervisor.processes import Child, ChildSpec, python
from binhyen.supervisor.recorders import is_recorder, recorder_specs, recorders_needed, share_index
from binhyen.supervisor.state import NAME, State

READY_WITHIN_S = 60.0
DATABASE_FREE_WITHIN_S = 20.0
_LOG_CHECK_S = 60.0


class StartError(Exception):
    """Something keeps the station from starting; the message is a sentence for the person at the console."""


@dataclass
class Station:
    """One machine's processes. Life: `start`, `run_until`, `stop`; `say` shows progress to a person."""

    folder: DataFolder
    port: int
    host: str = "127.0.0.1"
    environment: dict[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = lambda sentence: print(sentence, file=sys.stderr, flush=True)
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stopping = False
        self._lock: IO[str] | None = None
        self._database: Child | None = None

    # --- start -------------------------------------------------------------------------------------------------
    def start(self) -> State:
        """Start everything; returns when the pages answer. Raises FolderError, PostgresError, StartError."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        os.umask(0o077)  # footage, logs and states are this user's alone
        listener = _listen(self.host, self.port)
        self._lock = self.folder.open()
        (self.folder.run / NAME).unlink(missing_ok=True)  # left by one that was killed
        environment = self._base_environment(listener)
        environment["DATABASE_URL"] = self._start_database()
        prepare_database(
            {**os.environ, **environment}, self.say, backups=self.folder.backups, programs=self._embedded.programs
        )
        self.state = State(
            pid=os.getpid(),
            version=__version__,
            url=f"http://{self.host}:{listener.getsockname()[1]}",
            node_url=environment["BINHYEN_NODE_URL"],
            database_url=environment["DATABASE_URL"],
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            allow_loopback_cameras=self._allows_loopback(environment),
        )
        self.environment = environment
        specs = [*self._specs(listener), *self._recorders(recorders_needed(self.folder))]
        for child in [self._begin(spec) for spec in specs]:
            self._wait_until_ready(child, READY_WITHIN_S)
        self.state.ready = True
        self._write_state()
        return self.state

    def add(self, spec: ChildSpec, *, within_s: float = READY_WITHIN_S) -> Child:
        """Start one more process and wait until it is ready. Raises StartError where it is not, `within_s`."""
        child = self._begin(spec)
        self._wait_until_ready(child, within_s)
        self._write_state()
        return child

    def _begin(self, spec: ChildSpec) -> Child:
        child = Child(spec)
        self.children.append(child)
        child.start()
        return child

    def _base_environment(self, listener: socket.socket) -> dict[str, str]:
        return {
            **self.environment,
            "BINHYEN_DATA": str(self.folder.root),
            "BINHYEN_NODE_URL": f"http://127.0.0.1:{_free_port()}",
            "BINHYEN_CENTRE_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
        }

    def _start_database(self) -> str:
        if "DATABASE_URL" in os.environ:
            return os.environ["DATABASE_URL"]
        server = self._embedded
        if not server.folder.exists():
            self.say("Đang tạo cơ sở dữ liệu (chỉ lần đầu)…")
        server.prepare()
        self._database = Child(
            ChildSpec("postgres", server.command(), server.log, stop_signal=signal.SIGINT, stop_within_s=60)
        )
        self._start_until_ready(server, self._database)
        return server.url

    @property
    def _embedded(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.folder.postgres, self.folder.keys, self.folder.log / "postgres.log")

    def _start_until_ready(self, server: EmbeddedPostgres, database: Child) -> None:
        """After a kill the old server's last processes may still be ending and keep the new one out for a moment."""
        give_up_at = time.monotonic() + DATABASE_FREE_WITHIN_S
        while True:
            database.start()
            try:
                server.wait_until_ready(database)
                return
            except PostgresError:
                if database.is_running or self._stopping or time.monotonic() > give_up_at:
                    raise
            time.sleep(1)

    def _specs(self, listener: socket.socket) -> list[ChildSpec]:
        log, environment = self.folder.log, self.environment
        centre, node = environment["BINHYEN_CENTRE_URL"], environment["BINHYEN_NODE_URL"]
        token_file = self.folder.keys / "node-token"
        token = secret(token_file)
        loopback = ["--allow-loopback"] if self._allows_loopback(environment) else []
        descriptor = listener.fileno()
        web = python("uvicorn", "binhyen.web.asgi:application", "--fd", str(descriptor), "--no-access-log")
        web += ["--timeout-graceful-shutdown", "3", "--lifespan", "off", "--no-server-header"]
        web += ["--ws-per-message-deflate", "false"]  # video does not shrink
        data, node_port = ["--data", str(self.folder.root)], node.rsplit(":", 1)[1]
        return [
            ChildSpec(
                "web",
                web,
                log / "web.log",
                environment,
                is_ready=_answers(f"{centre}/suc-khoe/"),
                pass_descriptors=(descriptor,),
            ),
            ChildSpec("jobs", python("binhyen", "jobs"), log / "jobs.log", environment),
            ChildSpec(
                "live",
                python("binhyen", "live", *data, "--port", node_port, "--token-file", str(token_file), *loopback),
                log / "live.log",
                environment,
                is_ready=_answers(f"{node}/v1/status", token),
            ),
        ]

    def _recorders(self, count: int) -> list[ChildSpec]:
        """What is to run; the index is shared out among so many first."""
        if problem := share_index(self.folder, count):
            self.say(f"Chưa chia được chỉ mục kho hình; hình đã ghi vẫn còn trên ổ đĩa: {problem}")
        loopback = ["--allow-loopback"] if self._allows_loopback(self.environment) else []
        return recorder_specs(self.folder, count, self.environment, *loopback)

    def _add_recorders(self) -> None:
        """Where the cameras have become too many: all recorders end, and more of them begin."""
        running = [child for child in self.children if is_recorder(child.spec.name)]
        count = recorders_needed(self.folder)
        if count <= len(running):
            return
        self.say(f"Số camera đã tăng: chuyển sang {count} tiến trình ghi, mỗi camera mất vài giây.")
        for child in running:
            child.ask_to_stop()
        for child in running:
            self._wait_until_stopped(child)
            self.children.remove(child)
        for spec in self._recorders(count):
            self._begin(spec)

    @staticmethod
    def _allows_loopback(environment: Mapping[str, str]) -> bool:
        """Cameras on this very machine: the demo's simulated ones, and nobody else's."""
        return {**os.environ, **environment}.get("BINHYEN_ALLOW_LOOPBACK_CAMERAS") == "1"

    def _wait_until_ready(self, child: Child, within_s: float) -> None:
        give_up_at = time.monotonic() + within_s
        while not child.spec.is_ready():
            if self._stopping:
                raise StartError("Đã dừng theo yêu cầu khi đang khởi động.")
            if not child.is_running or time.monotonic() > give_up_at:
                raise StartError(f"Tiến trình {child.spec.name} không khởi động được; xem {child.spec.log}.")
            time.sleep(0.1)

    # --- run ---------------------------------------------------------------------------------------------------
    def run_until(self, deadline_monotonic: float | None = None) -> None:
        """Watch the processes until a signal comes or the deadline passes."""
        next_log_check = time.monotonic() + _LOG_CHECK_S
        while not self._stopping and (deadline_monotonic is None or time.monotonic() < deadline_monotonic):
            changed = [sentence for child in self._everyone() if (sentence := child.watch())]
            for sentence in changed:
                self.say(sentence)
            if changed:
                self._write_state()
            if time.monotonic() > next_log_check:
                next_log_check += _LOG_CHECK_S
                for child in self._everyone():
                    child.trim_log()
                self._add_recorders()
                self._write_state()
            time.sleep(0.2)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _everyone(self) -> list[Child]:
        return ([self._database] if self._database else []) + self.children

    def _write_state(self) -> None:
        self.state.processes = {
            child.spec.name: {
                "pid": child.process.pid if child.process else None,
                "running": child.is_running,
                "restarts": child.restarts,
                "log": str(child.spec.log),
            }
            for child in self._everyone()
        }
        self.state.write(self.folder.run)

    # --- stop --------------------------------------------------------------------------------------------------
    def stop(self) -> None:
        """End everything, the database last; safe to call at any point of the start."""
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            self._wait_until_stopped(child)
        if self._database:
            self._database.ask_to_stop()
            self._wait_until_stopped(self._database)
        if self._lock:
            (self.folder.run / NAME).unlink(missing_ok=True)
            self._lock.close()

    def _wait_until_stopped(self, child: Child) -> None:
        if not child.wait_until_stopped():
            self.say(f"{child.spec.name} không dừng kịp trong {child.spec.stop_within_s:.0f} giây nên đã bị kết thúc.")


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        raise StartError(
            f"Không mở được cổng {port} trên {host}: {_port_reason(error)}. Hãy chọn cổng khác bằng --port."
        ) from error
    return listener


def _port_reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "không có quyền (cổng dưới 1024 cần quyền quản trị)"
    if isinstance(error, OSError) and error.errno == 98:
        return "một chương trình khác đang dùng cổng này"
    return str(error)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str, token: str = "") -> Callable[[], bool]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # our own loopback address

    def asks() -> bool:
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310  # our own loopback address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return asks
