"""A real station in processes of its own, for tests that stop, kill and starve it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

START_WITHIN_S = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without what the test run itself uses."""
    mine = {key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("BINHYEN_")}
    return {**mine, "PYTHONUNBUFFERED": "1", **more}


def binhyen(*arguments: str, within_s: float = 120, **environment: str) -> subprocess.CompletedProcess:
    """Run a command to its end."""
    command = [sys.executable, "-m", "binhyen", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=clean_environment(**environment), timeout=within_s
    )


@dataclass
class RunningStation:
    """`binhyen up` on `data`."""

    data: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    command: str = "up"
    extra: tuple[str, ...] = ()

    def start(self) -> "RunningStation":
        self.data.mkdir(parents=True, exist_ok=True)
        for parent in self.data.parents:  # as root the database runs as another user and has to get in
            if parent != Path("/tmp") and str(parent).startswith("/tmp/"):
                parent.chmod(0o755)
        self.log = self.data.parent / f"{self.data.name}.out"
        command = [sys.executable, "-m", "binhyen", self.command, "--data", str(self.data), "--port", str(self.port)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, *self.extra], stdout=output, stderr=output, env=clean_environment(**self.environment)
            )
        self.wait_for(lambda: self.state().get("ready") and self.state()["pid"] == self.process.pid)
        return self

    def wait_for(self, condition, within_s: float = START_WITHIN_S) -> None:
        give_up_at = time.monotonic() + within_s
        while not condition():
            assert self.process.poll() is None, f"it ended: {self.said()[-3000:]}"
            assert time.monotonic() < give_up_at, f"it did not come about: {self.said()[-3000:]}"
            time.sleep(0.1)

    def state(self) -> dict:
        path = self.data / "run" / "state.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def said(self) -> str:
        return self.log.read_text()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def process_ids(self) -> list[int]:
        """Every process that works on this data folder."""
        mine = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
                if (
                    str(self.data).encode() in words
                    and (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
                ):
                    mine.append(int(folder.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue  # it ended while we looked, or it is not ours
        return [each for each in mine if each != os.getpid()]

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and wait; returns the exit status."""
        self.process.send_signal(number)
        return self.process.wait(90)

    def __enter__(self) -> "RunningStation":
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.end()
