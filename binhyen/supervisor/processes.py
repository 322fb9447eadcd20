"""One child process: started, watched, started again after a pause when it dies, ended in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

LOG_LIMIT_BYTES = 20 * 1024 * 1024
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_AFTER_S = 0.5, 30.0, 60.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ChildSpec:
    """What to run. `stop_signal` ends it cleanly within `stop_within_s`; `is_ready` is asked until it says yes."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    stop_within_s: float = 20.0
    is_ready: Callable[[], bool] = lambda: True
    pass_descriptors: tuple[int, ...] = ()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs `module` with this interpreter."""
    return [sys.executable, "-m", module, *arguments]


class Child:
    """One life after another of the same process."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self._pause_s = _FIRST_PAUSE_S
        self._started_at = self._restart_at = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it; its output goes to its log file."""
        with self.spec.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.spec.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.spec.environment},
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then ends all in order
                pass_fds=self.spec.pass_descriptors,
                preexec_fn=partial(
                    _end_with_parent, self.spec.stop_signal
                ),  # the supervisor has one thread when it forks
            )
        self._started_at = time.monotonic()

    def watch(self) -> str | None:
        """Start it again when it died and its pause is over; returns a sentence when something changed."""
        if self.is_running:
            if time.monotonic() - self._started_at > _CALM_AFTER_S:
                self._pause_s = _FIRST_PAUSE_S
            return None
        if self.process is not None:
            code, self.process = self.process.returncode, None
            self._restart_at = time.monotonic() + self._pause_s
            sentence = (
                f"{self.spec.name} đã dừng (mã {code}); chạy lại sau {self._pause_s:.1f} giây. Xem {self.spec.log}."
            )
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
            return sentence
        if time.monotonic() >= self._restart_at:
            self.restarts += 1
            self.start()
            return f"{self.spec.name} đã chạy lại (lần {self.restarts})."
        return None

    def ask_to_stop(self) -> None:
        """Send the signal that ends it cleanly."""
        if self.is_running and self.process is not None:
            self.process.send_signal(self.spec.stop_signal)

    def wait_until_stopped(self) -> bool:
        """Wait for it to end; kill it when it takes too long. Returns whether it ended by itself."""
        if self.process is None:
            return True
        try:
            self.process.wait(self.spec.stop_within_s)
            return True
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return False

    def trim_log(self) -> None:
        """Keep the log bounded: what is over the limit moves to `.1`, replacing what was there."""
        log = self.spec.log
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.with_suffix(log.suffix + ".1").write_bytes(log.read_bytes())
            os.truncate(log, 0)  # the child appends, so it goes on at the new end


def _end_with_parent(stop_signal: int) -> None:
    # However the supervisor dies, its children are told to stop and no orphan is left.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, stop_signal)
