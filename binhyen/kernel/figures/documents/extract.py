"""Runs inside the sandbox: which format it is by its content, and its text.

The answer is one byte, b"T" and the text or b"R" and the refusal, both UTF-8.
"""

import codecs
import csv
import io

import pypdfium2

from binhyen.kernel.figures.documents import docx, pdf, xlsx
from binhyen.kernel.figures.documents.errors import Unreadable
from binhyen.kernel.figures.documents.package import Package, parsed
from binhyen.kernel.vietnamese.encodings import NotText, decode, from_tcvn3_fonts

CHARACTERS_MAX = 8_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def extract(payload: bytes) -> bytes:
    """`payload`: the name's ending ("csv"), a zero byte, the file."""
    ending, _, raw = payload.partition(b"\0")
    try:
        text = _text_of(raw, ending.decode("ascii", "replace"))
        if len(text) > CHARACTERS_MAX:
            raise Unreadable(f"Văn bản dài hơn {CHARACTERS_MAX // 1_000_000} triệu ký tự. Hãy tách thành nhiều tệp.")
    except (Unreadable, NotText) as refusal:
        return b"R" + str(refusal).encode()
    return b"T" + text.encode("utf-8", "replace")


def _text_of(raw: bytes, ending: str) -> str:
    if raw.startswith(b"%PDF-") or b"%PDF-" in raw[:1024]:
        return from_tcvn3_fonts(pdf.text_of(raw))
    if raw.startswith(b"PK\x03\x04"):
        package = Package(raw)
        names = package.names()
        if docx.BODY in names:
            return from_tcvn3_fonts(docx.text_of(package))
        if any(name.startswith("xl/") for name in names):
            return from_tcvn3_fonts(xlsx.text_of(package))
        raise Unreadable("Tệp nén này không phải DOCX hay XLSX. Hãy chọn tệp TXT, DOCX, PDF, CSV hoặc XLSX.")
    if raw.startswith(_OLD_OFFICE):
        raise Unreadable("Tệp DOC hoặc XLS kiểu cũ. Hãy mở bằng phần mềm văn phòng và lưu thành DOCX hoặc XLSX.")
    text = decode(raw)
    if "\0" in text or sum(not each.isprintable() and not each.isspace() for each in text[:2000]) > 20:
        raise Unreadable("Tệp không phải là văn bản. Hãy chọn tệp TXT, DOCX, PDF, CSV hoặc XLSX.")
    return _table(text) if ending == "csv" else text


def _table(text: str) -> str:
    """CSV as lines of cells with tabs."""
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable("Tệp CSV bị hỏng nên không đọc được. Hãy lưu lại dưới dạng XLSX.") from error
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows) + "\n"


def rehearse() -> None:
    """Load now what could not be loaded later: PDFium, the XML reader, the codecs."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(10, 10)
    page.get_textpage().get_text_bounded()
    document.close()
    parsed(b"<a/>")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258", "latin-1", "ascii", "cp437"):
        codecs.lookup(encoding)
