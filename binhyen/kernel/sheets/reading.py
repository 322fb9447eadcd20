"""Reading a table that somebody sent in. What it is, is told by its bytes, never by its name."""

import json
import subprocess
import sys
from dataclasses import dataclass

from binhyen.kernel.sheets.limits import CHILD_CPU_S, UPLOAD_BYTES_MAX


class UnreadableSheet(Exception):
    """The file is no table that can be read; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Sheet:
    """A header and rows of text, each with its line number as a person counts; empty rows are left out.

    Dates come as 21/11/2026, decimals with a comma: as they stand in a Vietnamese table.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_sheet(content: bytes) -> Sheet:
    """The table in `content` (CSV in UTF-8 or UTF-16, or XLSX: its first sheet). Raises UnreadableSheet."""
    if len(content) > UPLOAD_BYTES_MAX:
        raise UnreadableSheet(f"Tệp lớn hơn {UPLOAD_BYTES_MAX // 1_000_000} MB. Hãy chia thành nhiều tệp nhỏ hơn.")
    command = [sys.executable, "-m", "binhyen.kernel.sheets.child"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=CHILD_CPU_S * 2, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableSheet(_TOO_COSTLY) from error
    if done.returncode != 0:
        raise UnreadableSheet(_TOO_COSTLY)
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise UnreadableSheet(answer["problem"])
    return Sheet(answer["header"], [(line, cells) for line, cells in answer["rows"]])


_TOO_COSTLY = "Không đọc được tệp: tệp hỏng hoặc quá lớn. Hãy lưu lại dạng CSV UTF-8 rồi gửi lại."
