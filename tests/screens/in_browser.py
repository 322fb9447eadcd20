"""The tutorial's register in a real Chromium, on an office screen and on a phone. Run by test_tutorial.py."""

import pytest
from radios.models import Radio

from binhyen.kernel.measures import Period, figure, measure_of
from binhyen.kernel.screens import screens_of
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.kernel.units.roles import Role

pytestmark = pytest.mark.browser

HOLDERS = ("Nguyễn Văn Đông", "Tổ tuần tra thôn 3", "Trần Thị Hường")
FILE = (
    "Số hiệu,Người giữ,Băng tần,Ngày mua\nVHF-03,Lê A,VHF,21/11/2025\nVHF-91,,sóng ngắn,31/02/2025\nVHF-92,Lê B,UHF,\n"
)


@pytest.fixture(params=["desktop", "phone"])
def visitor(request, live_station, world):
    visitor = request.getfixturevalue(request.param).sign_in(world.people[Role.CHIEF])
    visitor.open("/bo-dam/").screenshot("register-empty")
    with across_units():
        for n in range(30):
            make_example(screens_of(Radio), world.commune_a, serial=f"VHF-{n:02}", holder=HOLDERS[n % 3])
    return visitor


def button(visitor, words):
    visitor.page.get_by_role("button", name=words).click()


def test_a_register_is_searched_changed_filled_from_a_file_and_undone(visitor):
    page = visitor.page
    visitor.open("/bo-dam/").screenshot("register-list", whole=True)
    assert visitor.overflow_px() == 0
    page.fill("#id_tim", "huong")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bo-dam/?tim=huong")
    assert page.locator("#rows tbody tr").count() == 10
    visitor.screenshot("register-found")
    visitor.open("/bo-dam/?tim=zzz").screenshot("register-nothing")

    with across_units():
        radio = Radio.objects.get(serial="VHF-03")
    visitor.open(f"/bo-dam/{radio.pk}/sua/").screenshot("register-form", whole=True)
    page.fill("#id_holder", "Lê Văn Tám")
    button(visitor, "Lưu")
    page.wait_for_url(f"**/bo-dam/{radio.pk}/")
    assert page.get_by_text("→ Lê Văn Tám").is_visible()
    visitor.screenshot("register-row", whole=True)
    assert visitor.overflow_px() == 0

    visitor.open("/bo-dam/nhap/").screenshot("register-import", whole=True)
    page.set_input_files("#id_tep", {"name": "bo-dam.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    button(visitor, "Xem trước")
    button(visitor, "Nhập 2 dòng, bỏ 1 dòng lỗi")
    page.get_by_role("button", name="Hoàn tác cả tệp").wait_for()
    visitor.screenshot("register-imported", whole=True)
    assert visitor.overflow_px() == 0
    button(visitor, "Hoàn tác cả tệp")
    page.locator("dialog").get_by_role("button", name="Hoàn tác").click()
    page.get_by_text("Mọi thay đổi của tệp này đã được lấy lại.").wait_for()

    visitor.open(f"/bo-dam/{radio.pk}/xoa/")
    button(visitor, "Xóa")
    page.wait_for_url("**/bo-dam/")
    visitor.screenshot("register-deleted")
    button(visitor, "Hoàn tác")
    page.wait_for_url(f"**/bo-dam/{radio.pk}/")


def test_a_figure_opens_its_definition_and_its_rows(visitor, world):
    page = visitor.page
    visitor.open("/chi-so/").screenshot("measures", whole=True)
    page.fill("#id_tim", "bo dam da mua")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Bộ đàm", exact=True).last.click()
    page.wait_for_url("**/chi-so/bo-dam/")
    visitor.screenshot("measure", whole=True)
    assert visitor.overflow_px() == 0

    with across_units():
        authority = authority_of(world.people[Role.CHIEF])
        shown = figure(measure_of("bo-dam"), world.commune_a, Period.parse("2025"), kind="vhf", authority=authority)
    visitor.open(shown.rows_url).screenshot("figure-rows", whole=True)
    assert "số liệu: Bộ đàm, VHF, Năm 2025, Công an xã An Hòa." in page.locator("#rows .note").inner_text()
    assert page.locator(".list-count > span").first.inner_text() == f"{shown.text} dòng"
    assert visitor.overflow_px() == 0
    page.get_by_role("link", name="Bỏ lọc").click()
    page.wait_for_url("**/bo-dam/")
    assert page.locator("select[name=so_lieu]").count() == 0
