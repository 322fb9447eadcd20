"""The text of a document, decoded in a bounded child."""

from binhyen.kernel.figures.documents.errors import Unreadable
from binhyen.sandbox import Bounds, SandboxError, run_bounded

FILE_BYTES_MAX = 50 * 1024 * 1024
BOUNDS = Bounds(memory_mib=1024, cpu_s=30, wall_s=45.0, output_bytes=64 * 1024 * 1024)


async def read_document(raw: bytes, *, name: str = "") -> str:
    """The text of a TXT, DOCX, PDF, CSV or XLSX file; `name` only tells a CSV from other text.

    Raises Unreadable with a sentence for the person.
    """
    if len(raw) > FILE_BYTES_MAX:
        raise Unreadable(f"Tệp lớn hơn {FILE_BYTES_MAX // 1024**2} MB. Hãy tách thành nhiều tệp nhỏ.")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    payload = ending.encode("ascii", "replace").replace(b"\0", b"") + b"\0" + raw
    try:
        answer = await run_bounded("binhyen.kernel.figures.documents.extract:extract", payload, bounds=BOUNDS)
    except SandboxError as error:
        raise Unreadable(f"{error} Hãy kiểm tra tệp hoặc lưu lại dưới dạng khác.") from error
    if answer[:1] != b"T":
        raise Unreadable(answer[1:].decode())
    return answer[1:].decode()
