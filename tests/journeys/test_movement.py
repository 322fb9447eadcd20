"""Journey 3, second half: minutes become two tasks, money and a camera are given, the public sum rises by exactly that
and names nobody; the report of the story opens its rows."""

import re
from datetime import date
from types import SimpleNamespace

import pytest

from binhyen.commands.demo.stories import thainguyen
from binhyen.kernel.audit.models import Line
from binhyen.kernel.screens import screens_of
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.testing.world import SINCE, make_person
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.contributions.public import Campaign, Entry, enter_many, publish
from binhyen.modules.groups.public import add_member, found_group
from binhyen.modules.movement.public import Task

pytestmark = pytest.mark.browser


@pytest.fixture(params=["desktop", "phone"])
def size(request):
    return request.param


@pytest.fixture
def commune(live_station, world):
    """Commune A with a campaign of which 5.500.000 đ are published, and three gifts wait for company."""
    with across_units():
        campaign = make_example(screens_of(Campaign), world.commune_a)
        enter_many(campaign.pk, [gift(campaign, 1_100_000, f"Người Trước {n}") for n in range(5)], by=None)
        publish(campaign, by=None)
        enter_many(campaign.pk, [gift(campaign, 100_000, f"Người Sau {n}") for n in range(3)], by=None)
        people = world.people[Role.GROUP_LEADER], world.people[Role.GROUP_MEMBER]
        group = found_group(
            world.commune_a, code="12", name="Tổ tự quản ngõ 12", hamlet="Ngõ 12", founded_on=SINCE, by=None
        )
        for code, (part, person) in enumerate(zip(("leader", "member"), people, strict=True)):
            add_member(group, code=f"{code}", name=person.full_name, joined_on=SINCE, part=part, user=person, by=None)
    return SimpleNamespace(
        campaign=campaign, group=group, leader=people[0], member=people[1], officer=world.people[Role.COMMUNE_OFFICER]
    )


def gift(campaign, dong, donor):
    return Entry(campaign=campaign, kind="money", amount=dong, received_on=date(2025, 11, 20)), donor


def public_total(visitor, campaign):
    visitor.open(f"/dong-gop/{campaign.pk}/")
    return int(re.sub(r"\D", "", visitor.page.inner_text("[data-total]")))


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def test_J3_minutes_create_two_tasks(commune, size, request):
    visitor = request.getfixturevalue(size).sign_in(commune.leader)
    page = visitor.open(commune.group.get_absolute_url()).page
    visitor.screenshot("movement-group", whole=True)
    page.click("text=Thêm cuộc họp")
    page.fill("[name=title]", "Họp tổ tháng 11")
    page.select_option("[name=kind]", "people")
    page.fill("[name=held_on]", "20/11/2025")
    page.fill("[name=minutes]", "Đèn ngõ 12 hỏng, cần báo điện lực\nCảm ơn bà con đã góp\nLắp thêm một camera đầu ngõ")
    press(page, "Lưu")
    page.click("text=Biến dòng thành việc")
    visitor.screenshot("movement-lines", whole=True)
    assert visitor.overflow_px() == 0
    for line in (0, 2):
        page.check(f"[name=dong{line}-chosen]")
        page.select_option(f"[name=dong{line}-who]", label=str(commune.member))
    press(page, "Giao việc")
    page.wait_for_selector("#messages >> text=Đã thành 2 việc phải làm.")
    visitor.screenshot("movement-meeting", whole=True)
    visitor.context.clear_cookies()
    visitor.sign_in(commune.member).open("/viec-sau-hop/")  # a member sees what the own group has to do
    page.click("text=Đèn ngõ 12 hỏng")
    page.fill("[name=ghi_chu] >> nth=0", "Điện lực đã thay bóng ngày 22/11.")
    press(page, "Báo xong")
    page.wait_for_selector("#messages >> text=đã xong")
    with across_units():
        found = list(Task.objects.order_by("pk").values_list("text", "state"))
    assert found == [("Đèn ngõ 12 hỏng, cần báo điện lực", "done"), ("Lắp thêm một camera đầu ngõ", "open")]
    assert Line.objects.filter(action="movement.task.give", actor_name=str(commune.leader)).count() == 1


def enter_gift(page, commune, dong, donor, what=""):
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1", page.url) + f"/so-dong-gop/them/?group={commune.group.pk}")
    page.select_option("[name=kind]", "in_kind" if what else "money")
    page.fill("[name=amount]", dong)
    page.fill("[name=what]", what)
    page.fill("[name=received_on]", "21/11/2025")
    page.fill("[name=donor]", donor)
    press(page, "Ghi vào sổ")
    page.wait_for_selector("text=Hãy in biên nhận cho người góp.")
    return page.get_attribute("text=Biên nhận để in", "href")


def test_J3_the_public_sum_rises_by_exactly_what_was_given_and_names_nobody(commune, size, request):
    visitor = request.getfixturevalue(size)
    before = public_total(visitor, commune.campaign)
    page = visitor.sign_in(commune.leader).open("/hom-nay/").page
    receipt = enter_gift(page, commune, "2.000.000", "Đặng Thị Lan")
    visitor.screenshot("contributions-entry", whole=True)
    camera = enter_gift(page, commune, "1.450.000", "Bùi Văn Sơn", "Một camera ngoài trời")
    assert receipt != camera
    visitor.context.clear_cookies()
    visitor.sign_in(commune.officer)
    page.goto(visitor.station.url + f"/dot-van-dong/{commune.campaign.pk}/")
    press(page, "Công bố tổng")
    page.locator("#question").get_by_role("button", name="Đồng ý").click()
    page.wait_for_selector("#messages >> text=Công bố tổng")

    visitor.context.clear_cookies()  # a neighbour who has no account looks
    waited = 300_000
    assert public_total(visitor, commune.campaign) - before == 2_000_000 + 1_450_000 + waited
    visitor.screenshot("contributions-public", whole=True)
    assert visitor.overflow_px() == 0
    said = [
        visitor.page.content(),
        page.request.get(f"{visitor.station.url}/dong-gop/{commune.campaign.pk}/2.json").text(),
    ]
    assert [
        name for name in ("Lan", "Sơn", "Người") if any(f"{name}<" in each or f" {name}" in each for each in said)
    ] == []

    visitor.open(receipt)  # the donor opens the address of the QR code
    assert "Đặng Thị Lan" in visitor.page.inner_text("main")
    assert "2.000.000" in visitor.page.inner_text("text=Có trong tổng >> xpath=..")
    visitor.screenshot("contributions-receipt", whole=True)
    assert visitor.overflow_px() == 0
    written = Line.objects.filter(action="contributions.entry.create").values_list("actor_name", flat=True)
    assert list(written) == [str(commune.leader)] * 2
    assert Line.objects.filter(action="contributions.publication.publish", actor_name=str(commune.officer)).exists()


def test_the_report_of_the_story_opens_the_rows_behind_a_number(live_station, size, request, db):
    top = thainguyen.load()
    visitor = request.getfixturevalue(size).sign_in(make_person("chihuy", "Lý Thị Thanh", Role.CHIEF, top))
    page = visitor.open(f"/phong-trao/bao-cao/?ky={thainguyen.REPORT_PERIOD}").page
    assert page.inner_text("[data-code=buoi-tuyen-truyen] strong") == "1.096"
    assert page.inner_text("[data-code=doi-tuong-ma-tuy] strong") == "62"
    assert visitor.overflow_px() == 0
    visitor.screenshot("movement-report", whole=True)
    page.click("[data-code=tham-muu-xu-phat]")
    page.wait_for_selector("text=41 dòng")
    visitor.screenshot("movement-rows")
    page.click("#rows tbody a >> nth=0")
    page.wait_for_selector("h2:has-text('Lịch sử thay đổi')")
