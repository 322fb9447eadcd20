"""The story of Đại Từ: the three-tier network, whose pages, sheets and papers say exactly what was published."""

import json
import re
from io import BytesIO
from statistics import median, quantiles
from time import perf_counter, process_time

import pypdfium2
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils.html import strip_tags
from openpyxl import load_workbook

from binhyen.commands.demo.reporting import report_of
from binhyen.commands.demo.stories import daitu
from binhyen.commands.demo.stories.daitu import PUBLISHED
from binhyen.contracts import SystemClock, dump
from binhyen.kernel.measures import Period, figure, measure_of
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import across_units, authority_of, within_scope
from binhyen.kernel.units.roles import Role
from binhyen.modules.network.models import NetworkLine
from binhyen.modules.network.state import state_of

DONG = "1.500.000.000 đ"
STATION = PUBLISHED.tier_1 + PUBLISHED.tier_2
ROUNDS = 40
CPU_SECONDS_MAX = 30
"""Far above what it takes, so that a slow machine is no failure and a loop over every row is one."""


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The story's unit and its chief, loaded once; each test's own changes are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        began = process_time()
        top = daitu.load()
        took = process_time() - began
        yield top, make_person("chihuy", "Lý Thị Thanh", Role.CHIEF, top), took
        transaction.set_rollback(True)


@pytest.fixture
def story(loaded, db):
    return loaded


@pytest.fixture
def client(story, signed_in):
    return signed_in(story[1])


def plain(text):
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").strip()


def tiles(page):
    return {code: plain(said) for code, said in re.findall(r'data-code="([\w-]+)".*?<strong[^>]*>([^<]+)<', page)}


def test_the_published_figures(story):
    assert (PUBLISHED.tier_1, PUBLISHED.tier_2, PUBLISHED.tier_3, PUBLISHED.cameras) == (60, 439, 1_122, 1_621)


def test_the_page_says_them(client):
    shown = tiles(client.get("/mang-camera/").content.decode())
    assert {code: shown[code] for code in ("ca-mang", "tang-1", "tang-2", "tang-3", "kinh-phi")} == {
        "ca-mang": "1.621", "tang-1": "60", "tang-2": "439", "tang-3": "1.122", "kinh-phi": DONG,
    }  # fmt: skip


def test_its_units_add_up_on_page_and_sheet(client):
    page = client.get("/mang-camera/").content.decode()
    table = re.search(r'id="bang-don-vi".*?</table>', page, re.DOTALL)[0]
    homes = [int(number.replace(".", "")) for number in re.findall(r'data-label="Hộ gia đình">([\d.]+)<', table)]
    tier_2 = [int(number) for number in re.findall(r'data-label="Tầng 2">(\d+)<', table)]
    assert (sum(homes), sum(tier_2), len(homes)) == (PUBLISHED.tier_3, PUBLISHED.tier_2, 1 + len(daitu.COMMUNES))
    rows = list(load_workbook(BytesIO(client.get("/mang-camera/tinh-trang.xlsx").content)).active.values)
    assert (rows[-1][1], rows[-1][2], rows[-1][-1]) == (60, 439, 1_122)
    assert [sum(row[at] for row in rows[1:-1]) for at in (1, 2, -1)] == [60, 439, 1_122]


def test_the_paper_says_them(client):
    paper = client.get("/mang-camera/tinh-trang.pdf").content
    said = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(paper))
    total = re.search(r"Tổng cộng\s+60\s+439\s.*?1122", said, re.DOTALL)
    assert total, said[-600:]


def test_the_measures_and_their_registers_say_them(story, client):
    top, chief, _ = story
    year = Period.parse(str(daitu.LAUNCHED.year))
    with across_units():
        said = {code: figure(measure_of(code), top, year, authority=authority_of(chief)) for code in (
            "camera-don-vi", "camera-ho-gia-dinh", "kinh-phi-diem-dat", "diem-dat-camera",
        )}  # fmt: skip
    assert {code: int(each.value) for code, each in said.items()} == {
        "camera-don-vi": 499, "camera-ho-gia-dinh": 1_122, "kinh-phi-diem-dat": PUBLISHED.dong, "diem-dat-camera": 469,
    }  # fmt: skip
    assert plain(said["kinh-phi-diem-dat"].text) == DONG
    assert "469 dòng" in strip_tags(client.get(said["kinh-phi-diem-dat"].rows_url).content.decode())
    before = Period.parse("2020")
    with across_units():
        assert figure(measure_of("camera-don-vi"), top, before, authority=authority_of(chief)).value == 0


def test_every_camera_hangs_somewhere_and_the_cores_stand_in_for_each_other(story, client):
    with within_scope(authority_of(story[1])):
        state = state_of(authority_of(story[1]))
        assert state.unplugged == 0
        core = NetworkLine.objects.get(code="TT1")
        village = NetworkLine.objects.get(unit__code="X97003", code="VE")
    assert "Không có gì tối" in client.get(f"/mang-camera/cat/?duong={core.pk}").content.decode()
    page = client.get(f"/mang-camera/cat/?duong={village.pk}").content.decode()
    unit = next(each for each in state.units if each.unit.code == "X97003")
    assert tiles(page)["mat-xem"] == str(unit.tally.total)
    assert f'data-label="Camera hộ gia đình không vào được">{unit.households.words}<' in page


def test_time_to_repair_is_told(client):
    page = strip_tags(client.get("/mang-camera/mat-hinh/").content.decode())
    assert "của 120 lần" in page
    assert "lâu nhất 2 ngày" in page


def test_the_story_is_loaded_once_and_in_a_few_seconds(story):
    assert daitu.load() == story[0]
    assert story[2] < CPU_SECONDS_MAX


@pytest.mark.slow
@pytest.mark.reported("how long a page takes hangs on what else the machine does")
@pytest.mark.parametrize("page", ["/mang-camera/", "/mang-camera/so-do/", "/mang-camera/mat-hinh/"])
def test_the_state_of_1621_cameras_is_there_within_a_second(client, page, record_property):
    told = daitu.simulated()
    report = report_of(told["codes"], told["states"], SystemClock().now(), SystemClock().now())
    sent = Client(headers={"Authorization": f"Bearer {settings.BINHYEN_NODE_TOKEN}"}).post(
        "/api/node/status", json.dumps(dump(report)), content_type="application/json"
    )
    assert sent.json() == {"accepted": STATION}
    taken = []
    for _ in range(ROUNDS + 1):
        began = perf_counter()
        assert client.get(page).status_code == 200
        taken.append(perf_counter() - began)
    p95 = quantiles(taken[1:], n=20)[-1]
    record_property("p95_ms", round(p95 * 1000))
    print(f"{page}: p50 {median(taken[1:]) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")
    assert p95 < 1


def test_the_made_up_recorder_tells_of_every_camera_and_of_those_that_are_out(story):
    told = daitu.simulated()
    at = SystemClock().now()
    states = {each.camera: each for each in report_of(told["codes"], told["states"], at, at).statuses}
    assert (len(states), len(set(told["codes"]))) == (STATION, STATION)
    assert [states[code].state for code in told["states"]] == ["failing", "failing"]
    assert sum(each.state == "recording" for each in states.values()) > 480
