"""The journal of erasures as a file beside the backups: JSON lines, the last of them a keyed seal over the others.

Who has the file learns how many things were erased on which day. Who changes or shortens it without the vault's key
is found out.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from binhyen.kernel.upkeep.erasing import Noted
from binhyen.kernel.vault import pseudonym

_PURPOSE = "erasure-journal"


class JournalError(Exception):
    """A journal that cannot be trusted; the message is a sentence for the person at the console."""


def write_journal(path: Path, journal: Iterable[Noted]) -> None:
    """Put `journal` in place of what `path` holds, atomically."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text_of(journal))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def text_of(journal: Iterable[Noted]) -> str:
    """The file's text."""
    lines = "".join(json.dumps(asdict(each), separators=(",", ":")) + "\n" for each in journal)
    return lines + json.dumps({"seal": pseudonym(lines, purpose=_PURPOSE)}) + "\n"


def journal_from(text: str, *, name: str) -> list[Noted]:
    """The lines of a journal's text. Raises JournalError where one was changed or is missing, or the key is another."""
    lines, _, last = text.rstrip("\n").rpartition("\n")
    body = lines + "\n" if lines else ""
    try:
        seal = json.loads(last)["seal"]
        journal = [Noted(**json.loads(line)) for line in body.splitlines()]
    except (ValueError, KeyError, TypeError) as error:
        raise JournalError(f"Sổ xóa {name} bị hỏng. Hãy lấy bản khác của sổ xóa bằng --erasures TỆP.") from error
    if seal != pseudonym(body, purpose=_PURPOSE):
        raise JournalError(
            f"Sổ xóa {name} đã bị sửa, bị cắt, hoặc thuộc hệ thống khác. Hãy lấy đúng bản bằng --erasures TỆP."
        )
    return journal
