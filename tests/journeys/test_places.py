"""Journey 9, last step: a district is dissolved, first in a rehearsal that comes to zero, then by two people. Journey
2: two communes are merged, and an officer of one goes on in the new one."""

import pytest
from django.utils.timezone import localdate

from binhyen.kernel.testing.world import make_person, make_unit
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.places.models import Plan

pytestmark = pytest.mark.browser


@pytest.fixture
def chief(world):
    """Chief of the province; a second person watches its log."""
    with across_units():
        for unit, people in ((world.commune_a, world.people), (world.commune_b, world.outsiders)):
            for number in range(2):
                open_case(CaseFacts("trom-cap", f"Mất xe máy {number}"), unit=unit, by=people[Role.INVESTIGATOR])
    make_person("t.auditor", "Võ Thị Giám", Role.AUDITOR, world.province)
    return make_person("t.chief", "Lê Thu Trưởng", Role.CHIEF, world.province)


@pytest.fixture
def district(world):
    made = make_unit("H99", "Công an huyện Đông", "huyen", below=world.province)
    make_person("h.chief", "Phạm Văn Huyện", Role.CHIEF, made)
    make_unit("X99010", "Công an xã Sơn Cao", "xa", below=made)
    return made


def fits(visitor, name, *, whole=True):
    visitor.screenshot(name, whole=whole)
    assert visitor.overflow_px() == 0, name
    assert visitor.complaints == []


def write_plan(visitor, name):
    page = visitor.page
    visitor.open("/don-vi/sap-xep/")
    fits(visitor, "sap-xep-trong")
    page.get_by_role("main").get_by_role("link", name="Lập phương án").first.click()
    page.get_by_label("Tên phương án").fill(name)
    page.get_by_label("Áp dụng từ ngày").fill(f"{localdate():%d/%m/%Y}")
    page.get_by_label("Căn cứ").fill("Nghị quyết số 01 (giả định)")
    fits(visitor, "sap-xep-lap")
    page.get_by_role("button", name="Lập phương án").click()
    page.get_by_text("Chưa có bước nào.").first.wait_for()


def rehearse(visitor):
    page = visitor.page
    assert page.get_by_role("button", name="Trình duyệt").is_disabled()
    page.get_by_role("button", name="Chạy thử").click()
    page.get_by_text("Số dư bằng 0", exact=True).wait_for()
    fits(visitor, "sap-xep-can-doi")


def approve(visitor, second, plan):
    page = visitor.page
    page.get_by_role("button", name="Trình duyệt").click()
    page.get_by_role("button", name="Duyệt", exact=True).click()
    page.get_by_text("Chờ người thứ hai đồng ý").first.wait_for()
    assert page.get_by_role("button", name="Đồng ý (người thứ hai)").count() == 0
    second.open("/hom-nay/")
    second.page.get_by_role("link", name=plan).first.click()
    second.page.get_by_role("button", name="Đồng ý (người thứ hai)").click()
    second.page.locator("#question").get_by_role("button", name="Đồng ý").click()
    second.page.get_by_text("Đã áp dụng").first.wait_for()
    fits(second, "sap-xep-ap-dung")


def user(name):
    return Plan.made_by.field.related_model.objects.get(username=name)


def test_a_district_is_dissolved_after_a_rehearsal_that_comes_to_zero(live_station, desktop, phone, chief, district):
    desktop.sign_in(chief)
    phone.sign_in(user("t.auditor"))
    page = desktop.page
    write_plan(desktop, "Kết thúc công an huyện Đông")
    page.get_by_role("link", name="Giải thể, đơn vị dưới báo cáo thẳng cấp trên").click()
    page.get_by_label("Đơn vị giải thể").select_option("H99")
    fits(desktop, "sap-xep-buoc")
    page.get_by_role("button", name="Thêm bước").click()
    rehearse(desktop)
    with across_units():
        assert Unit.objects.get(pk=district.pk).is_open_on()
    approve(desktop, phone, "Kết thúc công an huyện Đông")
    commune = Unit.objects.get(code="X99010")
    assert (Unit.objects.get(pk=district.pk).is_open_on(), commune.depth) == (False, 2)
    desktop.open("/don-vi/?q=huyen+dong")
    assert "Công an tỉnh Bình Yên" in page.get_by_role("main").inner_text()
    fits(desktop, "tra-cuu")
    phone.open("/don-vi/?q=son+cao")
    fits(phone, "tra-cuu-360")


def test_two_communes_are_merged_and_their_officers_go_on_in_the_new_one(live_station, desktop, phone, chief, world):
    desktop.sign_in(chief)
    phone.sign_in(user("t.auditor"))
    page = desktop.page
    write_plan(desktop, "Sáp nhập An Hòa và Bình Minh")
    page.get_by_role("link", name="Sáp nhập").click()
    page.get_by_role("button", name="Thêm bước").click()
    page.get_by_text("Chưa chọn đơn vị nào").wait_for()
    fits(desktop, "sap-xep-buoc-loi")
    for name in ("Công an xã An Hòa", "Công an xã Bình Minh"):
        page.get_by_label(name).check()
    page.get_by_label("Mã đơn vị").fill("X99009")
    page.get_by_label("Tên đơn vị").fill("Công an xã Hòa Minh")
    page.get_by_role("button", name="Thêm bước").click()
    rehearse(desktop)
    assert page.get_by_role("row").filter(has_text="Vụ việc").first.inner_text().split("\t")[2:5] == ["4", "4", "0"]
    approve(desktop, phone, "Sáp nhập An Hòa và Bình Minh")
    desktop.sign_in(world.outsiders[Role.INVESTIGATOR]).open("/vu-viec/")
    text = page.get_by_role("main").inner_text()
    assert "X99001" in text
    assert "X99002" in text
    fits(desktop, "vu-viec-sau-sap-nhap")
    desktop.sign_in(chief).open("/don-vi/sap-xep/")
    page.get_by_role("link", name="Sáp nhập An Hòa và Bình Minh").click()
    page.get_by_role("button", name="Lập phương án đảo lại").click()
    page.get_by_text("Đảo lại: Sáp nhập An Hòa và Bình Minh").first.wait_for()
    fits(desktop, "sap-xep-dao-lai")
