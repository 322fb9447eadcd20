"""Journey 9: a chief sees the communes, drills into a number, asks about what does not add up, signs, and corrects."""

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import localdate, now

from binhyen.kernel.audit.models import Line
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.kernel.workflow.calendar import VIETNAM
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.statistics.models import Report

pytestmark = pytest.mark.browser

WORDS = (
    "Toàn tỉnh thu nhận 5.680 hồ sơ cấp thẻ, gồm 2.366 hồ sơ trẻ dưới 6 tuổi, 2.877 hồ sơ trẻ từ 6 đến dưới 14 tuổi và "
    "438 hồ sơ từ 14 tuổi trở lên; vượt 189,3 % kế hoạch."
)
LAST_MONTH = localdate().replace(day=1) - timedelta(days=1)


@pytest.fixture
def chief(world):
    """Chief of the province; both communes have cases of this month and the last, some of them solved."""
    user = make_person("t.chief", "Lê Thu Trưởng", Role.CHIEF, world.province)
    officers = [(world.commune_a, world.people[Role.INVESTIGATOR])] * 5
    officers += [(world.commune_b, world.outsiders[Role.INVESTIGATOR])] * 3
    with across_units():
        for number, (unit, officer) in enumerate(officers):
            for at in [_noon(LAST_MONTH)] * (1 + number % 2) + [now()] * (number % 3):
                case = open_case(CaseFacts("trom-cap", f"Mất xe máy {number}"), unit=unit, by=officer, at=at)
                if number % 2:
                    type(case).objects.filter(pk=case.pk).update(ended_at=now(), state="closed")
        _earlier_cases(world)
    return user


def _earlier_cases(world):
    """Half a year before, so that there is something to compare with."""
    month = LAST_MONTH
    for number, counts in enumerate([(4, 2), (3, 1), (2, 2)]):
        month = month.replace(day=1) - timedelta(days=1)
        for (unit, people), count in zip(
            [(world.commune_a, world.people), (world.commune_b, world.outsiders)], counts, strict=True
        ):
            for each in range(count):
                case = open_case(
                    CaseFacts("trom-cap", f"Vụ cũ {each}"), unit=unit, by=people[Role.INVESTIGATOR], at=_noon(month)
                )
                if (each + number) % 3:
                    type(case).objects.filter(pk=case.pk).update(ended_at=now(), state="closed")


def _noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_chief_drills_asks_signs_and_corrects(size, chief, world, live_station, request):
    visitor = request.getfixturevalue(size).sign_in(chief)
    page = visitor.page
    drill_down(visitor)
    write_report(visitor)
    page.get_by_text("Chưa trình ký được: còn 2 chỗ").wait_for()
    assert page.get_by_role("button", name="Trình ký").is_disabled()
    fits(visitor, "bao-cao-bi-chan", whole=True)
    ask_and_explain(visitor)
    with across_units():
        report = Report.objects.get()
    answer_in_the_commune(visitor, world, report)
    visitor.sign_in(chief).open(report.get_absolute_url())
    page.get_by_role("button", name="Trình ký").click()
    page.get_by_role("button", name="Ký báo cáo").click()
    page.locator("#question").get_by_role("button", name="Ký").click()
    page.get_by_text("Nội dung đúng như lúc ký").wait_for()
    fits(visitor, "bao-cao-da-ky", whole=True)
    correct(visitor, world)
    prove(visitor, report)
    steps = ["draft", "correct", "check", "sign", "supersede"]
    said = set(Line.objects.filter(action__startswith="statistics.report.").values_list("action", flat=True))
    assert {f"statistics.report.{step}" for step in steps} <= said
    asked = Line.objects.filter(action__startswith="statistics.question.").order_by("number")
    assert [line.action.rpartition(".")[2] for line in asked] == ["ask", "answer", "answer"]


def fits(visitor, name, *, whole=False):
    visitor.screenshot(name, whole=whole)
    assert visitor.overflow_px() == 0, name


def drill_down(visitor):
    page = visitor.page
    visitor.open(f"/thong-ke/?ky={LAST_MONTH:%Y-%m}")
    page.get_by_role("heading", name="Thống kê", exact=True).wait_for()
    fits(visitor, "thong-ke", whole=True)
    page.get_by_role("main").get_by_role("link", name="Vụ việc tiếp nhận").last.click()
    page.get_by_role("heading", name="Vụ việc tiếp nhận").wait_for()
    fits(visitor, "thong-ke-chi-so", whole=True)
    page.get_by_role("row").filter(has_text="Công an xã An Hòa").get_by_role("link").first.click()
    page.locator("[aria-current=page]", has_text="Công an xã An Hòa").wait_for()
    assert page.locator(".headline-value").inner_text() == "7"


def write_report(visitor):
    page = visitor.page
    visitor.open("/bao-cao/").screenshot("bao-cao-trong")
    page.get_by_role("main").get_by_role("link", name="Lập báo cáo").first.click()
    page.get_by_label("Nhận xét, đánh giá").fill(WORDS)
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("heading", name="Xem trước").wait_for()
    fits(visitor, "bao-cao-lap", whole=True)
    page.get_by_role("button", name="Lưu bản thảo").click()


def ask_and_explain(visitor):
    page = visitor.page
    page.locator(".list-group-item", has_text="5.680").get_by_role("link", name="Làm rõ").click()
    page.get_by_text("5.681").first.wait_for()
    page.get_by_label("Hoặc hỏi đơn vị").select_option("X99001")
    fits(visitor, "bao-cao-hoi", whole=True)
    page.get_by_role("button", name="Hỏi đơn vị").click()
    page.get_by_text("Đã hỏi Công an xã An Hòa").first.wait_for()
    page.locator(".list-group-item", has_text="189,3").get_by_role("link", name="Làm rõ").click()
    page.get_by_label("Trả lời").fill("Đạt 189,3 % kế hoạch 3.000 hồ sơ.")
    page.get_by_role("button", name="Trả lời").click()
    page.get_by_text("còn 1 chỗ").wait_for()


def answer_in_the_commune(visitor, world, report):
    page = visitor.page
    visitor.sign_in(world.people[Role.COMMUNE_OFFICER]).open("/hom-nay/")
    page.get_by_role("link", name="Trả lời về số liệu “5.680”").click()
    page.get_by_label("Trả lời").fill("Số đúng là 5.681, đã cộng lại từng nhóm.")
    page.get_by_role("button", name="Trả lời").click()
    page.get_by_text("Đã ghi câu trả lời").wait_for()
    answer = page.goto(f"{visitor.station.url}{report.get_absolute_url()}")
    assert answer.status == 404


def correct(visitor, world):
    page = visitor.page
    with across_units():
        officer = world.outsiders[Role.INVESTIGATOR]
        open_case(CaseFacts("gay-roi", "Vụ ghi muộn"), unit=world.commune_b, by=officer, at=_noon(LAST_MONTH))
    page.get_by_role("button", name="Lập bản đính chính").click()
    page.get_by_label("Nhận xét, đánh giá").fill("Bổ sung một vụ ghi muộn của xã Bình Minh.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Vụ việc tiếp nhận").filter(has=page.locator("ins")).first
    assert (row.locator("del").inner_text(), row.locator("ins").inner_text()) == ("12", "13")
    fits(visitor, "bao-cao-dinh-chinh", whole=True)
    page.get_by_role("button", name="Trình ký").click()
    page.get_by_role("button", name="Ký báo cáo").click()
    page.locator("#question").get_by_role("button", name="Ký").click()
    page.get_by_text("Nội dung đúng như lúc ký").wait_for()


def prove(visitor, report):
    page = visitor.page
    visitor.context.clear_cookies()
    visitor.open(f"/kiem-chung/bao-cao/{report.public_id}/")
    page.get_by_text("nay đã thay bằng bản mới").wait_for()
    fits(visitor, "bao-cao-kiem-chung", whole=True)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_pasted_text_is_checked_in_place(size, world, live_station, request):
    visitor = request.getfixturevalue(size).sign_in(world.people[Role.COMMUNE_OFFICER])
    page = visitor.page
    visitor.open("/thong-ke/kiem-tra-so-lieu/")
    page.get_by_label("Hoặc dán văn bản vào đây").fill(f"{WORDS}\nCông tác bo vệ an ninh, trật tự được giữ vững.")
    page.get_by_role("button", name="Kiểm tra").click()
    page.locator("mark", has_text="5.680").first.wait_for()
    assert page.locator("mark").count() == 3
    page.get_by_role("link", name="Đến chỗ 1 trong văn bản").click()
    fits(visitor, "kiem-tra-so-lieu", whole=True)
