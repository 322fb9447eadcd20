"""The figure checker as a page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from binhyen.kernel.figures.documents.tests import making
from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.units.roles import Role
from binhyen.modules.statistics.marking import LABELS, WHOLE_TEXT_MAX, Piece, label_of, pieces

URL = "/thong-ke/kiem-tra-so-lieu/"
TRAP = "Toàn huyện đã thu nhận 5.680 hồ sơ, gồm 2.366 hồ sơ trẻ dưới 6 tuổi, 2.877 hồ sơ trẻ lớn và 438 hồ sơ còn lại."


@pytest.fixture
def officer(world, signed_in):
    return signed_in(world.people[Role.COMMUNE_OFFICER])


def file(content, name):
    return {"tep": SimpleUploadedFile(name, content)}


def found_in(answer):
    return [(label, each.found, each.expected) for _, label, each in answer.context["findings"]]


def test_a_pasted_text_comes_back_with_its_marks_and_is_kept_nowhere(officer):
    answer = officer.post(URL, {"van_ban": TRAP + " Trong đó vượt 189,3 % kế hoạch."})
    assert ("Tổng không khớp", "5.680", "5.681") in found_in(answer)
    assert "Đạt hay vượt?" in [label for label, *_ in found_in(answer)]
    page = answer.content.decode()
    assert '<mark class="finding-mark" id="cho-1"><a href="#loi-1" title="Chỗ 1">5.680<sup>1</sup></a></mark>' in page
    assert "no-store" in answer["Cache-Control"]
    assert "findings" not in officer.get(URL).context


@pytest.mark.parametrize("kind", ["docx", "csv"])
def test_a_file_is_read_by_what_it_is(officer, kind):
    rows = (("Nhóm", "Hồ sơ"), ("Một", "2.366"), ("Hai", "2.877"), ("Ba", "438"), ("Tổng cộng", "5.680"))
    table = "\n".join(";".join(row) for row in rows)
    raw = {"docx": lambda: making.docx(making.table(*rows)), "csv": table.encode}[kind]()
    answer = officer.post(URL, file(raw, f"bao-cao.{kind}"))
    assert (answer.status_code, found_in(answer)) == (200, [("Tổng không khớp", "5.680", "5.681")])


def test_a_correct_text_is_told_so(officer):
    answer = officer.post(URL, {"van_ban": TRAP.replace("5.680", "5.681")})
    assert found_in(answer) == []
    assert "Không thấy chỗ nào cần xem lại" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Chưa có gì để kiểm tra"),
        ({"van_ban": "  \n"}, "Chưa có gì để kiểm tra"),
        ({"van_ban": "a" * 200_001}, "dài hơn 200.000 ký tự"),
        (file(b"", "trong.txt"), "Tệp trống"),
        (file(bytes(range(256)) * 12, "anh.docx"), "không phải là văn bản"),
        (file(b"\xd0\xcf\x11\xe0" + bytes(600), "cu.docx"), "lưu thành DOCX"),
        (file(b"a" * 10_000_001, "to.txt"), "lớn hơn 10 MB"),
    ],
    ids=["nothing", "blank", "too long", "empty file", "noise", "another format", "too large"],
)
def test_S06_what_cannot_be_read_is_refused_in_words_and_what_was_typed_stays(officer, sent, said):
    answer = officer.post(URL, sent)
    assert (answer.status_code, said in answer.context["problem"]) == (422, True)
    assert answer.context["pasted"] == sent.get("van_ban", "")


def test_S04_a_text_full_of_markup_is_shown_as_text(officer):
    page = officer.post(URL, {"van_ban": f"<script>alert(1)</script> {TRAP}"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_every_kind_of_finding_has_a_name():
    from binhyen.kernel.figures import checks

    kinds = {value for check in checks.CHECKS for name, value in check.__globals__.items() if name.startswith("KIND")}
    assert kinds - set(LABELS) == set()
    assert label_of("something new") == "Cần xem lại"


def finding(start, end):
    return Finding(start, end, "sum", "", "", "", "")


def test_marks_never_overlap_and_lose_no_letter():
    text = "0123456789"
    cut = pieces(text, [finding(1, 4), finding(2, 3), finding(3, 6), finding(8, 10)])
    assert cut == [Piece("0"), Piece("123", 1, True), Piece("45", 3, True), Piece("67"), Piece("89", 4, True)]
    assert pieces("", []) == []


def test_of_a_very_long_text_only_the_lines_with_findings_are_shown():
    text = "đầu\n" * WHOLE_TEXT_MAX + "trước SAI sau\n" + "cuối\n" * 10
    at = text.index("SAI")
    shown = pieces(text, [finding(at, at + 3)])
    assert [piece.text for piece in shown] == ["đầu\n…\ntrước ", "SAI", " sau\n…\n"]
