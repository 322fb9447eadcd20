"""The frame of every page in a real browser: display choices, menu, messages, questions, drafts."""

import pytest

from binhyen.kernel.audit.record import record
from binhyen.kernel.units.roles import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def log(world):
    """Sixty lines of commune A."""
    for number in range(60):
        subject = f"AN-{number % 7:02d}"
        record(
            "look.live", by=world.people["investigator"], subject=subject, unit="X99001", purpose="Tìm xe gây tai nạn"
        )
    return world


def of_root(visitor, name):
    return visitor.page.evaluate(f"document.documentElement.dataset.{name}")


def test_text_size_contrast_and_theme_are_remembered_on_the_next_page(log, desktop):
    desktop.sign_in(log.people[Role.CHIEF]).open("/hom-nay/")
    for button in ("[data-text-step='1']", "[data-text-step='1']", "[data-contrast-toggle]", "[data-theme-toggle]"):
        desktop.page.click(button)
    desktop.open("/nhat-ky/")
    assert [of_root(desktop, name) for name in ("text", "contrast", "bsTheme")] == ["2", "more", "dark"]
    assert desktop.page.get_attribute("[data-contrast-toggle]", "aria-pressed") == "true"
    assert desktop.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    desktop.screenshot("tuong-phan-cao-nen-toi")


def test_text_grows_to_its_largest_and_goes_back(log, desktop):
    desktop.sign_in(log.people[Role.CHIEF]).open("/hom-nay/")
    for _ in range(3):
        desktop.page.click("[data-text-step='1']")
    assert desktop.page.is_disabled("[data-text-step='1']")
    assert desktop.page.inner_text("#announcer") == "Cỡ chữ lớn nhất."
    desktop.page.click("[data-text-step='0']")
    assert of_root(desktop, "text") == "0"


def test_the_menu_opens_and_closes_on_a_phone_and_leads_on(log, phone):
    phone.sign_in(log.people[Role.CHIEF]).open("/hom-nay/")
    assert not phone.page.is_visible("#menu")
    phone.page.tap(".menu-toggle")
    phone.page.wait_for_selector("#menu.show:not(.collapsing)")
    phone.screenshot("danh-muc")
    assert phone.page.get_attribute(".menu-toggle", "aria-expanded") == "true"
    phone.page.tap("#menu >> text=Nhật ký")
    phone.page.wait_for_url("**/nhat-ky/")
    assert not phone.page.is_visible("#menu")


@pytest.mark.parametrize("size", ["0", "3"])
@pytest.mark.parametrize(
    "path", ["/hom-nay/", "/nhat-ky/", "/cong-bo/nhat-ky/", "/tai-khoan/phien/", "/tai-khoan/hai-lop/"]
)
def test_no_page_is_wider_than_a_phone_even_with_the_largest_text(log, phone, path, size):
    phone.sign_in(log.people[Role.CHIEF]).open("/cong-bo/nhat-ky/")
    phone.page.evaluate(f"localStorage.setItem('by-text', '{size}')")
    phone.open(path)
    phone.screenshot(f"{path.strip('/').replace('/', '_')}-chu-{size}")
    assert phone.overflow_px() == 0


def test_the_first_tab_stop_leads_past_the_menu(log, desktop):
    desktop.sign_in(log.people[Role.CHIEF]).open("/nhat-ky/")
    desktop.page.keyboard.press("Tab")
    assert desktop.page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    desktop.page.keyboard.press("Enter")
    assert desktop.page.evaluate("document.activeElement.id") == "content"


def test_the_person_s_roles_stand_in_the_account_menu_and_signing_out_works(log, desktop):
    desktop.sign_in(log.people[Role.CHIEF]).open("/hom-nay/")
    desktop.page.click(".who-button")
    assert "Trưởng công an · Công an xã An Hòa" in desktop.page.inner_text(".who-facts")
    desktop.screenshot("tai-khoan")
    desktop.page.click("text=Đăng xuất")
    desktop.page.wait_for_url("**/dang-nhap/")
    assert desktop.page.inner_text("#messages .message").strip() == "Anh/Chị đã đăng xuất."


def test_an_auditor_checks_the_chain_without_leaving_the_page(log, desktop):
    desktop.sign_in(log.people[Role.AUDITOR]).open("/nhat-ky/")
    desktop.page.click("text=Kiểm tra chuỗi")
    desktop.page.wait_for_selector("#chain-result .note-done")
    assert "Đã kiểm tra 60 dòng" in desktop.page.inner_text("#chain-result")
    assert desktop.page.url.endswith("/nhat-ky/")
    desktop.screenshot("nhat-ky-kiem-tra")


def test_a_session_that_ran_out_during_a_click_leads_to_sign_in(log, desktop):
    desktop.sign_in(log.people[Role.AUDITOR]).open("/nhat-ky/")
    desktop.context.clear_cookies(name="sessionid")
    desktop.page.click("text=Kiểm tra chuỗi")
    desktop.page.wait_for_url("**/dang-nhap/?next=%2Fnhat-ky%2F")


def add_form(visitor, attributes):
    """A form as modules write them, on a page that has none: what it sends ends at the log."""
    visitor.page.evaluate(
        """attributes => {
            const form = document.createElement('form');
            form.method = 'get';
            form.action = '/nhat-ky/';
            for (const [name, value] of Object.entries(attributes)) form.setAttribute(name, value);
            form.innerHTML = '<input name="tim"><button>Gửi thử</button>';
            document.getElementById('content').append(form);
        }""",
        attributes,
    )


def test_what_cannot_be_undone_is_asked_first(log, desktop):
    desktop.sign_in(log.people[Role.CHIEF]).open("/hom-nay/")
    add_form(desktop, {"data-confirm": "Đóng vụ việc này?", "data-confirm-yes": "Đóng vụ việc"})
    desktop.page.click("text=Gửi thử")
    assert desktop.page.inner_text("#question [data-question]") == "Đóng vụ việc này?"
    desktop.screenshot("cau-hoi")
    desktop.page.click("#question >> text=Thôi")
    assert desktop.page.url.endswith("/hom-nay/")
    desktop.page.click("text=Gửi thử")
    desktop.page.click("#question >> text=Đóng vụ việc >> nth=-1")
    desktop.page.wait_for_url("**/nhat-ky/?tim=")


SAMPLE = "ỵ ẵ ữ ợ Đ · Kỵ sĩ nhẵn nhụi giữ lời hứa bợ đỡ Đặng · ẢẨỂỖỘỬỸ ắằẳẵặ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ýỳỷỹỵ"


def test_stacked_marks_are_drawn_by_our_typeface_and_not_clipped_at_twelve_pixels(log, desktop):
    desktop.sign_in(log.people[Role.CHIEF]).open("/hom-nay/")
    found = desktop.page.evaluate(
        """async text => {
            const sample = document.createElement('p');
            sample.className = 'card';
            sample.textContent = text;
            sample.style.fontSize = '12px';
            document.querySelector('.page-content').prepend(sample);
            await document.fonts.ready;
            const style = getComputedStyle(sample);
            return {
                ours: document.fonts.check('12px "Be Vietnam Pro"', text),
                ratio: parseFloat(style.lineHeight) / 12,
                family: style.fontFamily.split(',')[0],
            };
        }""",
        SAMPLE,
    )
    desktop.screenshot("dau-tieng-viet-12px")
    assert (found["ours"], found["family"]) == (True, '"Be Vietnam Pro"')
    assert found["ratio"] >= 1.5


def test_a_list_prints_on_a4_without_the_frame(log, desktop, tmp_path):
    from pypdf import PdfReader

    desktop.sign_in(log.people[Role.AUDITOR]).open("/nhat-ky/")
    desktop.page.pdf(path=tmp_path / "nhat-ky.pdf", prefer_css_page_size=True)
    page = PdfReader(tmp_path / "nhat-ky.pdf").pages[0]
    assert [round(float(side)) for side in page.mediabox.upper_right] == [595, 842]
    text = "".join(page.extract_text().split())  # the reader puts spaces around letters with marks
    found = [word in text for word in ("Tìmxegâytainạn", "Kiểmtrachuỗi", "Thêmđiềukiện")]
    assert found == [True, False, False]
