"""The pages of cameras, by role."""

import pytest
from django.urls import reverse

from binhyen.kernel.audit.models import Line
from binhyen.modules.cameras.access import Access
from binhyen.modules.cameras.domain import addresses_of
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cameras.tests.conftest import SECRETS, STATE_PASSWORD

pytestmark = pytest.mark.django_db
CASE = "0001/2026/X99001"


@pytest.fixture
def as_role(world, signed_in):
    """A client signed in as the person of a role in commune A."""
    return lambda role: signed_in(world.people[role])


def names_on(response):
    return [row.camera.name for row in response.context["page"]]


def test_the_list_shows_cameras_of_the_own_unit_and_of_households_only_how_many(park, as_role):
    response = as_role("commune_officer").get("/camera/")
    assert names_on(response) == ["Ngã ba Chợ Đồn", "Ngã tư Bưu điện"]
    assert [(count.unit.code, count.words) for count in response.context["households"]] == [("X99001", "ít, không nêu")]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("words=cho don", ["Ngã ba Chợ Đồn"]),
        ("words=BƯU", ["Ngã tư Bưu điện"]),
        ("tier=1", ["Ngã tư Bưu điện"]),
        ("unit=X99002", []),
        ("state=unknown", ["Ngã ba Chợ Đồn", "Ngã tư Bưu điện"]),
        ("state=recording", []),
        ("words=lua", []),
        ("words=HG", []),
    ],
)
def test_the_list_is_filtered_without_diacritics(park, as_role, query, names):
    assert names_on(as_role("duty_officer").get(f"/camera/?{query}")) == names


def test_a_camera_page_offers_the_picture_to_who_may_see_it(park, as_role):
    address = reverse("camera_detail", args=[park.tier2.code])
    assert "<by-live-tile" in as_role("duty_officer").get(address).content.decode()


def test_S12_the_technician_sees_states_and_no_picture_anywhere(park, as_role):
    client = as_role("it_admin")
    pages = [client.get(a).content.decode() for a in ("/camera/", f"/camera/{park.tier2.code}/", "/he-thong/")]
    assert [tag for page in pages for tag in ("<by-live-tile", "<by-wall", "<by-player") if tag in page] == []
    refused = [client.get(a).status_code for a in ("/tuong-hinh/", f"/xem-lai/{park.tier2.code}/", "/xem-lai/")]
    looks = [client.post(f"/xem/{park.tier2.code}/", {"kind": k}) for k in ("live", "playback", "snapshot")]
    assert (refused, [look.status_code for look in looks]) == ([403, 403, 403], [403, 403, 403])
    assert {look.json()["code"] for look in looks} == {"no_picture"}


def test_a_camera_of_another_unit_is_not_found(park, as_role):
    answers = [
        as_role("chief").get(a.format(park.elsewhere.code)) for a in ("/camera/{}/", "/camera/{}/sua/", "/xem-lai/{}/")
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_adding_a_camera_seals_its_address_and_writes_a_line(world, as_role, all_units):
    told = {
        "name": "Cầu Gỗ",
        "unit": world.commune_a.pk,
        "tier": "2",
        "url": "rtsp://a:b-mat@10.0.0.9/x",
        "retention_days": 30,
    }
    response = as_role("it_admin").post("/camera/them/", told)
    camera = Camera.objects.get(name="Cầu Gỗ")
    assert (response["Location"], camera.code) == (f"/camera/{camera.code}/", "X99001-001")
    assert b"b-mat" not in bytes(camera.url_sealed)
    assert addresses_of(camera) == ("rtsp://a:b-mat@10.0.0.9/x", "")
    assert Line.objects.get(action="camera.add").subject == camera.code


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("rtsp://169.254.169.254/latest", "không dùng cho camera được"),
        ("rtsp://127.0.0.1/x", "trỏ vào chính máy chủ này"),
        ("rtsp://127.1/x", "trỏ vào chính máy chủ này"),
        ("rtsp://2130706433/x", "trỏ vào chính máy chủ này"),
        ("rtsp://0x7f000001/x", "trỏ vào chính máy chủ này"),
        ("rtsp://[::ffff:127.0.0.1]/x", "trỏ vào chính máy chủ này"),
        ("rtsp://localhost./x", "trỏ vào chính máy chủ này"),
        ("rtsp://0.0.0.0/x", "không dùng cho camera được"),
        ("rtsp://239.1.2.3/x", "không dùng cho camera được"),
        ("rtsp://[fe80::1%25eth0]/x", "không dùng cho camera được"),
        ("file:///etc/passwd", "phải bắt đầu bằng rtsp://"),
        ("gopher://10.0.0.1/", "phải bắt đầu bằng rtsp://"),
        ("rtsp:///x", "thiếu tên máy"),
        ("rtsp://10.0.0.1:99999/x", "viết chưa đúng"),
    ],
)
def test_S05_addresses_that_are_no_camera_are_refused_with_a_sentence(world, as_role, url, words):
    told = {"name": "Cầu Gỗ", "unit": world.commune_a.pk, "tier": "2", "url": url, "retention_days": 30}
    response = as_role("it_admin").post("/camera/them/", told)
    assert (response.status_code, Camera.objects.with_scopes_disabled().count()) == (422, 0)
    assert words in response.context["form"].errors["url"][0]


def test_a_private_address_is_where_cameras_live(world, as_role):
    told = {
        "name": "Cầu Gỗ",
        "unit": world.commune_a.pk,
        "tier": "2",
        "url": "rtsp://192.168.1.20/x",
        "retention_days": 30,
    }
    assert as_role("chief").post("/camera/them/", told).status_code == 302


def test_an_officer_cannot_add_a_camera_to_another_unit_or_a_household(world, as_role):
    told = {"name": "Cầu Gỗ", "url": "rtsp://10.0.0.9/x", "retention_days": 30}
    client = as_role("commune_officer")
    other = client.post("/camera/them/", told | {"unit": world.commune_b.pk, "tier": "2"})
    household = client.post("/camera/them/", told | {"unit": world.commune_a.pk, "tier": "3"})
    assert [list(r.context["form"].errors) for r in (other, household)] == [["unit"], ["tier"]]


def test_editing_keeps_the_address_that_was_not_typed_again(park, as_role):
    told = {"name": "Ngã ba Chợ Mới", "url": "", "sub_url": "", "retention_days": 20, "recording": "on"}
    as_role("chief").post(f"/camera/{park.tier2.code}/sua/", told)
    changed = Camera.objects.with_scopes_disabled().get(pk=park.tier2.pk)
    assert (changed.name, changed.retention_days) == ("Ngã ba Chợ Mới", 20)
    assert addresses_of(changed) == (f"rtsp://xem:{STATE_PASSWORD}@10.1.0.2/1", "rtsp://10.1.0.2/2")


def test_S08_no_password_is_shown_when_editing(park, as_role):
    page = as_role("chief").get(f"/camera/{park.tier2.code}/sua/").content.decode()
    assert (STATE_PASSWORD in page, "rtsp://10.1.0.2" in page) == (False, True)


def test_playback_asks_for_the_case_once(park, as_role):
    client, address = as_role("investigator"), f"/xem-lai/{park.tier1.code}/"
    assert "cameras/right.html" in [t.name for t in client.get(address).templates]
    chosen = client.post("/xem-lai/vu-viec/", {"case": CASE, "purpose": "vu_viec", "next": address})
    assert chosen["Location"] == address
    assert f'case="{CASE}"' in client.get(address).content.decode()
    assert "<by-player" in client.get(f"/xem-lai/{park.tier2.code}/").content.decode()


def test_a_chosen_case_that_was_closed_is_asked_for_again(park, as_role, book):
    client, address = as_role("investigator"), f"/xem-lai/{park.tier1.code}/"
    client.post("/xem-lai/vu-viec/", {"case": CASE, "purpose": "vu_viec", "next": address})
    del book.open[CASE]
    assert "<by-player" not in client.get(address).content.decode()


def test_choosing_a_case_does_not_lead_to_another_site(park, as_role):
    chosen = as_role("chief").post(
        "/xem-lai/vu-viec/", {"case": CASE, "purpose": "vu_viec", "next": "https://elsewhere.example/"}
    )
    assert chosen["Location"] == "/xem-lai/"


def test_two_cameras_play_in_step(park, as_role):
    page = as_role("chief").get(f"/xem-lai/{park.tier1.code}/?case={CASE}&camera={park.tier1.code},{park.tier2.code}")
    assert [other.code for other in page.context["beside"]] == [park.tier2.code]


def test_an_approved_household_window_is_played_and_nothing_else_of_it_told(park, as_role, grants, last_hour):
    client = as_role("investigator")
    assert client.get(f"/camera/{park.household.code}/").status_code == 404
    grants.append(Access(park.household.code, last_hour, CASE))
    page = client.get(f"/xem-lai/{park.household.code}/?case={CASE}").content.decode()
    assert f'from="{last_hour.start}" to="{last_hour.end}"' in page
    assert client.get(f"/camera/{park.household.code}/").status_code == 200


def test_an_owner_shares_a_camera_sealed(world, signed_in, all_units):
    told = {
        "name": SECRETS["name"], "address": SECRETS["address"], "latitude": "21.07", "longitude": "105.81",
        "unit": world.commune_a.pk, "url": f"rtsp://n:{SECRETS['password']}@{SECRETS['host']}/1",
        "retention_days": 15, "recording": "on", "agreed": "on",
    }  # fmt: skip
    response = signed_in(world.people["camera_owner"]).post("/camera-cua-toi/them/", told)
    camera = Camera.objects.get(tier=3)
    assert (response["Location"], camera.name) == (f"/camera-cua-toi/{camera.code}/", "Camera hộ gia đình")


def test_an_owner_ends_sharing(park, signed_in):
    signed_in(park.owner).post(f"/camera-cua-toi/{park.household.code}/ngung/")
    camera = Camera.objects.with_scopes_disabled().get(pk=park.household.pk)
    assert (camera.recording, camera.active_until is None) == (False, False)


def test_a_neighbour_does_not_find_the_camera_of_another_household(park, world, signed_in):
    client = signed_in(world.people["camera_owner"])
    assert client.get(f"/camera-cua-toi/{park.household.code}/").status_code == 404
    assert client.post(f"/camera-cua-toi/{park.household.code}/ngung/").status_code == 404


def test_an_owner_is_told_of_looks_once_the_case_is_no_longer_secret(park, as_role, signed_in, grants, book, last_hour):
    grants.append(Access(park.household.code, last_hour, CASE))
    book.embargoed.add(CASE)
    span = {"from": last_hour.start, "to": last_hour.end}
    opened = as_role("investigator").post(f"/xem/{park.household.code}/", {"kind": "playback", "case": CASE, **span})
    assert opened.status_code == 200
    address = f"/camera-cua-toi/{park.household.code}/"
    assert signed_in(park.owner).get(address).context["looks"] == []
    book.embargoed.clear()
    (seen,) = signed_in(park.owner).get(address).context["looks"]
    assert (seen.who, seen.purpose) == ("Công an xã An Hòa", "Giải quyết vụ việc")


def test_an_address_is_checked_before_it_is_saved(world, as_role):
    client = as_role("it_admin")
    refused = client.post("/camera/kiem-tra/", {"url": "rtsp://127.0.0.1:9/x"}).content.decode()
    empty = client.post("/camera/kiem-tra/", {"url": ""}).content.decode()
    assert ("trỏ vào chính máy chủ này" in refused, "Chưa nhập địa chỉ" in empty) == (True, True)


def test_a_check_says_why_a_camera_does_not_answer_and_not_its_password(world, as_role, monkeypatch):
    monkeypatch.setenv("BINHYEN_ALLOW_LOOPBACK_CAMERAS", "1")
    answer = as_role("it_admin").post("/camera/kiem-tra/", {"url": f"rtsp://a:{STATE_PASSWORD}@127.0.0.1:9/x"})
    text = answer.content.decode()
    assert ("Camera từ chối kết nối ở cổng 9" in text, STATE_PASSWORD in text) == (True, False)


@pytest.mark.parametrize("role", ["duty_officer", "investigator", "camera_owner", "auditor"])
def test_S05_who_does_not_keep_the_register_cannot_make_the_station_connect(world, as_role, role):
    assert as_role(role).post("/camera/kiem-tra/", {"url": "rtsp://10.0.0.1/"}).status_code == 403


def test_a_moment_is_two_steps_away(park, as_role):
    answer = as_role("chief").get(f"/xem-lai/?camera={park.tier1.code}&moment=6:15 20/11/2026")
    assert answer["Location"] == f"/xem-lai/{park.tier1.code}/?at=1795130100000000"


def test_an_unclear_moment_keeps_what_was_typed_and_says_what_to_type(park, as_role):
    answer = as_role("chief").get(f"/xem-lai/?camera={park.tier1.code}&moment=sáng sớm")
    assert ("Chưa hiểu thời điểm này" in answer.content.decode(), 'value="sáng sớm"' in answer.content.decode()) == (
        True,
        True,
    )


@pytest.mark.parametrize("code", ["elsewhere", "household"])
def test_S02_checking_by_code_opens_no_foreign_camera(park, as_role, code):
    asked = {"url": "", "camera": getattr(park, code).code}
    assert as_role("chief").post("/camera/kiem-tra/", asked).status_code == 404
