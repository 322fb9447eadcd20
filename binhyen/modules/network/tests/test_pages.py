"""The pages: state, picture, cut, outages; their files; who may open them."""

import csv
import io
import re

import pytest
from django.utils.html import strip_tags
from openpyxl import load_workbook

from binhyen.contracts.node import CameraState
from binhyen.kernel.units.roles import Role
from binhyen.modules.network.models import NetworkDevice
from binhyen.modules.network.state import state_of
from binhyen.modules.network.tests.conftest import camera, household, report

PAGES = ("/mang-camera/", "/mang-camera/so-do/", "/mang-camera/cat/", "/mang-camera/mat-hinh/")


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.people[Role.CHIEF])


def tiles(page):
    found = re.findall(r'data-code="([\w-]+)".*?<strong[^>]*>([^<]+)</strong>', page)
    return {code: words.replace("\N{NARROW NO-BREAK SPACE}", " ") for code, words in found}


def read(answer):
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_network_says_so_and_what_to_do(client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    assert re.search(r"Chưa có (camera|thiết bị mạng) nào|Không có lần mất hình nào", read(answer))


@pytest.mark.parametrize("role", [Role.CAMERA_OWNER, Role.AUDITOR, Role.GROUP_LEADER])
def test_S01_the_network_is_for_officers_and_technicians(world, signed_in, role):
    assert {signed_in(world.people[role]).get(page).status_code for page in PAGES} == {403}


def test_the_state_is_counted_by_tier_unit_and_line(village, in_scope, world):
    camera(world.commune_a, 8, tier=1)
    report(village.cameras["east"] + village.cameras["west"])
    report(village.cameras["far"], CameraState.FAILING)
    state = state_of(in_scope)
    assert [(tally.total, tally.recording, tally.failing, tally.unknown) for _, tally in state.tiers] == [
        (1, 0, 0, 1), (6, 4, 2, 0),
    ]  # fmt: skip
    assert [(each.line.code, each.tally.total, each.is_suspect) for each in state.lines] == [("L4", 2, True)]
    assert (state.safe_lines, state.unplugged, state.whole) == (3, 1, 7)


def test_a_line_behind_which_all_is_out_is_named_on_the_page(village, client):
    report(village.cameras["far"], CameraState.FAILING)
    page = read(client.get("/mang-camera/"))
    assert "Cả 2 camera sau đường “Đường L4” cùng không ghi." in page


@pytest.mark.parametrize(("homes", "told"), [(4, "ít, không nêu"), (7, "7")])
def test_T02_households_are_a_number_of_five_at_least_or_none(village, world, client, homes, told):
    for number in range(homes):
        household(world.commune_a, number)
    page = read(client.get("/mang-camera/"))
    assert tiles(page)["tang-3"] == told
    assert "HG-" not in page
    book = load_workbook(io.BytesIO(client.get("/mang-camera/tinh-trang.xlsx").content)).active
    assert [str(row[-1]) for row in list(book.values)[1:]] == [told, told]


def test_T02_a_hidden_number_does_not_follow_from_the_others(world, signed_in, all_units):
    """The province sees both communes: the small one, and the next with which it could be subtracted, are left out."""
    from binhyen.kernel.testing.world import make_person

    for unit, homes in ((world.commune_a, 3), (world.commune_b, 6)):
        for number in range(homes):
            household(unit, number)
    chief = make_person("truong.tinh", "Trưởng Tỉnh", Role.CHIEF, world.province)
    told = strip_tags(read(signed_in(chief).get("/camera/")))
    assert re.findall(r"Công an xã [\w ]+: ([\w ,]+) hộ", told) == ["ít, không nêu", "ít, không nêu"]
    assert tiles(read(signed_in(chief).get("/mang-camera/")))["tang-3"] == "9"


def test_the_middle_of_the_page_is_what_updates(village, client):
    middle = read(client.get("/mang-camera/", headers={"HX-Request": "true"}))
    assert "<html" not in middle
    assert tiles(middle)["ca-mang"] == "6"


def test_a_cut_is_shown_drawn_and_taken_out(village, client):
    asked = f"?duong={village.lines['far'].pk}"
    page = read(client.get(f"/mang-camera/cat/{asked}"))
    assert tiles(page) == {"mat-xem": "2", "mat-ghi": "2", "don-vi": "1", "dich-vu": "1"}
    assert (page.count("wire-cat"), page.count("node-toi")) == (1, 1)
    table = list(csv.reader(io.StringIO(client.get(f"/mang-camera/cat.csv{asked}").content.decode("utf-8-sig"))))
    assert [line[0] for line in table] == ["Loại", "Đơn vị", "Dịch vụ", "Camera", "Camera"]
    assert client.get(f"/mang-camera/cat.pdf{asked}").content.startswith(b"%PDF-")


def test_a_whole_duct_takes_both_lines_of_the_ring(village, client):
    page = read(client.get("/mang-camera/cat/?tuyen=Cột đường 1"))
    assert tiles(page)["mat-xem"] == "6"
    assert "Không có gì tối" in read(client.get(f"/mang-camera/cat/?duong={village.lines['east'].pk}"))


@pytest.mark.parametrize("asked", ["duong=0", "duong=x", "thiet-bi=99999999999999999999", "tuyen=không có", "duong=٣"])
def test_S02_what_is_not_there_is_refused_with_a_sentence(village, client, asked):
    answer = client.get(f"/mang-camera/cat/?{asked}")
    assert answer.status_code == 422
    assert "Hãy chọn lại trong danh sách." in read(answer)


def test_S02_a_line_of_another_unit_is_as_if_it_were_not_there(village, world, signed_in):
    answer = signed_in(world.outsiders[Role.CHIEF]).get(f"/mang-camera/cat/?duong={village.lines['far'].pk}")
    assert answer.status_code == 422
    assert "Xóm" not in read(answer)


def test_looking_at_a_cut_changes_nothing(village, client):
    before = list(NetworkDevice.objects.values()), [line.closed_on for line in village.lines.values()]
    client.get(f"/mang-camera/cat/?duong={village.lines['far'].pk}&thiet-bi={village.centre.pk}")
    assert (list(NetworkDevice.objects.values()), [line.closed_on for line in village.lines.values()]) == before


def test_S04_names_are_text_in_the_picture(village, client):
    NetworkDevice.objects.filter(pk=village.far.pk).update(name="<script>x</script>")
    assert "<script>x" not in read(client.get("/mang-camera/so-do/"))
