"""The text of a document, and what the figure checker finds in it, in a bounded child."""

import json
from dataclasses import dataclass

from binhyen.kernel.figures.documents.errors import Unreadable
from binhyen.kernel.figures.finding import Finding
from binhyen.sandbox import Bounds, SandboxError, run_bounded

FILE_BYTES_MAX = 50 * 1024 * 1024
BOUNDS = Bounds(memory_mib=1024, cpu_s=30, wall_s=45.0, output_bytes=64 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Examined:
    """A document's text and the findings in it; offsets of findings count characters of `text`."""

    text: str
    findings: tuple[Finding, ...]


async def read_document(raw: bytes, *, name: str = "") -> str:
    """The text of a TXT, DOCX, PDF, CSV or XLSX file; `name` only tells a CSV from other text.

    Raises Unreadable with a sentence for the person.
    """
    return await _in_child("extract:extract", raw, name)


async def examine_document(raw: bytes, *, name: str = "") -> Examined:
    """The text and its findings, both worked out in the child: nothing that is sent in can make this process late.

    Raises Unreadable with a sentence for the person.
    """
    found = json.loads(await _in_child("checking:examine", raw, name))
    return Examined(found["text"], tuple(Finding(**each) for each in found["findings"]))


async def _in_child(work: str, raw: bytes, name: str) -> str:
    if len(raw) > FILE_BYTES_MAX:
        raise Unreadable(f"Tệp lớn hơn {FILE_BYTES_MAX // 1024**2} MB. Hãy tách thành nhiều tệp nhỏ.")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    payload = ending.encode("ascii", "replace").replace(b"\0", b"") + b"\0" + raw
    try:
        answer = await run_bounded(f"binhyen.kernel.figures.documents.{work}", payload, bounds=BOUNDS)
    except SandboxError as error:
        raise Unreadable(f"{error} Hãy kiểm tra tệp hoặc lưu lại dưới dạng khác.") from error
    if answer[:1] == b"R":
        raise Unreadable(answer[1:].decode())
    return answer[1:].decode()
