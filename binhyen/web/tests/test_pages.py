import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.timezone import now

from binhyen.kernel.audit.models import Line
from binhyen.kernel.audit.record import publish_due_roots, record
from binhyen.kernel.screens import WorkItem
from binhyen.kernel.screens import today as today_screen
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.web.middleware import DatabaseAwayMiddleware
from binhyen.web.pages.activity import spreadsheet_safe
from binhyen.web.pages.today import grouped

XSS = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"


@pytest.fixture
def lines(world):
    """Three lines in commune A, one in commune B, one of a household in A, one of no unit."""
    at = datetime(2026, 11, 20, 22, 40, tzinfo=VIETNAM)
    officer, other = world.people["investigator"], world.outsiders["investigator"]
    owner = world.people["camera_owner"]
    record("look.live", by=officer, subject="AN-01", unit="X99001", purpose="Tìm xe gây tai nạn", at=at)
    record("look.playback", by=officer, subject="AN-02", unit="X99001", case="0001/2026/X99001", at=at)
    record("cases.case.open", by=officer, subject="0001/2026/X99001", unit="X99001", at=at + timedelta(days=1))
    record("look.live", by=other, subject="BI-01", unit="X99002", at=at + timedelta(days=1))
    record("look.live", by=owner, subject="NHA-01", unit="X99001", at=at + timedelta(days=1))
    record("footage.ask.refuse", by=None, subject="NHA-01", at=at + timedelta(days=1))
    return officer


def subjects_on(client, address="/nhat-ky/"):
    text = client.get(address).content.decode()
    return re.findall(r'data-label="Đối tượng">([^<]+)<', text)


# --- today ---------------------------------------------------------------------------------------------------------
def test_work_is_grouped_by_when_it_is_due():
    at = datetime(2026, 11, 21, 14, 0, tzinfo=VIETNAM)
    ahead = {"late": -1, "tonight": 5, "tomorrow": 15}
    work = [WorkItem(name, "/", "việc", at + timedelta(hours=hours)) for name, hours in ahead.items()]
    work.append(WorkItem("whenever", "/", "việc"))
    found = {group.title: [item.label for item in group.items] for group in grouped(work, at)}
    assert found == {
        "Trễ hạn": ["late"],
        "Hạn hôm nay": ["tonight"],
        "Sắp tới": ["tomorrow"],
        "Không có hạn": ["whenever"],
    }


def test_today_shows_work_with_its_deadline_and_says_when_there_is_none(world, signed_in, monkeypatch):
    client = signed_in(world.people["chief"])
    monkeypatch.setattr(today_screen, "_sources", [])
    assert "Không có việc nào đang chờ anh/chị." in client.get("/hom-nay/").content.decode()
    item = WorkItem("Ký thêm yêu cầu 3/2026", "/yeu-cau/3/", "Yêu cầu hình ảnh", now() - timedelta(hours=3))
    monkeypatch.setattr(today_screen, "_sources", [lambda authority: [item]])
    page = client.get("/hom-nay/").content.decode()
    assert "Ký thêm yêu cầu 3/2026" in page
    assert "trễ 3 giờ" in page


def test_today_tells_an_officer_of_the_own_unit_s_cases_only(world, signed_in):
    record("cases.case.open", by=world.people["investigator"], subject="0007/2026/X99001", unit="X99001")
    record("cases.case.open", by=world.outsiders["investigator"], subject="0009/2026/X99002", unit="X99002")
    record("footage.ask.refuse", by=world.people["camera_owner"], subject="NHA-01", unit="X99001")
    page = signed_in(world.people["chief"]).get("/hom-nay/").content.decode()
    assert [word in page for word in ("0007/2026/X99001", "0009/2026/X99002", "NHA-01")] == [True, False, False]


def test_somebody_without_a_role_is_told_what_to_do(db, signed_in):
    page = signed_in(make_person("moi", "Người Mới")).get("/hom-nay/").content.decode()
    assert "Tài khoản chưa được giao vai trò nào hôm nay." in page


# --- the log -------------------------------------------------------------------------------------------------------
def test_an_auditor_reads_every_line_of_the_own_units(world, lines, signed_in):
    assert subjects_on(signed_in(world.people["auditor"])) == ["NHA-01", "0001/2026/X99001", "AN-02", "AN-01"]


def test_an_auditor_at_the_top_also_reads_lines_of_no_unit(world, lines, signed_in):
    top = make_person("giam.sat", "Giám Sát Tỉnh", Role.AUDITOR, world.province)
    assert len(subjects_on(signed_in(top))) == 6


def test_T01_a_chief_reads_what_officers_did_and_nothing_that_a_household_did(world, lines, signed_in):
    assert subjects_on(signed_in(world.people["chief"])) == ["0001/2026/X99001", "AN-02", "AN-01"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tim=tim+xe", ["AN-01"]),
        ("tim=TAI+NẠN", ["AN-01"]),
        ("nguoi=nguyen+dieu+tra", ["0001/2026/X99001", "AN-02", "AN-01"]),
        ("doi_tuong=an-02", ["AN-02"]),
        ("vu_viec=0001/2026/x99001", ["AN-02"]),
        ("viec=look.live", ["NHA-01", "AN-01"]),
        ("den=20/11/2026", ["AN-02", "AN-01"]),
        ("tu=21/11/2026&den=21-11-2026", ["NHA-01", "0001/2026/X99001"]),
        ("tim=%25", []),
        ("tim='; DROP TABLE audit_line; --", []),
    ],
)
def test_the_log_is_found_by_person_camera_case_action_and_days(world, lines, signed_in, query, found):
    assert subjects_on(signed_in(world.people["auditor"]), f"/nhat-ky/?{query}") == found


def test_a_day_that_cannot_be_read_is_named_and_the_lines_stay(world, lines, signed_in):
    client = signed_in(world.people["auditor"])
    page = client.get("/nhat-ky/?tu=31/02/2026").content.decode()
    assert "Không đọc được ngày. Hãy nhập như 21/11/2026." in page
    assert len(subjects_on(client, "/nhat-ky/?tu=31/02/2026")) == 4


def test_the_log_s_pages_meet_without_gap_or_double(world, signed_in):
    for number in range(120):
        record("look.live", by=world.people["investigator"], subject=f"S{number:03}", unit="X99001")
    client, seen, address = signed_in(world.people["auditor"]), [], "/nhat-ky/"
    while address:
        text = client.get(address).content.decode()
        seen += re.findall(r'data-label="Đối tượng">([^<]+)<', text)
        older = re.search(r'rel="next" href="(\?[^"]+)"', text)
        address = f"/nhat-ky/{older[1]}" if older else ""
    assert seen == [f"S{number:03}" for number in reversed(range(120))]


def test_going_back_to_newer_lines_shows_the_page_one_came_from(world, signed_in):
    for number in range(60):
        record("look.live", by=world.people["investigator"], subject=f"S{number:03}", unit="X99001")
    client = signed_in(world.people["auditor"])
    assert subjects_on(client, "/nhat-ky/?sau=10")[-1] == "S010"
    assert len(subjects_on(client, "/nhat-ky/?truoc=abc")) == 50


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_S06_no_cell_of_an_export_is_a_formula(start):
    assert spreadsheet_safe(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_an_export_holds_the_found_lines_and_is_a_line_itself(world, lines, signed_in):
    record("look.live", by=lines, subject="=HYPERLINK(1)", unit="X99001", detail={"b": "2", "a": "1"})
    answer = signed_in(world.people["auditor"]).get("/nhat-ky/tai-ve.csv?viec=look.live")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[6] for row in rows[1:]] == ["'=HYPERLINK(1)", "NHA-01", "AN-01"]
    assert rows[1][10] == "a: 1; b: 2"
    assert Line.objects.first().action == "log.export"


def test_T05_an_auditor_sees_that_the_chain_holds(world, lines, signed_in):
    page = signed_in(world.people["auditor"]).post("/nhat-ky/kiem-tra/").content.decode()
    assert "Chuỗi nguyên vẹn." in page
    assert "Đã kiểm tra 6 dòng" in page


def test_T05_an_auditor_sees_which_line_was_changed(world, lines, signed_in):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_line DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_line SET purpose = 'khác' WHERE number = 2")
        cursor.execute("ALTER TABLE audit_line ENABLE TRIGGER USER")
    page = (
        signed_in(world.people["auditor"]).post("/nhat-ky/kiem-tra/", headers={"hx-request": "true"}).content.decode()
    )
    assert "Dòng 2 đã bị sửa" in page
    assert "<html" not in page


def test_only_an_auditor_checks_the_chain(world, signed_in):
    assert signed_in(world.people["chief"]).post("/nhat-ky/kiem-tra/").status_code == 403


# --- published roots, health ---------------------------------------------------------------------------------------
def test_T05_a_stranger_reads_the_roots_of_every_day(world, lines, client):
    published = publish_due_roots()
    told = client.get("/cong-bo/nhat-ky.json").json()["roots"]
    assert [(row["day"], row["root"]) for row in told] == [
        (root.day.isoformat(), root.root) for root in published[::-1]
    ]
    assert published[0].root in client.get("/cong-bo/nhat-ky/").content.decode()


def test_health_says_that_all_is_well_and_no_more(db, client):
    answer = client.get("/suc-khoe/")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "database": True, "migrations": True})


# --- when something goes wrong -------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/khong-co/", "/nhat-ky/khong-co/"])
def test_what_is_not_there_is_said_in_a_sentence(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Không có trang này, hoặc nó nằm ngoài phạm vi anh/chị được xem." in answer.content.decode()


def test_a_program_gets_failures_as_json(client, db):
    answer = client.get("/khong-co/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "http_404")


def test_a_refusal_names_the_rule_and_the_way_on(world, signed_in):
    answer = signed_in(world.people["duty_officer"]).get("/nhat-ky/")
    assert answer.status_code == 403
    assert "Trang này dành cho: Người giám sát nhật ký, Trưởng công an." in answer.content.decode()


def test_a_refusal_inside_a_page_becomes_a_message(world, signed_in):
    answer = signed_in(world.people["chief"]).post("/nhat-ky/kiem-tra/", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#messages")
    assert "<html" not in answer.content.decode()


def test_S04_a_form_without_its_token_changes_nothing_and_says_why(world):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/dang-nhap/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "Trang này mở đã lâu" in answer.content.decode()


@pytest.fixture
def failing_page(world, signed_in, monkeypatch):
    """A function giving the answer of the first page where its view raises an exception."""

    def ask(exception, **options):
        def broken(authority):
            raise exception

        monkeypatch.setattr("binhyen.web.pages.today.work_for", broken)
        client = signed_in(world.people["chief"])
        client.raise_request_exception = False
        return client.get("/hom-nay/", **options)

    return ask


def test_an_error_is_told_without_a_traceback(failing_page):
    answer = failing_page(RuntimeError("SECRET_KEY bí mật"))
    text = answer.content.decode()
    assert answer.status_code == 500
    assert ("Hệ thống gặp lỗi" in text, "bí mật" in text, "Traceback" in text) == (True, False, False)


def test_F03_a_view_that_finds_the_database_away_says_so(failing_page):
    answer = failing_page(OperationalError("connection refused to 10.1.2.3"))
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert ("Đang chờ cơ sở dữ liệu" in text, "10.1.2.3" in text) == (True, False)


def test_F03_a_program_is_told_that_the_database_is_away(failing_page):
    answer = failing_page(OperationalError("x"), headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")


def test_a_deadlock_is_not_taken_for_a_database_that_is_away(failing_page):
    import psycopg

    deadlock = OperationalError("deadlock")
    deadlock.__cause__ = psycopg.errors.DeadlockDetected()
    assert failing_page(deadlock).status_code == 500


def test_F03_pages_are_back_as_soon_as_health_is(rf):
    answers = iter([("/hom-nay/", 503), ("/suc-khoe/", 200), ("/hom-nay/", 200)])

    def answer(request):
        path, status = next(answers)
        assert request.path == path
        request.database_is_away = status == 503
        return HttpResponse(status=status)

    ask = DatabaseAwayMiddleware(answer)
    paths = "/hom-nay/", "/hom-nay/", "/suc-khoe/", "/hom-nay/"
    assert [ask(rf.get(path)).status_code for path in paths] == [503, 503, 200, 200]


def test_F03_a_station_whose_database_is_away_answers_every_page_and_health_with_503(tmp_path, db):
    from tests.browser import serving, status_of

    nowhere = f"postgresql://x:y@/x?host={tmp_path}"
    with serving(tmp_path, DATABASE_URL=nowhere) as station:
        cookie = {"Cookie": "sessionid=some-session"}
        with ThreadPoolExecutor(3) as visitors:  # each waits a while for the database
            asked = (f"{station.url}{path}" for path in ("/hom-nay/", "/nhat-ky/", "/suc-khoe/"))
            found = list(visitors.map(lambda url: status_of(url, cookie), asked))
        untouched = status_of(f"{station.url}/static/shell.css")
    assert (found, untouched) == ([503, 503, 503], 200)


# --- safety of every page ------------------------------------------------------------------------------------------
PAGES = [
    "/hom-nay/",
    "/nhat-ky/",
    "/cong-bo/nhat-ky/",
    "/tai-khoan/hai-lop/",
    "/tai-khoan/phien/",
    "/khong-co/",
    "/dang-xuat/",
]


@pytest.mark.parametrize("path", PAGES)
def test_S04_every_page_forbids_inline_code_and_framing(world, signed_in, path):
    answer = signed_in(world.people["auditor"]).get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert ("frame-ancestors 'none'" in policy, answer["X-Frame-Options"]) == (True, "DENY")
    assert answer["X-Content-Type-Options"] == "nosniff"


class InlineCode(HTMLParser):
    """Collects what a page runs or styles by itself: scripts, event attributes, style attributes, script addresses."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]
        self.found += [
            f"{tag} {name}" for name, value in attrs if (value or "").strip().lower().startswith("javascript:")
        ]


def inline_code(answer):
    parser = InlineCode()
    parser.feed(answer.content.decode())
    return parser.found


@pytest.mark.parametrize("path", PAGES)
def test_S04_no_page_needs_inline_code(world, signed_in, path):
    assert inline_code(signed_in(world.people["auditor"]).get(path)) == []


def test_S04_text_that_people_wrote_is_never_markup(world, signed_in):
    author = world.people["investigator"]
    author.full_name = XSS[:120]
    author.save()
    record("look.live", by=author, subject=XSS[:120], unit="X99001", case=XSS[:40], purpose=XSS, detail={XSS: XSS})
    record("cases.case.open", by=author, subject=XSS[:120], unit="X99001")
    auditor = world.people["auditor"]
    auditor.full_name = XSS[:120]
    auditor.save()
    world.commune_a.name = XSS
    world.commune_a.save()
    texts = [signed_in(world.people["chief"]).get("/hom-nay/"), signed_in(auditor).get("/hom-nay/")]
    texts += [
        signed_in(auditor).get(f"/nhat-ky/?tim={XSS}&nguoi={XSS}&tu={XSS}&viec={XSS}"),
        signed_in(auditor).get("/nhat-ky/"),
    ]
    assert [code for answer in texts for code in inline_code(answer)] == []
    assert all("&lt;img src=x" in answer.content.decode() for answer in texts)


def test_S04_a_work_item_s_words_are_never_markup(world, signed_in, monkeypatch):
    item = WorkItem(XSS, "/", XSS, now(), XSS)
    monkeypatch.setattr(today_screen, "_sources", [lambda authority: [item]])
    assert inline_code(signed_in(world.people["chief"]).get("/hom-nay/")) == []


def test_S08_an_error_page_of_a_form_shows_nothing_that_was_typed(world):
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"login": "a", "password": "mật-khẩu-thật"})
    assert "mật-khẩu-thật" not in answer.content.decode()


def test_the_menu_marks_where_one_is(world, rf: RequestFactory, signed_in):
    page = signed_in(world.people["auditor"]).get("/nhat-ky/").content.decode()
    assert re.findall(r'href="([^"]+)" aria-current="page"', page) == ["/nhat-ky/"]
