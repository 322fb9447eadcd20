"""Documents as a station receives them; S06 and S10 for those that mean harm."""

import asyncio
import dataclasses
import os
import unicodedata

import pytest

from binhyen.kernel.figures.check import check_text
from binhyen.kernel.figures.documents import reading
from binhyen.kernel.figures.documents.errors import Unreadable
from binhyen.kernel.figures.documents.reading import examine_document, read_document
from binhyen.kernel.figures.documents.tests import making

SENTENCE = (
    "Toàn huyện đã thu nhận 5.680 hồ sơ, gồm 2.366 hồ sơ trẻ dưới 6 tuổi, 2.877 hồ sơ trẻ lớn và 438 hồ sơ còn lại."
)
ROWS = (("Nhóm tuổi", "Hồ sơ"), ("Dưới 6", "2.366"), ("Từ 6", "2.877"), ("Từ 14", "438"), ("Tổng cộng", "5.680"))


def read(raw, name=""):
    return asyncio.run(read_document(raw, name=name))


def sums(raw, name=""):
    return [(each.text, each.expected) for each in check_text(read(raw, name)) if each.kind == "sum"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_files_in_unicode(encoding):
    assert read(f"{SENTENCE}\r\n".encode(encoding)) == f"{SENTENCE}\n"


def test_offsets_of_decomposed_text_point_into_it():
    text = unicodedata.normalize("NFD", SENTENCE)
    assert read(text.encode()) == text
    (finding,) = check_text(text)
    assert (finding.text, text[finding.start : finding.end]) == ("5.680", "5.680")


def test_docx_with_paragraphs_lists_and_tables():
    groups = (("một", "2.366"), ("hai", "2.877"), ("ba", "438"))
    listed = [making.paragraph(f"Nhóm {name}: {count} hồ sơ", listed=True) for name, count in groups]
    body = making.paragraph("Kết quả thu nhận 5.680 hồ sơ:") + "".join(listed)
    raw = making.docx(body + making.table(*ROWS))
    assert "- Nhóm một: 2.366 hồ sơ" in read(raw)
    assert sums(raw) == [("5.680", "5.681")] * 2


def test_xlsx_numbers_are_read_as_they_are_written_here():
    raw = making.xlsx(
        ("Nhóm", "Hồ sơ", "Tỷ lệ"), ("Một", 2366, 95.9), ("Hai", 2877, 0.30000000000000004), ("Tổng", 5244, None)
    )
    assert read(raw) == "Nhóm\tHồ sơ\tTỷ lệ\nMột\t2.366\t95,9\nHai\t2.877\t0,3\nTổng\t5.244\n"
    assert sums(raw) == [("5.244", "5.243")]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv(delimiter):
    assert sums("\n".join(delimiter.join(row) for row in ROWS).encode(), "bang.csv") == [("5.680", "5.681")]


def test_pdf_with_text():
    assert sums(making.pdf(SENTENCE)) == [("5.680", "5.681")]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (making.pdf("#circle()"), "chỉ có ảnh"),
        (b"%PDF-1.7 hong", "PDF bị hỏng"),
        (b"PK\x03\x04 hong", "bị hỏng"),
        (making.package({"a.txt": "a"}), "không phải DOCX hay XLSX"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "DOC hoặc XLS kiểu cũ"),
        (os.urandom(4000).replace(b"PK", b"").replace(b"%PDF", b""), "không phải là văn bản"),
        (making.docx("<w:p>"), "bị hỏng"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(raw, words):
    with pytest.raises(Unreadable, match=words):
        read(raw)


def test_S06_a_document_type_and_with_it_every_entity_is_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("mật")
    prolog = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>'
    with pytest.raises(Unreadable, match="DTD"):
        read(making.docx("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", prolog))


def test_S06_a_zip_bomb_ends_in_a_sentence():
    bomb = making.package({"word/document.xml": bytes(200_000_000)})
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable, match="giải nén quá lớn"):
        read(bomb)


def test_S10_a_tree_that_fills_the_memory_ends_the_child_alone(monkeypatch):
    monkeypatch.setattr(reading, "BOUNDS", dataclasses.replace(reading.BOUNDS, memory_mib=96, cpu_s=120, wall_s=120.0))
    with pytest.raises(Unreadable, match="hết bộ nhớ cho phép"):
        read(making.docx("<w:p/>" * 1_000_000))


def test_S10_documents_are_decoded_where_no_file_or_network_is():
    with pytest.raises(Unreadable, match=r"bị hỏng|không phải"):
        read(b"%PDF-1.7\n1 0 obj << /F (/etc/passwd) >>")


def test_findings_of_the_child_are_those_of_the_checks_here():
    text = f"{SENTENCE} Công tác bo vệ an ninh cùa xã đạt 189,3 %."
    examined = asyncio.run(examine_document(text.encode(), name="bao-cao.txt"))
    assert (examined.text, list(examined.findings)) == (text, check_text(text))
    assert {"sum", "damaged_word"} <= {each.kind for each in examined.findings}
    with pytest.raises(Unreadable, match="không phải là văn bản"):
        asyncio.run(examine_document(bytes(range(256)) * 20, name="bao-cao.txt"))
