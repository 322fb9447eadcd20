"""Pages of statistics and reports."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from binhyen.kernel.audit.models import Line
from binhyen.kernel.measures import registered
from binhyen.kernel.measures.tests.teams import Team, counted_teams, on
from binhyen.kernel.sheets import read_sheet
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.statistics.domain import mark_of
from binhyen.modules.statistics.models import Report, ReportPlan
from binhyen.modules.statistics.tests.test_reports import TRAP

UNIT = "don-vi=T99&ky=2026-11"
MEASURE = "/thong-ke/vu-viec-tiep-nhan/"


@pytest.fixture
def province(counted, chief, signed_in, settings, tmp_path):
    settings.BINHYEN_KEYS = tmp_path
    return signed_in(chief)


@pytest.fixture
def officer(world, signed_in):
    return signed_in(world.people[Role.COMMUNE_OFFICER])


def text_of(answer):
    page = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\xa0", " ")
    return " ".join(page.split())


def row(answer, name):
    """The words of the table line that begins with `name`."""
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", answer.content.decode(), re.DOTALL)
    found = [" ".join(re.sub(r"<[^>]+>", " ", line).split()).replace("\xa0", " ") for line in lines]
    return next(line.removeprefix(name).strip() for line in found if line.startswith(name))


def test_the_overview_shows_every_measure_with_its_change_and_a_table_beneath(province):
    answer = province.get(f"/thong-ke/?{UNIT}")
    assert row(answer, "Vụ việc tiếp nhận") == "4 2 +2 +100,0 %"
    assert row(answer, "Tỷ lệ giải quyết vụ việc") == "25,00 % 0,00 % +25,00 điểm % —"
    page = answer.content.decode()
    assert page.count('<svg class="spark"') == len(registered())
    assert "style=" not in page.split("<main")[1]
    assert f'href="{MEASURE}?don-vi=T99&amp;ky=2026-11"' in page


def test_a_measure_drills_down_the_tree_and_back(province):
    answer = province.get(f"{MEASURE}?{UNIT}")
    assert row(answer, "Công an tỉnh Bình Yên") == "4 2 +2 +100,0 % 100,0 %"
    assert row(answer, "Công an xã An Hòa") == "3 2 +1 +50,0 % 75,0 %"
    assert row(answer, "Tháng 10/2026") == "2 0 +2 —"
    page = answer.content.decode()
    assert '<svg class="figure-chart"' in page
    below = f'href="{MEASURE}?don-vi=X99001&amp;ky=2026-11"'
    assert page.count(below) == 2  # in the chart and in the table
    below = province.get(f"{MEASURE}?don-vi=X99001&ky=2026-11")
    assert below.context["own"].now.text == "3"
    assert [unit.code for unit, _ in below.context["above"]] == ["T99"]
    year_before = province.get(f"{MEASURE}?{UNIT}&so-voi=cung-ky")
    assert f'href="{MEASURE}?don-vi=X99001&amp;ky=2026-11&amp;so-voi=cung-ky"' in year_before.content.decode()
    assert row(year_before, "Công an tỉnh Bình Yên") == "4 0 +4 — 100,0 %"
    year = province.get(f"{MEASURE}?{UNIT}&so-voi=2026-10")
    assert (year.context["asked"].against_words, row(year, "Công an xã Bình Minh")) == (
        "tháng 10/2026",
        "1 0 +1 — 25,0 %",
    )


@pytest.mark.parametrize("query", ["ky=hôm qua", "so-voi=mai"])
def test_what_cannot_be_read_is_said_and_the_page_still_stands(province, query):
    answer = province.get(f"/thong-ke/?don-vi=T99&{query}")
    assert answer.status_code == 422
    assert query.split("=")[1] in text_of(answer)


def test_S02_units_of_others_and_unknown_measures_are_not_there(officer, counted):
    assert officer.get("/thong-ke/").context["asked"].unit.code == "X99001"
    outside = (f"/thong-ke/?{UNIT}", "/thong-ke/?don-vi=X99002", f"{MEASURE}?don-vi=X99002", "/thong-ke/khong-co/")
    answers = [officer.get(url).status_code for url in outside]
    assert answers == [404] * 4


@pytest.mark.parametrize("address", ["/thong-ke/", MEASURE])
def test_figures_are_taken_out_as_numbers(province, address):
    sheet = read_sheet(province.get(f"{address}bang.csv?{UNIT}").content)
    line = next(cells for _, cells in sheet.rows if "4" in cells)
    at = line.index("4")
    assert line[at : at + 4] == ["4", "2", "+2", "+100,0\xa0%"]
    again = read_sheet(province.get(f"{address}bang.xlsx?{UNIT}").content)
    assert [cells for _, cells in again.rows] == [cells for _, cells in sheet.rows]
    assert province.get(f"{address}bang.pdf?{UNIT}").content.startswith(b"%PDF-")
    assert Line.objects.filter(action="statistics.export").count() == 3


# --- the builder -----------------------------------------------------------------------------------------------------
def form(**changes):
    return {
        "ten": "Báo cáo tháng 11", "don_vi": "T99", "ky": "2026-11", "cot": "compare",
        "chi_so": ["vu-viec-tiep-nhan", "ty-le-giai-quyet"], "loi_van": "", "viec": "luu", **changes,
    }  # fmt: skip


def test_the_builder_opens_with_everything_chosen(province):
    shown = province.get("/bao-cao/lap/").context["form"]
    chosen = {name: shown[name].value() for name in ("ten", "don_vi", "cot")}
    assert chosen == {"ten": "Báo cáo kết quả công tác của Công an tỉnh Bình Yên", "don_vi": "T99", "cot": "compare"}
    assert len(shown["chi_so"].value()) == len(registered())
    with_defaults = form(ky=shown["ky"].value(), ten=chosen["ten"], chi_so=shown["chi_so"].value())
    assert province.post("/bao-cao/lap/", with_defaults).status_code == 302


def test_the_next_report_begins_as_the_last_one(province):
    made(province, ten="Báo cáo của tôi", cot="units", don_vi="X99001", chi_so=["ty-le-giai-quyet"])
    shown = province.get("/bao-cao/lap/").context["form"]
    assert [shown[name].value() for name in ("ten", "cot", "don_vi", "chi_so", "loi_van")] == [
        "Báo cáo của tôi", "units", "X99001", ["ty-le-giai-quyet"], None,
    ]  # fmt: skip


def test_a_preview_shows_the_table_and_keeps_nothing(province):
    answer = province.post("/bao-cao/lap/", form(viec="xem", loi_van=TRAP))
    assert row(answer, "Vụ việc tiếp nhận") == "4 2 +2 +100,0 %"
    assert "5.681" in text_of(answer)
    with across_units():
        assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chi_so": []}, "Chưa chọn chỉ số nào"),
        ({"ky": "dot"}, "Hãy nhập cả ngày đầu và ngày cuối"),
        ({"ky": "dot", "tu": "15/03/2026", "den": "01/03/2026"}, "Ngày cuối phải từ ngày đầu trở đi"),
        ({"don_vi": "X99999"}, "không"),
        ({"viec": "dinh-ky", "moi": "month", "ngay": "40"}, "15"),
    ],
)
def test_what_is_wrong_in_the_builder_is_named_and_nothing_typed_is_lost(province, change, said):
    answer = province.post("/bao-cao/lap/", form(loi_van="Đã gõ dài", **change))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert answer.context["form"]["loi_van"].value() == "Đã gõ dài"


def test_a_campaign_of_ones_own_days(province):
    answer = province.post("/bao-cao/lap/", form(ky="dot", tu="01/10/2026", den="15/11/2026"), follow=True)
    assert row(answer, "Vụ việc tiếp nhận").startswith("6 0 +6")


def test_a_schedule_is_set_and_ended(province):
    province.post("/bao-cao/lap/", form(viec="dinh-ky", moi="quarter", ngay="5"))
    with across_units():
        plan = ReportPlan.objects.get()
    assert (plan.every, plan.workday) == ("quarter", 5)
    assert "mỗi quý, vào ngày làm việc thứ 5" in text_of(province.get("/bao-cao/"))
    province.post(f"/bao-cao/dinh-ky/{plan.pk}/ngung/")
    assert "Báo cáo tự lập" not in text_of(province.get("/bao-cao/"))


# --- from the draft to who receives it --------------------------------------------------------------------------------
def made(client, **changes):
    client.post("/bao-cao/lap/", form(**changes))
    with across_units():
        return Report.objects.latest("pk")


def step(client, report, name, **more):
    answer = client.post(f"/bao-cao/{report.pk}/buoc/", {"buoc": name, **more}, follow=True)
    report.refresh_from_db()
    return answer


def test_a_report_is_blocked_asked_about_answered_signed_and_proved(province, officer, client, all_units):
    report = made(province, loi_van=f"Câu của riêng tỉnh. {TRAP} Câu cuối.")
    page = province.get(f"/bao-cao/{report.pk}/")
    assert "còn 1 chỗ" in text_of(page)
    assert step(province, report, "check").status_code == 403
    question = report.questions.get()
    url = question.get_absolute_url()
    assert officer.get(url).status_code == 404
    assert "Hoặc hỏi đơn vị" in text_of(province.get(url))
    province.post(f"{url}hoi/", {"don_vi": "X99001"})
    asked = officer.get(url)
    assert "…Thu nhận 5.680 hồ sơ" in text_of(asked).replace("… ", "…")
    assert "Câu của riêng tỉnh" not in text_of(asked)
    assert "Câu cuối" not in text_of(asked)
    assert f"/bao-cao/{report.pk}/" not in asked.content.decode()
    assert officer.post(url, {"tra_loi": ""}).status_code == 422
    assert officer.post(url, {"tra_loi": "Đúng là 5.681."}).status_code == 302
    assert officer.get(f"/bao-cao/{report.pk}/").status_code == 404
    step(province, report, "check")
    step(province, report, "sign")
    assert report.state == "signed"
    content = province.get(f"/bao-cao/{report.pk}/noi-dung.json").content
    proof = f"/kiem-chung/bao-cao/{report.public_id}/"
    shown = text_of(client.get(proof))
    assert "đã ký báo cáo này và chưa có bản nào thay thế" in shown
    assert "Vụ việc" not in shown
    for raw, said in ((content, "Giống hệt bản đã ký"), (content.replace(b'"4"', b'"5"'), "KHÁC với bản đã ký")):
        assert said in text_of(client.post(proof, {"tep": SimpleUploadedFile("r.json", raw)}))
    assert client.post(proof).status_code == 422
    assert client.get("/kiem-chung/bao-cao/minisign.pub").content.startswith(b"untrusted comment: minisign public key")
    assert province.get(f"/bao-cao/{report.pk}/chu-ky.minisig").content.startswith(
        b"untrusted comment: Binh Yen report"
    )


def test_a_correction_shows_what_differs_and_the_old_one_points_to_it(province, client, counted, all_units):
    report = made(province)
    step(province, report, "check")
    step(province, report, "sign")
    case = counted[3]
    type(case).objects.filter(pk=case.pk).update(ended_at=case.opened_at, state="closed")
    answer = province.post(f"/bao-cao/{report.pk}/dinh-chinh/")
    correction = Report.objects.get(corrects=report)
    assert answer.url == f"/bao-cao/{correction.pk}/sua/"
    assert "Tỷ lệ giải quyết vụ việc Tháng 11/2026 25,00 % 50,00 %" in text_of(
        province.get(f"/bao-cao/{correction.pk}/")
    )
    step(province, correction, "check")
    step(province, correction, "sign")
    assert "Bản này đã được thay bằng phiên bản 2" in text_of(province.get(f"/bao-cao/{report.pk}/"))
    assert "nay đã thay bằng bản mới" in text_of(client.get(f"/kiem-chung/bao-cao/{report.public_id}/"))
    assert province.get(f"/bao-cao/{report.pk}/sua/").status_code == 403


def test_a_draft_is_edited_listed_taken_out_and_dropped(province, client):
    report = made(province)
    province.post(f"/bao-cao/{report.pk}/sua/", form(ten="Tên mới", cot="units", _seen=mark_of(report)))
    page = province.get(f"/bao-cao/{report.pk}/")
    assert "Tên mới" in text_of(page)
    assert row(page, "Công an xã An Hòa") == "3 33,33 %"
    assert "Tên mới" in text_of(province.get("/bao-cao/?trang-thai=draft"))
    assert "Không có báo cáo nào" in text_of(province.get("/bao-cao/?trang-thai=signed"))
    sheet = read_sheet(province.get(f"/bao-cao/{report.pk}/bang.xlsx").content)
    assert next(cells[1:] for _, cells in sheet.rows) == ["4", "25"]
    assert province.get(f"/bao-cao/{report.pk}/noi-dung.json").status_code == 403
    assert client.get(f"/kiem-chung/bao-cao/{report.public_id}/").status_code == 404
    assert province.post(f"/bao-cao/{report.pk}/buoc/", {"buoc": "supersede"}).status_code == 400
    province.post(f"/bao-cao/{report.pk}/bo/")
    assert "Chưa có báo cáo nào" in text_of(province.get("/bao-cao/"))


def test_of_two_who_write_in_one_draft_the_second_sees_the_first_and_loses_nothing(province, all_units):
    report = made(province, loi_van="Lúc đầu.")
    url = f"/bao-cao/{report.pk}/sua/"
    seen = re.search(r'name="_seen" value="(\w+)"', province.get(url).content.decode())[1]
    assert seen == mark_of(report)
    province.post(url, form(loi_van="Người thứ nhất.", _seen=seen))
    preview = province.post(url, form(loi_van="Người thứ hai.", _seen=seen, viec="xem"))
    assert f'value="{seen}"' in preview.content.decode()
    second = province.post(url, form(loi_van="Người thứ hai.", _seen=seen))
    assert (second.status_code, second.context["form"]["loi_van"].value()) == (409, "Người thứ hai.")
    assert "Người thứ nhất." in text_of(second)
    again = re.search(r'name="_seen" value="(\w+)"', second.content.decode())[1]
    assert province.post(url, form(loi_van="Cả hai.", _seen=again)).status_code == 302
    report.refresh_from_db()
    assert report.text == "Cả hai."
    assert province.post(url, form(loi_van="Không dấu.")).status_code == 409


def test_S04_words_of_a_report_are_text_everywhere(province):
    report = made(province, ten="<b>x</b>", loi_van="<script>alert(1)</script>")
    for url in (f"/bao-cao/{report.pk}/", "/bao-cao/"):
        page = province.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_a_report_on_paper_says_what_it_is_and_how_to_prove_it(province, tmp_path):
    report = made(province, loi_van="Kỳ này <b>#strong[tăng]</b>.\nKỳ sau giảm.")
    draft = words_of(province.get(f"/bao-cao/{report.pk}/bang.pdf").content)
    assert "Bản thảo, chưa ký" in draft
    step(province, report, "check")
    step(province, report, "sign")
    raw = province.get(f"/bao-cao/{report.pk}/bang.pdf").content
    signed = words_of(raw)
    (tmp_path / "bao-cao.pdf").write_bytes(raw)
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "#strong[tăng]", "25,00 %", "Đã ký số lúc", report.public_id):
        assert said in signed
    assert "Bản thảo" not in signed


def words_of(pdf):
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\xa0", " ").split())


def test_pages_ask_the_database_as_often_however_many_there_are(province, django_assert_max_num_queries):
    for url in (f"/thong-ke/?{UNIT}", f"{MEASURE}?{UNIT}"):
        with django_assert_max_num_queries(24):
            province.get(url)


def test_of_very_many_units_those_above_and_right_below_are_offered(province, monkeypatch):
    monkeypatch.setattr("binhyen.modules.statistics.spans.UNITS_OFFERED", 2)
    for code, offered in (("T99", ["T99", "X99001", "X99002"]), ("X99001", ["T99", "X99001"])):
        asked = province.get(f"/thong-ke/?don-vi={code}").context["asked"]
        assert [unit.code for unit in asked.units] == offered


@pytest.fixture
def teams(province, world):
    """Three teams of one kind and two of another in commune A."""
    with counted_teams():
        for kind in ("thon", "thon", "thon", "pho", "pho"):
            Team.objects.create(unit=world.commune_a, kind=kind, founded_on=on("2026-02-10"))
        yield


def test_kinds_have_their_chart_and_table(province, teams):
    answer = province.get(f"/thong-ke/thu-to/?{UNIT}")
    assert (row(answer, "Thôn"), row(answer, "Phố")) == ("3 3 0 0,0 % 60,0 %", "2 2 0 0,0 % 40,0 %")
    assert [part.title for part in answer.context["parts"]] == ["Theo đơn vị", "Theo kỳ", "Theo loại"]


def test_T10_small_numbers_about_people_are_hidden_on_the_page_in_its_charts_and_in_files(province, teams):
    answer = province.get(f"/thong-ke/thu-nguoi-o/?{UNIT}")
    assert row(answer, "Thôn") == row(answer, "Phố") == "(ẩn) (ẩn) — — —"
    assert "Phố: (ẩn)" in answer.content.decode()
    chosen = {"chi_so": "thu-nguoi-o", "cot": "units"}
    report = made(province, **chosen)
    sheet = read_sheet(province.get(f"/bao-cao/{report.pk}/bang.csv").content)
    shown = dict(cells for _, cells in sheet.rows)
    assert shown["Toàn đơn vị"] == answer.context["own"].now.text
    assert {"(ẩn)", "5"} >= {value for value in shown.values() if value not in ("0",)}
