import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from binhyen.kernel.sheets import UnreadableSheet, limits, read_sheet, write_csv, write_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = ["tên", "số", "ngày"]
ROWS = [
    ["=1+1", 5, date(2026, 11, 21)],
    ["'+84 912", Decimal("12.5"), datetime(2026, 11, 21, 14, 5)],
    ["-Hà", -3, None],
]
READ = [
    (2, ["=1+1", "5", "21/11/2026"]),
    (3, ["'+84 912", "12,5", "21/11/2026 14:05:00"]),
]


def xlsx(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def small_book():
    book, content = Workbook(), io.BytesIO()
    book.active.append(["tên"])
    book.active.append(["Hà"])
    book.save(content)
    return content.getvalue()


def with_part(name, text):
    with zipfile.ZipFile(io.BytesIO(small_book())) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return xlsx(parts | {name: text})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_is_read_again(kind, tmp_path):
    path = tmp_path / f"x.{kind}"
    count = write_csv(path, HEAD, ROWS) if kind == "csv" else write_xlsx(path, "Bảng: a/b", HEAD, ROWS)
    sheet = read_sheet(path.read_bytes())
    assert (count, sheet.header, sheet.rows[:2], sheet.rows[2][1][:2]) == (3, HEAD, READ, ["-Hà", "-3"])


def test_S06_no_cell_begins_like_a_formula(tmp_path):
    texts = ["=1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "a=1"]
    write_csv(tmp_path / "x.csv", ["x"], [[text] for text in texts])
    lines = (tmp_path / "x.csv").read_bytes().decode("utf-8-sig").split("\r\n")[1:-1]
    assert [line.strip('"')[0] for line in lines] == ["'", "'", "'", "'", "'", "'", "a"]
    write_xlsx(tmp_path / "x.xlsx", "x", ["x"], [[text] for text in texts])
    kinds = {cell.data_type for row in load_workbook(tmp_path / "x.xlsx").active.iter_rows() for cell in row}
    assert kinds == {"s"}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("tên;số\r\nHà;5\r\n", "utf-8-sig"), ("tên,số\nHà,5", "utf-8"), ("tên\tsố\nHà\t5", "utf-16")],
)
def test_the_ways_in_which_spreadsheets_write_csv_are_understood(text, encoding):
    assert read_sheet(text.encode(encoding)).rows == [(2, ["Hà", "5"])]


def test_S06_a_zip_bomb_is_refused_by_what_it_says_of_itself():
    bomb = with_part("xl/media/x.bin", b"0" * (limits.UNZIPPED_BYTES_MAX + 1))
    assert len(bomb) < 1_000_000
    with pytest.raises(UnreadableSheet, match="quá lớn khi giải nén"):
        read_sheet(bomb)


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY b "ha"><!ENTITY a "&b;&b;&b;&b;">'],
    ids=["of another file", "endless"],
)  # fmt: skip
def test_S06_entities_are_refused(entity):
    text = f'<?xml version="1.0"?><!DOCTYPE x [{entity}]><worksheet xmlns="{MAIN}"><sheetData>'
    text += '<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
    with pytest.raises(UnreadableSheet, match="XLSX hỏng"):
        read_sheet(with_part("xl/worksheets/sheet1.xml", text))
    without = text.replace("&a;", "a").replace(entity, "")
    assert read_sheet(with_part("xl/worksheets/sheet1.xml", without)).header == ["a"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không có dòng nào"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel đời cũ"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "không phải"),
        (b"PK\x03\x04 cut off", "XLSX hỏng"),
        (xlsx({"a.txt": "x"}), "không phải bảng XLSX"),
        (with_part("xl/workbook.xml", "<x"), "XLSX hỏng"),
        (b"x" * (limits.UPLOAD_BYTES_MAX + 1), "lớn hơn 10 MB"),
        (b"a\n" + b"1\n" * (limits.ROWS_MAX + 1), "hơn 50.000 dòng"),
        (b"a," * (limits.COLUMNS_MAX + 1), "hơn 100 cột"),
        (b"a\n" + b"x" * (limits.CELL_CHARS_MAX + 1), "dài hơn 10000 ký tự"),
    ],
)  # fmt: skip
def test_S06_what_is_no_table_or_too_large_a_one_is_refused_with_a_sentence(content, said):
    with pytest.raises(UnreadableSheet, match=said):
        read_sheet(content)


def test_S06_a_sheet_that_says_it_has_a_million_columns_costs_little():
    cell = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    )
    cell += '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    cell += '<row r="2"><c r="XFD2"><v>1</v></c></row></sheetData></worksheet>'
    assert read_sheet(with_part("xl/worksheets/sheet1.xml", cell)).rows == []
