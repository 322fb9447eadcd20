import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import imageio_ffmpeg
import pytest

from binhyen.contracts import SECOND, GapReason, Instant
from binhyen.media.store import CameraWriter, FootageStore, StoreOptions
from binhyen.media.store.tests.film import Film, film

NOON = 1_792_324_800 * SECOND  # 2026-10-18 12:00:00 UTC


@dataclass
class HandClock:
    """Both clocks are set by hand."""

    wall: int = NOON
    steady: int = 1_000 * SECOND

    def now(self) -> Instant:
        return Instant(self.wall)

    def monotonic(self) -> Instant:
        return Instant(self.steady)

    def advance(self, by_us: int) -> None:
        self.wall += by_us
        self.steady += by_us


@dataclass
class World:
    """One store in a temporary folder, opened and closed as a recorder would."""

    data: Path
    clock: HandClock
    options: StoreOptions = field(default_factory=StoreOptions)
    gaps: list[tuple[str, Instant, GapReason]] = field(default_factory=list)
    room: list[tuple[Path, bool]] = field(default_factory=list)
    store: FootageStore | None = None

    def open(self) -> FootageStore:
        self.store = FootageStore(
            self.data,
            shard=0,
            clock=self.clock,
            gap=lambda *gap: self.gaps.append(gap),
            room=lambda *room: self.room.append(room),
            options=self.options,
        )
        return self.store

    def writer(self, camera: str) -> CameraWriter:
        self.store.recover(camera, self.clock.now())
        return self.store.writer(camera)

    def record(self, writer: CameraWriter, seconds: float, *, taken: Film | None = None, first_pts: int = 0) -> None:
        """Feed pictures in real order while the clock goes along."""
        taken = taken or film()
        writer.parameters(taken.sets)
        begin = self.clock.wall
        for unit in taken.units(begin, pictures=round(seconds * 90_000 / taken.step), first_pts=first_pts):
            self.clock.advance(max(0, unit.arrived_at - self.clock.wall))
            writer.unit(unit)
        self.clock.advance(max(0, begin + round(seconds * SECOND) - self.clock.wall))
        self.store.wake()

    def close(self) -> None:
        if self.store is not None:
            self.store.close()
            self.store = None


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def world(tmp_path: Path, clock: HandClock):
    made = World(tmp_path, clock)
    yield made
    made.close()


def playable(path: Path) -> str:
    """What FFmpeg has to say against a file; "" when nothing."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr
