"""What the registers refuse, what waits, whom certificates are told of, and the checklist."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from binhyen.kernel.audit.models import Line
from binhyen.kernel.history.models import RowChange
from binhyen.kernel.measures import Period, figure
from binhyen.kernel.notify.models import Message
from binhyen.kernel.screens.today import work_for
from binhyen.kernel.units.authority import Refused, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.network.checklist import DEFAULT_PASSWORD, items, items_on
from binhyen.modules.network.domain import name_donor, read_donor, record_check
from binhyen.modules.network.models import CameraCertificate, CameraPort, CameraSite, SecurityCheck, SiteDonor
from binhyen.modules.network.notices import tell_of_certificates
from binhyen.modules.network.papers import CertificateState, certificate_state, item_states
from binhyen.modules.network.tests.conftest import camera, device, household

DONOR = "Công ty Mặt Trời Mới"


@pytest.fixture
def site(world, all_units):
    return CameraSite.objects.create(
        unit=world.commune_a, code="D1", name="Cột chợ", built_on=date(2025, 10, 15), cost=3_000_000
    )


def certificate(where, number, days):
    today = localdate()
    return CameraCertificate.objects.create(
        camera=where, number=number, issuer="Trung tâm Đo lường", issued_on=today - timedelta(days=400),
        expires_on=today + timedelta(days=days),
    )  # fmt: skip


@pytest.mark.parametrize("table", ["port", "certificate", "check"])
def test_T01_a_household_s_camera_stands_in_no_register(world, all_units, table):
    home, switch = household(world.commune_a, 1), device(world.commune_a, "SW", "Chuyển mạch")
    row = {
        "port": CameraPort(device=switch, port=1, camera=home),
        "certificate": CameraCertificate(camera=home, number="1", issuer="x", issued_on=date(2025, 1, 1),
                                         expires_on=date(2026, 1, 1)),
        "check": SecurityCheck(camera=home, item=DEFAULT_PASSWORD),
    }[table]  # fmt: skip
    with pytest.raises(ValidationError, match="Camera hộ gia đình không được ghi vào sổ này"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_port_that_the_device_does_not_have_is_refused_by_name(world, all_units):
    switch = device(world.commune_a, "SW", "Chuyển mạch", ports=8)
    port = CameraPort(device=switch, port=9, camera=camera(world.commune_a, 1), recorder=switch)
    with pytest.raises(ValidationError) as refused:
        port.full_clean()
    assert set(refused.value.message_dict) == {"port", "recorder"}
    assert "thiết bị này có 8 cổng" in refused.value.message_dict["port"][0]


def test_a_donor_is_sealed_and_each_look_is_a_line(site, world):
    officer = world.people[Role.COMMUNE_OFFICER]
    name_donor(site, DONOR, by=officer)
    assert read_donor(site, by=officer) == DONOR
    assert DONOR.encode() not in bytes(SiteDonor.objects.get().sealed)
    told = str(list(Line.objects.values())) + str(list(RowChange.objects.values()))
    assert DONOR not in told
    assert list(Line.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "network.donor.name", "network.donor.read",
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.DUTY_OFFICER, Role.INVESTIGATOR, Role.AUDITOR, Role.CAMERA_OWNER])
def test_a_donor_is_told_to_registrars_alone(site, world, role):
    with pytest.raises(Refused):
        read_donor(site, by=world.people[role])
    with pytest.raises(Refused):
        name_donor(site, DONOR, by=world.people[role])


def test_a_donor_is_in_no_list_page_or_file(site, world, signed_in):
    name_donor(site, DONOR, by=world.people[Role.CHIEF])
    client = signed_in(world.people[Role.CHIEF])
    pages = ["/diem-dat/", f"/diem-dat/{site.pk}/", "/diem-dat/xuat.csv", "/api/diem-dat", "/diem-dat/?tim=Mặt Trời"]
    assert [page for page in pages if DONOR in client.get(page).content.decode(errors="replace")] == []
    assert DONOR in client.post(f"/diem-dat/{site.pk}/ben-tang/").content.decode()
    client.post(f"/diem-dat/{site.pk}/ben-tang/ghi/", {"donor": ""})
    assert not SiteDonor.objects.exists()


def test_certificates_that_run_out_wait_on_today_and_newer_ones_stand_for_them(world, all_units):
    unit = world.commune_a
    near, renewed, good = camera(unit, 1), camera(unit, 2), camera(unit, 3)
    certificate(near, "A", 20)
    certificate(renewed, "B-cũ", -5)
    certificate(renewed, "B-mới", 300)
    certificate(good, "C", 31)
    waiting = [item.label for item in work_for(authority_of(world.people[Role.CHIEF])) if item.kind == "certificate"]
    assert waiting == [f"Gia hạn Kiểm định số A: {near}"]


def test_keepers_are_told_of_certificates_once_a_week(world, all_units):
    certificate(camera(world.commune_a, 1), "A", 20)
    certificate(camera(world.commune_a, 2), "B", -1)
    assert [tell_of_certificates(), tell_of_certificates()] == [3, 0]
    assert tell_of_certificates(now() + timedelta(days=7)) == 3
    assert set(Message.objects.values_list("topic", flat=True)) == {"network.certificates"}


def test_every_item_of_the_checklist_says_that_a_legal_officer_has_to_read_it():
    assert [item.code for item in items().values() if "cần pháp chế kiểm tra" not in item.basis_words] == []
    assert (items_on(date(2026, 6, 30)), len(items_on(date(2026, 7, 1)))) == ([], 8)


def test_what_was_tried_is_kept_once_for_each_item(world, all_units):
    one = camera(world.commune_a, 1)
    record_check(one.code, DEFAULT_PASSWORD, "fails", by=None, note="admin được nhận")
    kept = record_check(one.code, DEFAULT_PASSWORD, "passes", by=world.people[Role.IT_ADMIN])
    assert (SecurityCheck.objects.get(), kept.outcome, kept.checked_on, kept.how) == (
        kept, "passes", localdate(), "machine",
    )  # fmt: skip
    for bad in ((one.code, "khong-co", "passes"), (one.code, DEFAULT_PASSWORD, "maybe"),
                (household(world.commune_a, 1).code, DEFAULT_PASSWORD, "fails")):  # fmt: skip
        with pytest.raises(ValueError, match=r"checklist|household"):
            record_check(*bad, by=None)


def test_a_camera_that_fails_an_item_waits_on_today(world, all_units):
    record_check(camera(world.commune_a, 1).code, DEFAULT_PASSWORD, "fails", by=None)
    told = [item.label for item in work_for(authority_of(world.people[Role.IT_ADMIN])) if item.kind == "security"]
    assert told == ["Camera Góc 1 (X99001-001) không đạt: Không dùng mật khẩu mặc định"]


def test_the_camera_s_page_tells_where_it_hangs_and_what_was_tried(village, world, signed_in):
    one = village.cameras["far"][0]
    certificate(one, "A", -1)
    record_check(one.code, DEFAULT_PASSWORD, "passes", by=None)
    page = signed_in(world.people[Role.COMMUNE_OFFICER]).get(f"/camera/{one.code}/").content.decode()
    for words in ("Xóm Xa", "cổng 1", "Đầu ghi xóm Đông", "Giấy kiểm định hết hạn", "cần pháp chế kiểm tra"):
        assert words in page
    assert page.count("Chưa thử") == len(items()) - 1


def test_the_network_s_page_says_how_far_the_papers_are(world, signed_in, all_units):
    cameras = [camera(world.commune_a, number) for number in range(1, 5)]
    for one, days in zip(cameras, (-1, 30, 31), strict=False):
        certificate(one, f"K{days}", days)
    certificate(cameras[0], "cũ", -30)
    record_check(cameras[0].code, DEFAULT_PASSWORD, "passes", by=None)
    record_check(cameras[1].code, DEFAULT_PASSWORD, "fails", by=None)
    record_check(cameras[2].code, DEFAULT_PASSWORD, "not_tried", by=None)
    ids = [one.pk for one in cameras]
    assert certificate_state(ids) == CertificateState(good=1, near=1, ended=1, none=1)
    (state,) = [each for each in item_states(ids) if each.item.code == DEFAULT_PASSWORD]
    assert (state.passes, state.fails, state.not_tried) == (1, 1, 2)
    page = signed_in(world.people[Role.IT_ADMIN]).get("/mang-camera/").content.decode()
    assert "1 đã hết hạn" in page
    assert f"?item={DEFAULT_PASSWORD}&amp;outcome=fails" in page


def test_the_cost_of_sites_is_a_measure_that_opens_its_rows(site, world):
    CameraSite.objects.create(unit=world.commune_b, code="D1", name="Cầu", built_on=date(2025, 11, 1), cost=2_500_000)
    found = figure(measure_named("kinh-phi-diem-dat"), world.province, Period.parse("2025"),
                   authority=authority_of(world.people[Role.CHIEF]))  # fmt: skip
    assert found.value == 5_500_000


def measure_named(code):
    from binhyen.kernel.measures import measure_of

    return measure_of(code)
