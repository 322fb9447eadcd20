"""“Đề xuất thu hẹp”: something smaller is proposed before households are asked, from what the officer knows already."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from shapely.geometry import shape

from binhyen.modules.cameras.public import Camera, MappedCamera
from binhyen.modules.footage.geometry import area_m2, circle
from binhyen.modules.footage.models import FootageRequest
from binhyen.modules.footage.narrowing import propose
from binhyen.modules.footage.tests.conftest import AREA, MIDDLE, NOW, add_home
from binhyen.modules.footage.tests.test_pages import form

START, END = NOW - timedelta(hours=7), NOW - timedelta(hours=1)
LARGE = circle(*MIDDLE, 300)


@pytest.fixture(autouse=True)
def at_that_time():
    with time_machine.travel(NOW, tick=True):
        yield


def camera(**changes):
    facts = {"code": "C", "name": "Chợ", "tier": 2, "latitude": MIDDLE[0] - 0.0025, "longitude": MIDDLE[1],
             "heading_degrees": 0.0, "view_degrees": 100.0, "view_metres": 380.0}  # fmt: skip
    return MappedCamera(**{**facts, **changes})


def proposed(street, area=AREA, start=START, end=END, cameras=()):
    return propose(street.case, area, start, end, cameras=cameras)


def test_a_small_area_of_a_case_without_a_time_is_left_alone(street):
    assert proposed(street) is None


def test_the_case_s_own_time_shortens_a_long_window(street):
    street.case.happened_at = END - timedelta(hours=2)
    found = proposed(street)
    assert (found.start, found.end) == (END - timedelta(hours=2.5), END - timedelta(hours=1.5))
    assert found.area_m2 == pytest.approx(area_m2(shape(AREA)), abs=2)


@pytest.mark.parametrize(
    ("happened", "start"),
    [(END + timedelta(minutes=1), START), (END - timedelta(minutes=30), END - timedelta(hours=2))],
    ids=["outside", "short"],
)
def test_a_time_outside_or_a_short_window_changes_nothing(street, happened, start):
    street.case.happened_at = happened
    assert proposed(street, start=start) is None


def test_what_public_cameras_see_is_left_out(street):
    found = proposed(street, cameras=[camera()])
    assert found.area_m2 < 0.7 * area_m2(shape(AREA))
    assert shape(found.area).within(shape(AREA).buffer(1e-6))


@pytest.mark.parametrize(
    "unknown", [{"heading_degrees": None}, {"view_degrees": None}, {"view_metres": None}, {"view_metres": 20.0}]
)
def test_a_camera_that_sees_little_or_nobody_knows_what_proposes_nothing(street, unknown):
    assert proposed(street, cameras=[camera(**unknown)]) is None


def test_of_a_large_area_the_middle_comes_first(street):
    found = proposed(street, LARGE)
    assert found.area_m2 == pytest.approx(area_m2(shape(LARGE)) / 2, rel=0.01)
    assert shape(found.area).centroid.distance(shape(LARGE).centroid) < 1e-6


def test_T02_the_proposal_knows_nothing_of_households(street, django_assert_num_queries):
    with django_assert_num_queries(0):
        before = proposed(street, LARGE)
    for number in range(3):
        add_home(street.world, street.owner, at=(MIDDLE[0] + number * 0.0003, MIDDLE[1]))
    assert proposed(street, LARGE) == before


def page_with_proposal(client, street, **changes):
    answer = client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", form(area=json.dumps(LARGE), **changes))
    page = answer.content.decode()
    return answer, page, re.search(r'name="proposal_seen" value="(\w+)"', page)


def answered(client, street, **changes):
    _, _, seen = page_with_proposal(client, street)
    return client.post(
        f"/vu-viec/{street.case.pk}/yeu-cau/lap/",
        form(area=json.dumps(LARGE), proposal_seen=seen.group(1), **changes),
    )


def test_the_officer_is_shown_a_proposal_before_anything_is_asked(street, signed_in):
    answer, page, seen = page_with_proposal(signed_in(street.officer), street)
    assert (answer.status_code, seen is not None, FootageRequest.objects.count()) == (200, True, 0)
    assert "Đề xuất thu hẹp" in page
    assert "không dùng thông tin nào về hộ gia đình" in page


def test_the_proposal_is_taken(street, signed_in):
    client = signed_in(street.officer)
    answer = answered(client, street, narrowing="accept")
    made = FootageRequest.objects.get()
    assert (answer.status_code, made.narrowing["accepted"]) == (302, True)
    assert made.area_m2 == pytest.approx(area_m2(shape(LARGE)) / 2, rel=0.01)
    assert "Đã dùng đề xuất của hệ thống" in client.get(f"/yeu-cau/{made.pk}/").content.decode()


def test_what_was_asked_is_kept_with_a_reason(street, signed_in):
    client = signed_in(street.officer)
    refused = answered(client, street, narrowing="keep", kept_because="cần")
    assert (refused.status_code, FootageRequest.objects.count()) == (422, 0)
    assert "Lý do “cần” quá ngắn." in refused.content.decode()
    answered(client, street, narrowing="keep", kept_because="Người lấy xe chạy vòng quanh chợ")
    made = FootageRequest.objects.get()
    assert made.area_m2 == pytest.approx(area_m2(shape(LARGE)), rel=0.01)
    assert "Người lấy xe chạy vòng quanh chợ" in client.get(f"/yeu-cau/{made.pk}/").content.decode()


def test_a_proposal_that_was_not_shown_is_not_taken(street, signed_in):
    client = signed_in(street.officer)
    _, _, seen = page_with_proposal(client, street)
    other = form(area=json.dumps(circle(*MIDDLE, 350)), narrowing="accept", proposal_seen=seen.group(1))
    answer = client.post(f"/vu-viec/{street.case.pk}/yeu-cau/lap/", other)
    assert (answer.status_code, FootageRequest.objects.count()) == (200, 0)


def test_T03_the_proposal_is_the_same_bytes_whether_or_not_a_household_is_there(street, signed_in):
    client, pages = signed_in(street.officer), []
    for _ in range(2):
        page = page_with_proposal(client, street)[1]
        pages.append(re.sub(r'(name="csrf[a-z-]*"[^>]*(?:content|value)=")[^"]+', r"\1", page))
        Camera.objects.filter(pk=street.home.pk).delete()
    assert pages[0] == pages[1]
