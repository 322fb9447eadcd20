"""What the child does with a file, done here: the child itself can write no report of what it ran through."""

import io
import sys

import pypdfium2
import pytest

from binhyen.kernel.figures.documents import extract, pdf
from binhyen.kernel.figures.documents.tests import making


def taken(raw, ending=""):
    return extract.extract(ending.encode() + b"\0" + raw).decode()


def sheet(*rows, shared=""):
    parts = {"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"}
    return making.package(parts | ({"xl/sharedStrings.xml": f"<sst>{shared}</sst>"} if shared else {}))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:p><w:r><w:t>Số</w:t><w:tab/><w:t>12</w:t></w:r></w:p>", "Số 12"),
        ("<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>Số 12</w:t></w:r></w:p>", "Số 12"),
        ("<w:p><w:r><w:t>81</w:t><w:noBreakHyphen/><w:t>82</w:t><w:br/><w:t/></w:r></w:p>", "81-82"),
        ("<w:p><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t></w:r></w:p>", "một\nhai"),
        ("<w:p><w:pPr><w:numPr/></w:pPr></w:p>", ""),
        (making.paragraph("5 vụ", listed=True), "- 5 vụ"),
        (f"<w:sdt><w:sdtContent>{making.paragraph('5 vụ')}</w:sdtContent></w:sdt><w:sectPr/>", "5 vụ"),
        (making.table(("Xã", "Số  vụ"), ("An Hòa", "5")), "Xã\tSố vụ\nAn Hòa\t5"),
    ],
)
def test_docx_is_read_as_it_is_seen(body, text):
    assert taken(making.docx(body)).strip() == f"T{text}".strip()


def test_a_docx_without_a_body_has_no_text():
    assert taken(making.package({"word/document.xml": "<document/>"})) == "T"


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ('<c r="C1"><v>5680</v></c>', "\t\t5.680"),
        ("<c><v>1</v></c><c><v>2</v></c>", "1\t2"),
        ('<c t="inlineStr"><is><t>An </t><t>Hòa</t></is></c>', "An Hòa"),
        ('<c t="s"><v>0</v></c><c t="s"><v>9</v></c><c t="s"><v>x</v></c>', "An Hòa"),
        ('<c t="str"><v>5.680 hồ sơ</v></c>', "5.680 hồ sơ"),
        ("<c/><c><v>0.959</v></c>", "\t0,959"),
        ("<c><v>không rõ</v></c><c><v>NaN</v></c><c><v>1E99</v></c>", "không rõ\tNaN\t1E99"),
    ],
)
def test_xlsx_cells_of_every_kind(cells, line):
    raw = sheet(f"<row>{cells}</row>", shared="<si><t>An Hòa</t></si>")
    assert taken(raw).rstrip() == f"T{line}"


def test_sheets_stand_in_the_order_of_their_numbers():
    parts = {f"xl/worksheets/sheet{n}.xml": f"<w><row><c><v>{n}</v></c></row></w>" for n in (10, 2)}
    assert taken(making.package(parts)) == "T2\n\n10\n"


def test_csv_becomes_cells_and_a_line_that_never_ends_is_refused():
    assert taken("Xã;Số vụ\nAn  Hòa;5\n".encode(), "csv") == "TXã\tSố vụ\nAn Hòa\t5\n"
    assert taken(b'a;b\n"' + b"x" * 200_000, "csv").startswith("RTệp CSV bị hỏng")


def test_text_is_kept_and_what_is_none_is_refused():
    assert taken("Toàn xã có 5 vụ.".encode()) == "TToàn xã có 5 vụ."
    assert taken(b"\0\1\2\3" * 200).startswith("R")
    assert taken(b"\xd0\xcf\x11\xe0" + bytes(600)).startswith("RTệp DOC hoặc XLS kiểu cũ")
    assert taken(making.package({"a.txt": "a"})).startswith("RTệp nén này không phải")
    assert taken(b"PK\x03\x04 hong").startswith("RTệp Office bị hỏng")


def test_a_text_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(extract, "CHARACTERS_MAX", 10)
    assert taken("Toàn xã có 5 vụ.".encode()).startswith("RVăn bản dài hơn")


def test_S06_a_part_that_is_too_large_missing_or_locked_is_refused():
    assert "giải nén quá lớn" in taken(making.package({"word/document.xml": bytes(70_000_000)}))
    raw = making.docx(making.paragraph("5 vụ"))
    locked = raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    assert "có mật khẩu" in taken(locked)


def test_pdf_pages_are_read_and_their_number_is_bounded(monkeypatch):
    raw = making.pdf("Toàn xã có 5 vụ. #pagebreak() Hết.")
    assert [each.strip() for each in taken(raw)[1:].splitlines()] == ["Toàn xã có 5 vụ.", "Hết."]
    monkeypatch.setattr(pdf, "PAGES_MAX", 1)
    assert taken(raw).startswith("RTệp PDF có hơn 1 trang")


def test_a_pdf_without_text_and_a_broken_one_say_so():
    empty = pypdfium2.PdfDocument.new()
    empty.new_page(10, 10)
    file = io.BytesIO()
    empty.save(file)
    assert taken(file.getvalue()).startswith("RTệp PDF chỉ có ảnh")
    assert taken(b"%PDF-1.7 hong").startswith("RTệp PDF bị hỏng")


def test_what_the_child_needs_later_is_loaded_before_it_gives_up_its_rights():
    extract.rehearse()
    assert {"encodings.cp1258", "encodings.utf_16_be", "encodings.cp437"} <= set(sys.modules)
