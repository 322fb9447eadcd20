"""Which backups were taken, in `backups.json` of the data folder. Imports no Django: `binhyen doctor` reads it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

NAME = "backups.json"
REMEMBERED = 200
OLD_AFTER = timedelta(days=2)
"""When a station without a newer backup is told so."""


@dataclass(frozen=True)
class Taken:
    """A backup: where it was written, when (ISO 8601, UTC), how large, its manifest's SHA-256, with keys or not."""

    file: str
    at: str
    size_bytes: int
    manifest_sha256: str
    with_keys: bool

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def age(self, now: datetime) -> timedelta:
        """How old it is."""
        return now - self.taken_at


def read_taken(data: Path) -> list[Taken]:
    """Oldest first; empty where none was taken. Raises ValueError for a damaged list."""
    try:
        return [Taken(**each) for each in json.loads((data / NAME).read_text())]
    except FileNotFoundError:
        return []
    except (TypeError, ValueError) as error:
        raise ValueError(f"Tệp {data / NAME} bị hỏng. Hãy xóa tệp này rồi sao lưu lại.") from error


def note_taken(data: Path, taken: Taken) -> None:
    """Add `taken` to the list."""
    listed = [each for each in read_taken(data) if each.file != taken.file][1 - REMEMBERED :]
    _write(data, [*listed, taken])


def note_gone(data: Path, files: set[str]) -> None:
    """Take backups off the list that were rotated away."""
    _write(data, [each for each in read_taken(data) if each.file not in files])


def folders(data: Path) -> list[Path]:
    """Where backups were written and can be reached now."""
    return [path for path in sorted({Path(each.file).parent for each in read_taken(data)}) if path.is_dir()]


def age_in_words(age: timedelta) -> str:
    """For a person: minutes, hours or days."""
    if age < timedelta(hours=1):
        return f"{int(age / timedelta(minutes=1))} phút"
    return f"{int(age / timedelta(hours=1))} giờ" if age < timedelta(days=2) else f"{age.days} ngày"


def _write(data: Path, listed: list[Taken]) -> None:
    beside = data / f".{NAME}.new"
    beside.write_text(json.dumps([asdict(each) for each in listed], indent=1, ensure_ascii=False))
    beside.chmod(0o600)
    beside.replace(data / NAME)
