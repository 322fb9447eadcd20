"""The pages of requests, for officers and for owners."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.utils.timezone import localtime

from binhyen.kernel.units.authority import authority_of
from binhyen.modules.cases.public import take_step as take_case_step
from binhyen.modules.footage import answers
from binhyen.modules.footage.models import EvidencePackage, FootageRequest, OwnerAsk
from binhyen.modules.footage.requests import ask_for_footage, ask_owners
from binhyen.modules.footage.screens import waiting_asks, waiting_signatures
from binhyen.modules.footage.tests.conftest import AREA, HOME, MIDDLE, NOW, OWNER


@pytest.fixture(autouse=True)
def at_that_time():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def footage(street):
    return ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)


@pytest.fixture
def ask(street, footage):
    ask_owners(footage.pk, at=NOW)
    return OwnerAsk.objects.get()


def typed(at):
    return f"{localtime(at):%Y-%m-%dT%H:%M}"


def form(hours=2, **changes):
    facts = {
        "area": json.dumps(AREA),
        "start": typed(NOW - timedelta(hours=hours + 1)),
        "end": typed(NOW - timedelta(hours=1)),
        "purpose": "Tìm xe máy bị lấy trộm",
        "legal_basis": "Điều 147",
    }
    return {**facts, **changes}


def test_an_officer_draws_an_area_and_sees_what_opened(street, signed_in):
    client = signed_in(street.officer)
    response = client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form(), follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(f"/yeu-cau/{FootageRequest.objects.get().pk}/", 302)]
    assert "Ngã tư CAM-GAN" in page
    assert "CAM-XA" not in page


@pytest.mark.parametrize(
    "circle",
    [
        {"camera": "CAM-GAN", "radius_m": "150"},
        {"latitude": str(MIDDLE[0]), "longitude": str(MIDDLE[1]), "radius_m": "150"},
    ],
)
def test_without_a_map_a_camera_or_a_coordinate_and_a_radius_do(street, signed_in, circle):
    client = signed_in(street.officer)
    client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form(area="", **circle))
    assert FootageRequest.objects.get().area_m2 == pytest.approx(70_686, rel=0.01)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"area": ""}, "Chưa có khu vực."),
        ({"area": "{"}, "Khu vực vẽ trên bản đồ không đọc được."),
        ({"area": '{"type": "Point"}'}, "Chưa có khu vực."),
        ({"purpose": ""}, "Chưa nhập “Mục đích”."),
        ({"purpose": "xem"}, "Mục đích “xem” quá ngắn."),
        ({"start": "hôm qua"}, "“Từ lúc” không đúng dạng."),
        ({"hours": 73}, "vượt mức tối đa 72 giờ"),
        ({"latitude": "95", "area": ""}, "Vĩ độ"),
    ],
)
def test_a_mistake_is_named_and_the_form_keeps_the_rest(street, signed_in, changes, sentence):
    client = signed_in(street.officer)
    response = client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form(**changes, place="quanh chợ cũ"))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'value="quanh chợ cũ"' in response.content.decode()


def test_a_closed_case_takes_no_request_and_says_so(street, signed_in):
    take_case_step(street.case, "close", by=street.officer, note="Xong")
    response = signed_in(street.officer).post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form())
    assert response.status_code == 403
    assert f"vụ việc {street.case.number} đã đóng" in response.content.decode()


def test_a_long_window_waits_for_the_chief_who_signs_it(street, signed_in):
    signed_in(street.officer).post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form(hours=13))
    footage = FootageRequest.objects.get()
    waiting = [item.url for item in waiting_signatures(authority_of(street.chief))]
    assert waiting == [f"/yeu-cau/{footage.pk}/"]
    signed_in(street.chief).post(f"/yeu-cau/{footage.pk}/buoc/", {"step": "cosign"})
    footage.refresh_from_db()
    assert (footage.state, footage.cosigned_by) == ("open", street.chief)


def test_other_units_and_other_roles_read_no_request(street, footage, signed_in):
    address = f"/yeu-cau/{footage.pk}/"
    assert signed_in(street.world.outsiders["chief"]).get(address).status_code == 404
    for role in ("auditor", "it_admin", "camera_owner"):
        assert signed_in(street.world.people[role]).get(address).status_code == 403


def test_the_owner_is_asked_watches_trims_and_approves(street, ask, signed_in):
    client = signed_in(street.owner)
    assert [item.url for item in waiting_asks(authority_of(street.owner))] == [f"/camera-cua-toi/yeu-cau/{ask.pk}/"]
    assert "Camera cổng" in client.get("/camera-cua-toi/yeu-cau/").content.decode()
    page = client.get(f"/camera-cua-toi/yeu-cau/{ask.pk}/").content.decode()
    assert f'<by-player camera="{street.home.code}"' in page
    start, end = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    client.post(
        f"/camera-cua-toi/yeu-cau/{ask.pk}/tra-loi/",
        {"answer": "approve", "start": f"{typed(start)}:30", "end": f"{typed(end)}:00"},
    )
    ask.refresh_from_db()
    assert (ask.state, ask.clip.end - ask.clip.start) == ("approved", 3_570_000_000)


def test_an_owner_refuses_and_later_requests_are_none_of_a_stranger_s_business(street, ask, signed_in):
    address = f"/camera-cua-toi/yeu-cau/{ask.pk}/"
    stranger = signed_in(street.world.people["camera_owner"])
    assert stranger.get(address).status_code == 403
    assert stranger.post(f"{address}tra-loi/", {"answer": "approve"}).status_code == 403
    signed_in(street.owner).post(f"{address}tra-loi/", {"answer": "refuse"})
    ask.refresh_from_db()
    assert ask.state == "refused"


def test_a_withdrawal_leaves_a_receipt_on_the_owner_s_page(street, footage, ask, signed_in):
    answers.approve(ask.pk, footage.window, by=street.owner, at=NOW)
    client = signed_in(street.owner)
    response = client.post(f"/camera-cua-toi/yeu-cau/{ask.pk}/tra-loi/", {"answer": "withdraw"}, follow=True)
    ask.refresh_from_db()
    assert f"<code>{ask.receipt}</code>" in response.content.decode()
    assert "Chưa có gói chứng cứ nào chứa đoạn hình này." in response.content.decode()


def test_a_receipt_is_a_file_for_its_owner_alone(street, footage, ask, signed_in):
    address = f"/camera-cua-toi/yeu-cau/{ask.pk}/bien-nhan/"
    owner = signed_in(street.owner)
    assert owner.get(address).status_code == 403  # nothing was agreed to yet
    answers.approve(ask.pk, footage.window, by=street.owner, at=NOW)
    ask.refresh_from_db()
    response = owner.get(address)
    assert response["Content-Disposition"] == f'attachment; filename="bien-nhan-{ask.receipt}.txt"'
    assert response.content.decode().splitlines()[:2] == [f"BIÊN NHẬN {ask.receipt}", "Đồng ý chia sẻ hình"]
    assert signed_in(street.world.people["camera_owner"]).get(address).status_code == 403


def test_T01_no_page_of_a_case_tells_an_officer_of_the_household(street, footage, ask, signed_in):
    answers.approve(ask.pk, footage.window, by=street.owner, at=NOW)
    client = signed_in(street.chief)
    addresses = [
        "/hom-nay/", "/vu-viec/", f"/vu-viec/{street.case.pk}/", "/yeu-cau/", f"/yeu-cau/{footage.pk}/",
        "/yeu-cau/ban-do.json", f"/vu-viec/{street.case.pk}/yeu-cau/lap/",
    ]  # fmt: skip
    told = {address: client.get(address).content.decode() for address in addresses}
    secrets = (HOME, OWNER, "Camera cổng", "192.168.7.21", f">{street.owner.username}<")
    assert [(address, secret) for address, page in told.items() for secret in secrets if secret in page] == []
    assert street.home.code in told[f"/yeu-cau/{footage.pk}/"]


def test_the_map_shows_public_cameras_and_no_household(street, signed_in):
    told = signed_in(street.officer).get("/yeu-cau/ban-do.json").json()
    assert [each["properties"]["code"] for each in told["cameras"]["features"]] == ["CAM-GAN", "CAM-XA"]


def test_ticked_clips_with_marks_are_queued_as_a_package(street, footage, signed_in):
    clip = footage.clips.get()
    ticked = {
        "clip": [clip.pk],
        f"start-{clip.pk}": f"{typed(NOW - timedelta(hours=3))}:00",
        f"end-{clip.pk}": f"{typed(NOW - timedelta(hours=2))}:59",
    }
    client = signed_in(street.officer)
    response = client.post(f"/yeu-cau/{footage.pk}/goi/", ticked, follow=True)
    package = EvidencePackage.objects.get()
    assert response.redirect_chain == [(f"/goi-chung-cu/{package.package_id}/", 302)]
    assert package.selection == [{"clip": clip.pk, "mark_in": clip.start, "mark_out": clip.start + 3_659_000_000}]
    part = client.get(f"/goi-chung-cu/{package.package_id}/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part


def test_a_package_without_a_clip_says_how_many_to_choose(street, footage, signed_in):
    response = signed_in(street.officer).post(f"/yeu-cau/{footage.pk}/goi/", urlencode({}), content_type="text/plain")
    assert response.status_code == 422
    assert "Hãy chọn từ 1 đến 16 đoạn" in response.content.decode()


def test_anyone_reads_how_to_verify_and_gets_the_key(client, db):
    page = client.get("/kiem-chung/").content.decode()
    key = client.get("/kiem-chung/minisign.pub").content.decode()
    assert key.splitlines()[1] in page


SCRIPT = "<script>alert(1)</script>"


def test_S04_what_is_typed_is_shown_as_text_to_officers_and_owners(street, signed_in):
    asked = street.asked(purpose=f"Tìm xe {SCRIPT}", place=SCRIPT, legal_basis=SCRIPT)
    footage = ask_for_footage(street.case, asked, by=street.officer, later=lambda _: None, at=NOW)
    ask_owners(footage.pk, at=NOW)
    officer, owner = signed_in(street.officer), signed_in(street.owner)
    pages = [
        officer.get(address) for address in ("/yeu-cau/", f"/yeu-cau/{footage.pk}/", f"/vu-viec/{street.case.pk}/")
    ]
    pages += [owner.get(f"/camera-cua-toi/yeu-cau/{path}") for path in ("", f"{OwnerAsk.objects.get().pk}/")]
    assert [page.status_code for page in pages if SCRIPT in page.content.decode()] == []
    assert ["&lt;script&gt;" in page.content.decode() for page in pages] == [True] * 5


def test_S02_a_clip_of_another_request_cannot_be_packed_through_this_one(street, footage, signed_in):
    other = ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)
    response = signed_in(street.officer).post(f"/yeu-cau/{footage.pk}/goi/", {"clip": [other.clips.get().pk]})
    assert response.status_code == 422
    assert not EvidencePackage.objects.exists()


def test_S02_a_step_or_an_answer_that_is_none_does_nothing(street, footage, ask, signed_in):
    signed_in(street.officer).post(f"/yeu-cau/{footage.pk}/buoc/", {"step": "open"})
    signed_in(street.owner).post(f"/camera-cua-toi/yeu-cau/{ask.pk}/tra-loi/", {"answer": "xoa"})
    footage.refresh_from_db()
    ask.refresh_from_db()
    assert (footage.state, ask.state) == ("open", "waiting")
