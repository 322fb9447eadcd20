"""Journey 3, first half: a leader makes a fair rota, a member patrols without a line, a person decides a conflict.

F15 in a real browser: the page opens offline, what is told there waits on the telephone and reaches the station once.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils.timezone import now
from pypdf import PdfReader

from binhyen.commands.demo.teams import make_teams
from binhyen.commands.demo.world import TEAM_CAMERAS, TEAMS
from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.models import Line
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_camera
from binhyen.modules.groups import patrols
from binhyen.modules.groups.models import CheckIn, Group, Patrol, Rota

pytestmark = pytest.mark.browser


@pytest.fixture
def commune(live_station, world):
    """The demo's groups in commune A, with the two people who have accounts, a chief and a street camera."""
    with across_units():
        for username, name, role in (
            ("totruong", "Lý Văn Hải", Role.GROUP_LEADER), ("tovien", "Ma Thị Xuân", Role.GROUP_MEMBER),
        ):  # fmt: skip
            make_person(username, name, role, world.commune_a)
        for code in TEAM_CAMERAS:
            address = "rtsp://192.168.7.20/1"
            add_camera(by=None, unit=world.commune_a, tier=2, name=f"Cổng {code}", url=address, code=code)
        make_teams(world.commune_a)
        group = Group.objects.get(code="01")
        yield SimpleNamespace(
            group=group, rota=Rota.objects.get(), leader=User.objects.get(username="totruong"),
            member=User.objects.get(username="tovien"), chief=world.people[Role.CHIEF],
            tonight=Patrol.objects.get(state="planned"),
        )  # fmt: skip


def open_app(visitor):
    """The page for a telephone, once it works without a line."""
    visitor.open("/di-tuan/")
    visitor.page.wait_for_selector("[data-ready]", state="attached")
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.page.wait_for_function("navigator.serviceWorker.controller !== null")
    return visitor.page


def waiting(page, words):
    page.wait_for_selector(f"[data-said]:has-text('{words}')")


def kinds(patrol):
    return list(CheckIn.objects.filter(patrol=patrol).values_list("kind", flat=True))


def test_J3_a_leader_sees_the_group_and_publishes_a_fair_rota(commune, desktop, tmp_path):
    page = desktop.sign_in(commune.leader).open("/hom-nay/").page
    page.click("text=Tổ của tôi")
    assert page.inner_text(".tile:has-text('Thành viên') dd") == str(len(TEAMS[0].members))
    assert page.inner_text(".tile:has-text('Camera') dd >> nth=0") == "4"
    desktop.screenshot("group", whole=True)
    page.click("text=Xem số điện thoại >> nth=2")
    assert page.inner_text(".phone").startswith("0900001")
    assert Line.objects.filter(action="groups.phone.look", actor_name="Lý Văn Hải").count() == 1
    with across_units():
        commune.rota.state = "withdrawn"
        commune.rota.save()
    page.click("text=Lập lịch trực")
    page.fill("[name=needs_1]", "9")
    page.click("text=Xếp thử")
    page.wait_for_selector("[role=alert]:has-text('cần 9 người nhưng chỉ có 7 người')")
    desktop.screenshot("rota-refused")
    page.fill("[name=needs_1]", "2")
    page.click("text=Xếp thử")
    page.wait_for_selector("text=Bản thảo, chưa ai được báo.")
    assert "Người nhiều ca nhất hơn người ít nhất 0 ca" in page.inner_text(".fairness")
    page.click("text=Công bố")
    page.click("#question >> text=Công bố >> nth=-1")
    page.wait_for_selector("#messages >> text=Đã công bố lịch")
    page.click("#messages [data-close]")
    desktop.screenshot("rota", whole=True)
    assert desktop.overflow_px() == 0
    assert Rota.objects.filter(state="published").count() == 1
    page.pdf(path=tmp_path / "lich-truc.pdf", prefer_css_page_size=True)
    sheet = PdfReader(tmp_path / "lich-truc.pdf").pages[0]
    assert "Chủnhật" in "".join(sheet.extract_text().split())


def test_J3_on_a_phone_the_own_turns_come_first(commune, phone):
    page = phone.sign_in(commune.member).open(f"/lich-truc/{commune.rota.pk}/").page
    own, whole = (page.locator(f"#{name}").bounding_box()["y"] for name in ("own-title", "calendar-title"))
    assert own < whole
    assert (phone.overflow_px(), page.is_visible(".rota-calendar")) == (0, False)
    phone.screenshot("rota")
    phone.open(commune.group.get_absolute_url()).screenshot("group", whole=True)
    assert phone.overflow_px() == 0
    phone.open(commune.rota.get_absolute_url()).page.tap(".own-list .btn >> nth=0")
    phone.page.tap("text=Gửi đề nghị")
    phone.page.wait_for_selector("#messages >> text=Đã gửi đề nghị cho")
    phone.screenshot("swap")


def test_F15_a_patrol_without_a_line_is_kept_sent_once_and_proved(commune, phone):
    phone.sign_in(commune.member)
    page = open_app(phone)
    phone.context.set_offline(True)
    page.reload()
    page.wait_for_selector("text=Mất mạng")
    page.tap("text=Bắt đầu tuần tra")
    for place in ("Cổng trường", "Bờ sông", "Cổng chợ"):
        page.fill("[name=place]", place)
        page.tap("[data-do=point]")
        page.wait_for_selector(f"[data-log] >> text=Điểm danh · {place}")
    page.tap("[data-do=seen]")
    page.wait_for_selector("text=Hãy viết điều anh/chị thấy")
    page.fill("[name=text]", "Đèn đường ở ngõ chợ hỏng")
    page.tap("[data-do=seen]")
    waiting(page, "5 việc đang ở trên máy")
    phone.screenshot("patrol-offline")
    assert (phone.overflow_px(), kinds(commune.tonight)) == (0, [])
    page.reload()
    waiting(page, "5 việc đang ở trên máy")
    phone.context.set_offline(False)
    waiting(page, "Mọi việc đã gửi lên trạm")
    page.reload()
    waiting(page, "Mọi việc đã gửi lên trạm")
    assert kinds(commune.tonight) == ["start", "point", "point", "point", "seen"]
    rows = CheckIn.objects.filter(patrol=commune.tonight)
    assert set(rows.values_list("proof", "state")) == {("by_clock", "taken")}  # the page was opened anew in between
    assert all(row.earliest <= row.at <= row.latest <= row.received_at for row in rows)
    commune.tonight.refresh_from_db()
    assert commune.tonight.state == "under_way"
    assert Line.objects.filter(action="groups.checkin.sync").count() == 5
    phone.complaints.clear()  # offline, a browser complains of what it could not fetch


def test_F15_an_answer_that_was_lost_sends_again_and_the_station_takes_it_once(commune, phone):
    phone.sign_in(commune.member)
    page = open_app(phone)
    lost = []

    def lose_the_first(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)  # the station has it; the telephone hears nothing
        route.abort()

    phone.context.route("**/di-tuan/dong-bo/", lose_the_first)
    with page.expect_event("requestfailed"):
        page.tap("text=Bắt đầu tuần tra")
    waiting(page, "1 việc đang ở trên máy")
    assert (lost, kinds(commune.tonight)) == ([200], ["start"])
    page.tap("text=Gửi ngay")
    waiting(page, "Mọi việc đã gửi lên trạm")
    assert kinds(commune.tonight) == ["start"]
    assert CheckIn.objects.get(patrol=commune.tonight).proof == "measured"
    phone.complaints.clear()  # the lost answer


def test_F15_a_conflict_on_return_is_shown_and_a_person_decides(commune, phone, desktop):
    phone.sign_in(commune.member)
    page = open_app(phone)
    page.tap("text=Bắt đầu tuần tra")
    waiting(page, "Mọi việc đã gửi lên trạm")
    phone.context.set_offline(True)
    page.wait_for_selector("text=Mất mạng")
    with across_units():
        commune.tonight.refresh_from_db()
        patrols.take_step(commune.tonight, "end", by=commune.leader, at=commune.tonight.started_at)
        Patrol.objects.filter(pk=commune.tonight.pk).update(ended_at=now() - timedelta(minutes=20))
    page.fill("[name=text]", "Xe lạ đỗ ở cổng trường")
    page.tap("[data-do=seen]")
    phone.context.set_offline(False)
    page.wait_for_selector("text=Tổ trưởng cần xem")
    page.wait_for_selector("text=đã kết thúc lúc")
    waiting(page, "tổ trưởng sẽ xem và quyết định")
    phone.screenshot("patrol-conflict")
    desk = desktop.sign_in(commune.leader).open("/hom-nay/").page
    desk.click("text=Điểm danh gửi muộn cần xem")
    desk.wait_for_selector(".conflict >> text=Xe lạ đỗ ở cổng trường")
    desktop.screenshot("patrol")
    desk.click("text=Đưa vào sổ")
    desk.wait_for_selector(".log >> text=Xe lạ đỗ ở cổng trường")
    assert CheckIn.objects.get(kind="seen", patrol=commune.tonight).decided_by == commune.leader
    phone.complaints.clear()  # as above


def test_F15_a_session_that_ran_out_and_another_person_s_sign_in_lose_nothing(commune, phone):
    phone.sign_in(commune.member)
    page = open_app(phone)
    phone.context.clear_cookies(name="sessionid")
    page.tap("text=Bắt đầu tuần tra")
    waiting(page, "Phiên đăng nhập đã hết")
    assert page.get_attribute("[data-sign-in]", "href") == "/dang-nhap/?next=/di-tuan/"
    phone.sign_in(commune.leader).open("/di-tuan/")
    waiting(page, "Máy còn giữ 1 việc của người khác")
    assert kinds(commune.tonight) == []
    phone.sign_in(commune.member).open("/di-tuan/")
    waiting(page, "Mọi việc đã gửi lên trạm")
    assert CheckIn.objects.get(patrol=commune.tonight).member.user == commune.member


def test_the_worker_keeps_its_page_and_nothing_that_names_anybody(commune, phone):
    phone.sign_in(commune.member)
    page = open_app(phone)
    told = page.evaluate(
        """async () => {
            const registrations = await navigator.serviceWorker.getRegistrations();
            const names = await caches.keys();
            const paths = async (name) => (await (await caches.open(name)).keys()).map((r) => new URL(r.url).pathname);
            const kept = await Promise.all(names.map(paths));
            return {scopes: registrations.map((r) => new URL(r.scope).pathname), kept: kept.flat()};
        }"""
    )
    assert told["scopes"] == ["/di-tuan/"]
    assert {path for path in told["kept"] if not path.startswith("/static/")} == {"/di-tuan/"}
    phone.open("/hom-nay/")
    assert page.evaluate("navigator.serviceWorker.controller") is None
