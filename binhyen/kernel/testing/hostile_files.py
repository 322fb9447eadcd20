"""Files that somebody sends in to do harm (S06): they are not what they say, or reading them costs all there is."""

import io
import zipfile
from collections.abc import Iterator
from functools import cache

SECRET_FILE = "/etc/passwd"  # noqa: S105 (a file that every machine has, and that no page may show)
LONGEST_NAME = 250
UNFOLDED_BYTES = 110_000_000


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """`(name, content)` of each. None of them may be taken in, nor end in an error of ours."""
    yield "chuong-trinh.csv", b"MZ\x90\x00\x03" + bytes(range(256)) * 20
    yield "chuong-trinh.xlsx", b"\x7fELF\x02\x01\x01" + bytes(2000)
    yield "anh.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(2000)
    yield "trang.pdf", b"<!doctype html><script>alert(1)</script>"
    yield "trang.docx", b"<html><script>alert(1)</script></html>\x00"
    yield "cu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "rong.csv", b""
    for ending in ("xlsx", "docx"):
        yield f"bom.{ending}", _bomb()
    for name, entity in (("ngoai", f'<!ENTITY x SYSTEM "file://{SECRET_FILE}">'), ("cuoi", _LAUGHS)):
        yield f"{name}.xlsx", zipped(_sheet(entity))
        yield f"{name}.docx", zipped(_document(entity))


def hostile_names() -> Iterator[str]:
    """Names that lead elsewhere, or are no names."""
    yield "../../../../tmp/binhyen-lot-ra.csv"
    yield "..\\..\\binhyen-lot-ra.csv"
    yield "/etc/cron.d/binhyen-lot-ra.csv"
    yield "x\x00y.csv"
    yield 'x"; filename="y.csv'
    yield "<script>alert(1)</script>.csv"
    yield "d" * LONGEST_NAME + ".csv"


@cache
def _bomb() -> bytes:
    """A workbook and a document in one, a thousandth of what it unfolds to."""
    huge = bytes(UNFOLDED_BYTES)
    return zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": huge, "word/document.xml": huge})


def multipart(field: str, name: str, content: bytes, **others: str) -> tuple[bytes, str]:
    """The body of a form and its type, with the name as it is: what sends it need not be a browser."""
    begin = f"--{_MARK}\r\nContent-Disposition: form-data; name="
    parts = [f'{begin}"{key}"\r\n\r\n{each}\r\n' for key, each in others.items()]
    parts.append(f'{begin}"{field}"; filename="{name}"\r\n')
    parts.append("Content-Type: application/octet-stream\r\n\r\n")
    return "".join(parts).encode() + content + f"\r\n--{_MARK}--\r\n".encode(), f"multipart/form-data; boundary={_MARK}"


_MARK = "binhyen-7f3a"
_LAUGHS = (
    '<!ENTITY x0 "ha">' + "".join(f'<!ENTITY x{n + 1} "{f"&x{n};" * 10}">' for n in range(9)) + ('<!ENTITY x "&x9;">')
)


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP of `parts`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _sheet(entity: str) -> dict[str, bytes]:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    spread = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{spread}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{spread}.worksheet+xml"/></Types>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Target="xl/workbook.xml" '
        f'Type="{office}/officeDocument"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Target="worksheets/sheet1.xml" Type="{office}/worksheet"/></Relationships>'.encode(),
        "xl/worksheets/sheet1.xml": f'<!DOCTYPE r [{entity}]><worksheet xmlns="{main}"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'.encode(),
    }


def _document(entity: str) -> dict[str, bytes]:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return {
        "word/document.xml": f'<!DOCTYPE r [{entity}]><w:document xmlns:w="{main}"><w:body>'
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>".encode()
    }
