"""“Tìm camera” and the device behind a camera: by role, with a real node and a device that speaks ONVIF."""

import pytest
from django.urls import reverse

from binhyen.contracts.devices import FoundDevice, SearchReport
from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.modules.network.public import DEFAULT_PASSWORD, SecurityCheck
from binhyen.modules.onboarding.devices import best_pair, with_login
from binhyen.modules.onboarding.models import CameraDevice, Draft
from binhyen.modules.onboarding.node import DeviceNode
from tests.onboarding.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("all_units")


@pytest.fixture
def draft(node, device, registrar):
    told = {"address": f"{device.address}/onvif/device_service", "user": "admin", "password": PASSWORD}
    response = registrar.post("/camera/tim/hoi/", told)
    assert response.status_code == 302, response.content.decode()
    return Draft.objects.get()


def chosen(world, **other):
    return {"name": "Cổng chợ", "unit": world.commune_a.pk, "tier": "2", "main": "main", "sub": "sub"} | other


@pytest.fixture
def camera(draft, world, registrar):
    registrar.post(reverse("device_draft", args=[draft.pk]), chosen(world))
    with across_units():
        return CameraDevice.objects.get().camera


def test_a_device_is_asked_its_streams_shown_and_one_becomes_a_camera(draft, device, world, registrar):
    page = reverse("device_draft", args=[draft.pk])
    text = registrar.get(page).content.decode()
    assert "320×240" in text
    assert 'value="main" selected' in text
    assert 'value="sub" selected' in text
    picture = registrar.get(reverse("device_picture", args=[draft.pk, 0]))
    assert (picture.content, picture["Content-Type"]) == (device.picture, "image/jpeg")
    assert Line.objects.filter(action="device.picture").count() == 1
    response = registrar.post(page, chosen(world))
    with across_units():
        kept = CameraDevice.objects.select_related("camera").get()
    assert response["Location"] == reverse("camera_detail", args=[kept.camera.code])
    assert (kept.camera.name, kept.camera.tier, kept.maker) == ("Cổng chợ", 2, "Bình Yên")
    assert not Draft.objects.exists()
    assert "Đặt giờ" in registrar.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"password": "sai"}, "không nhận tài khoản hoặc mật khẩu"),
        ({"address": "127.0.0.1:1"}, "Không kết nối được"),
        ({"address": "169.254.169.254"}, "không dùng cho camera được"),
        ({"address": "a:b@10.1.1.1"}, "Không viết tài khoản vào địa chỉ"),
        ({"address": ""}, "Chưa nhập “Địa chỉ thiết bị”"),
    ],
)
def test_S08_what_cannot_be_asked_is_a_sentence_without_the_password(node, device, registrar, caplog, told, sentence):
    caplog.set_level("DEBUG")
    told = {"address": device.address + "/onvif/x", "user": "admin", "password": PASSWORD} | told
    response = registrar.post("/camera/tim/hoi/", told)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    shown = response.content.decode() + caplog.text
    assert [secret for secret in (PASSWORD, 'sai"') if secret in shown] == []


def test_a_technician_takes_cameras_in_without_a_picture(draft, world, signed_in):
    technician = signed_in(world.people[Role.IT_ADMIN])
    draft.by = world.people[Role.IT_ADMIN]
    draft.save()
    assert "không xem hình" in technician.get(reverse("device_draft", args=[draft.pk])).content.decode()
    assert technician.get(reverse("device_picture", args=[draft.pk, 0])).status_code == 403


def test_what_another_has_asked_is_not_there(draft, world, signed_in):
    chief = signed_in(world.people[Role.CHIEF])
    assert chief.get(reverse("device_draft", args=[draft.pk])).status_code == 404
    assert chief.get(reverse("device_picture", args=[draft.pk, 0])).status_code == 404


def test_streams_must_be_of_the_device_and_the_unit_of_the_person(draft, world, registrar):
    page = reverse("device_draft", args=[draft.pk])
    draft.report["profiles"].append(
        draft.report["profiles"][0] | {"token": "long", "stream_url": "rtsp://10.0.0.1/" + "a" * 500}
    )
    draft.save()
    assert registrar.post(page, {}).status_code == 422
    for wrong in (
        {"main": "elsewhere"},
        {"unit": world.commune_b.pk},
        {"tier": "3"},
        {"sub": "main"},
        {"name": ""},
        {"main": "long"},
    ):
        assert registrar.post(page, chosen(world, **wrong)).status_code == 422


def test_what_answers_in_the_network_is_listed_and_no_register_compared(registrar, monkeypatch):
    found = SearchReport((FoundDevice("http://10.1.2.3/onvif/device_service", "10.1.2.3", "Cổng <b>"),))
    monkeypatch.setattr(DeviceNode, "search", lambda self, asked: found)
    part = registrar.post("/camera/tim/quet/", {"hosts": "10.9.0.0/30"}, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert "?address=http%3A%2F%2F10.1.2.3%2Fonvif%2Fdevice_service#ask" in text
    assert "Cổng &lt;b&gt;" in text
    wrong = registrar.post("/camera/tim/quet/", {"hosts": "10.0.0.0/8"}, headers={"HX-Request": "true"})
    assert "Nhiều hơn 256 địa chỉ" in wrong.content.decode()


def test_a_node_that_is_away_is_a_sentence(registrar, settings):
    settings.BINHYEN_NODE_URL = "http://127.0.0.1:1"
    assert "Máy ghi không trả lời" in registrar.post("/camera/tim/quet/", {}).content.decode()


def test_a_clock_is_set(camera, device, registrar):
    answer = registrar.post(reverse("device_time", args=[camera.code]), headers={"HX-Request": "true"})
    assert "Đã đặt giờ camera" in answer.content.decode()
    with across_units():
        assert abs(CameraDevice.objects.get().clock_offset_us) < 2_000_000
    assert abs(device.clock_offset_us) < 2_000_000


@pytest.mark.parametrize(
    ("accounts", "outcome", "words"),
    [
        ({}, SecurityCheck.Outcome.PASSES, "mật khẩu mặc định bị từ chối"),
        ({"admin": PASSWORD, "root": "pass"}, SecurityCheck.Outcome.FAILS, "tài khoản root"),
    ],
)
def test_S08_defaults_are_tried_and_the_checklist_says_so(camera, device, registrar, accounts, outcome, words):
    device.guard.accounts = device.accounts = accounts or device.accounts
    device.maker = "AXIS"
    answer = registrar.post(reverse("device_passwords", args=[camera.code]), headers={"HX-Request": "true"})
    assert words in answer.content.decode()
    with across_units():
        check = SecurityCheck.objects.get(camera=camera, item=DEFAULT_PASSWORD)
    assert (check.outcome, check.how) == (outcome, SecurityCheck.How.MACHINE)
    assert "pass" not in check.note.split()
    with across_units():
        assert CameraDevice.objects.get().stream == "refused"  # the stream was tried without its account


def test_a_camera_of_another_unit_has_no_device_for_us(camera, world, signed_in):
    stranger = signed_in(world.outsiders[Role.COMMUNE_OFFICER])
    assert stranger.post(reverse("device_time", args=[camera.code])).status_code == 404


def test_the_largest_stream_is_recorded_and_the_smallest_shown():
    from binhyen.contracts.devices import DeviceProfile

    def stream(token, width, codec="H264", url="rtsp://c/"):
        return DeviceProfile(token, token, codec, width, width, stream_url=url)

    assert best_pair((stream("a", 640), stream("b", 1920), stream("c", 320))) == ("b", "c")
    assert best_pair((stream("a", 640), stream("b", 1920, "H265"), stream("c", 320, "H265"))) == ("b", "a")
    assert best_pair((stream("a", 640, "JPEG"),)) == ("", "")
    assert best_pair(()) == ("", "")


def test_an_account_is_written_into_an_address_so_that_it_can_be_read_again():
    from binhyen.contracts.devices import DeviceLogin
    from binhyen.media.sources.urls import parse_camera_url

    url = parse_camera_url(with_login("rtsp://10.0.0.1:554/a?b=c", DeviceLogin("x", "a@b", "p:/?#@")))
    assert (url.user, url.password, url.host, url.path) == ("a@b", "p:/?#@", "10.0.0.1", "/a?b=c")
