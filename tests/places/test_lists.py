"""Lists of units from files that users have: brought in whole or not at all, looked up by old names and codes."""

import json
from datetime import date
from pathlib import Path

import pytest

from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import authority_of
from binhyen.kernel.units.models import Succession, Unit
from binhyen.kernel.units.roles import Role
from binhyen.kernel.units.succession import find_units
from binhyen.modules.places.public import Origin, UnitList, UnreadableList, bring_in

pytestmark = pytest.mark.django_db

ORIGIN = Origin("thu.json", "Danh mục giả định của bài thử", "Miền công cộng")
PROVINCES = [
    {"Code": "91", "FullName": "Tỉnh Thử Một", "Wards": [
        {"Code": "90001", "FullName": "Phường Sông Trắng"}, {"Code": "90002", "FullName": "Xã Đồi Chè"}]},
    {"Code": "92", "FullName": "Thành phố Thử Hai", "Wards": [{"Code": "90003", "FullName": "Đặc khu Đảo Nhỏ"}]},
]  # fmt: skip
FORMER = (
    "ma_cu,ten_cu,cap,ma_cha_cu,tu_ngay,den_ngay,ma_moi\n"
    "911,Huyện Sông Trắng,Huyện,,01/01/1990,01/07/2025,90001 90002\n"
    "90001,Xã Bến Đò,Xã,911,01/01/1990,01/07/2025,90001\n"
    "90011,Thị trấn Chợ Mới,Thị trấn,911,01/01/1990,01/07/2025,90001 90002\n"
)
SQUARE = [[[105.5, 21.5], [105.6, 21.5], [105.6, 21.6], [105.5, 21.5]]]
FOLDERS = [each / "shared" / "data" / "geo" for each in Path(__file__).resolve().parents]
REAL = next((each for each in FOLDERS if each.is_dir()), None)


def bring(kind, content, origin=ORIGIN):
    content = content if isinstance(content, bytes) else content.encode()
    return bring_in(kind, content, origin, by=None)


@pytest.fixture
def country(db):
    bring("units", json.dumps(PROVINCES))
    bring("former", FORMER)


def test_provinces_and_communes_come_with_their_licence(country):
    found = list(Unit.objects.filter(valid_until=None).order_by("path").values_list("code", "name", "level", "depth"))
    assert found == [
        ("91", "Công an tỉnh Thử Một", "tinh", 1), ("90001", "Công an phường Sông Trắng", "phuong", 2),
        ("90002", "Công an xã Đồi Chè", "xa", 2), ("92", "Công an thành phố Thử Hai", "tinh", 1),
        ("90003", "Công an đặc khu Đảo Nhỏ", "dac_khu", 2),
    ]  # fmt: skip
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert UnitList.objects.get(kind="units").licence == "Miền công cộng"
    assert Unit.objects.get(code="90003").valid_from == date(2025, 7, 1)


def test_the_same_list_twice_changes_nothing_and_what_differs_is_said(country):
    changed = json.loads(json.dumps(PROVINCES))
    changed[0]["Wards"][1]["FullName"] = "Xã Đồi Cọ"
    again = bring("units", json.dumps(changed))
    assert (again.new_count, again.same_count) == (0, 5)
    assert again.notes == ["Mã 90002: hệ thống ghi “Công an xã Đồi Chè”, tệp ghi “Xã Đồi Cọ”."]
    assert bring("former", FORMER).new_count == 0
    assert Unit.objects.get(code="90002").name == "Công an xã Đồi Chè"


def test_former_units_are_closed_history_and_keep_their_codes(country):
    former = Unit.objects.exclude(valid_until=None).order_by("path")
    assert [(unit.code, unit.name, unit.depth) for unit in former] == [
        ("911@250701", "Công an huyện Sông Trắng", 2), ("90001@250701", "Công an xã Bến Đò", 3),
        ("90011@250701", "Công an thị trấn Chợ Mới", 3),
    ]  # fmt: skip
    assert Succession.objects.count() == 5


@pytest.mark.parametrize("words", ["ben do", "Bến Đò", "xa ben do", "90001"])
def test_what_an_old_name_or_code_is_now(country, words):
    found = {each.unit.name: [unit.name for unit in each.now] for each in find_units(words)}
    assert found["Công an xã Bến Đò"] == ["Công an phường Sông Trắng"]


def test_one_that_was_divided_is_all_its_heirs(country):
    (known,) = find_units("cho moi")
    assert [unit.code for unit in known.now] == ["90001", "90002"]


def test_borders_are_kept_by_code_and_unknown_ones_are_said(country):
    geometry = {"type": "Polygon", "coordinates": SQUARE}
    features = [{"type": "Feature", "id": code, "geometry": geometry, "properties": {}} for code in ("91", "77")]
    kept = bring("borders", json.dumps({"type": "FeatureCollection", "features": features}))
    assert (kept.new_count, kept.notes) == (1, ["Mã 77: chưa có đơn vị này. Hãy nhập danh mục trước."])
    assert Unit.objects.get(code="91").boundary == {"type": "MultiPolygon", "coordinates": [SQUARE]}


def test_a_list_gives_nobody_a_look_at_what_is_open(world):
    """A file that says “this commune of today was succeeded by mine” makes a closed row of its own."""
    bring("units", json.dumps(PROVINCES))
    line = "X99001,Xã An Hòa,Xã,,01/01/1990,01/07/2025,90001\n"
    bring("former", FORMER.splitlines()[0] + "\n" + line)
    officer = make_person("moi", "Lê Mới", Role.CHIEF, Unit.objects.get(code="90001"))
    assert world.commune_a.pk not in authority_of(officer).unit_ids()
    assert Unit.objects.get(pk=world.commune_a.pk).is_open_on()


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("units", "không phải", "không phải JSON"),
        ("units", "[" * 100_000, "không phải JSON"),
        ("units", "{}", "danh sách các tỉnh"),
        ("units", '[{"Code": "91", "FullName": "Vùng Lạ"}]', "không cho biết là tỉnh"),
        ("units", '[{"Code": "91"}]', "thiếu tên"),
        ("units", '[{"Code": "../..", "FullName": "Tỉnh A"}]', "mã “../..” không đúng"),
        ("units", '[{"Code": "91", "FullName": "Tỉnh A"}, {"Code": "91", "FullName": "Tỉnh B"}]', "hai lần"),
        ("units", '[{"Code": "91", "FullName": "Tỉnh A", "Wards": 7}]', "danh sách các xã"),
        ("borders", "[]", "không phải GeoJSON"),
        ("borders", '{"features": [{"id": "91", "geometry": {"type": "Point", "coordinates": [1, 2]}}]}', "thiếu mã"),
        ("borders", '{"features": [{"id": "91", "geometry": {"type": "Polygon", "coordinates": [[[1e9, 2]]]}}]}',
         "tọa độ"),
        ("borders", '{"features": [{"id": "91", "geometry": {"type": "Polygon", "coordinates": "x"}}]}', "tọa độ"),
        ("former", "a,b\n1,2\n", "thiếu cột ma_cu"),
        ("former", FORMER.replace("01/07/2025", "hôm qua"), "hai ngày trước sau"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_what_to_do_and_changes_nothing(kind, content, sentence):
    with pytest.raises(UnreadableList, match=sentence.replace("(", r"\(")):
        bring(kind, content)
    assert (Unit.objects.count(), UnitList.objects.count()) == (0, 0)


def test_without_a_licence_nothing_is_brought_in(db):
    with pytest.raises(UnreadableList, match="giấy phép"):
        bring("units", json.dumps(PROVINCES), Origin("thu.json", "Nguồn", " "))


def test_the_page_brings_a_file_in_and_says_what_it_did(world, signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in(world.people[Role.IT_ADMIN])
    form = {"loai": "units", "nguon": "Bài thử", "giay_phep": "CC0", "tu_ngay": "01/07/2025"}
    file = SimpleUploadedFile("danh-muc.json", json.dumps(PROVINCES).encode())
    answer = client.post("/don-vi/nhap/", {**form, "tep": file}, follow=True)
    assert "thêm 5, đã có 0" in answer.content.decode()
    found = client.get("/don-vi/", {"q": "dao nho"}).content.decode()
    assert "Công an đặc khu Đảo Nhỏ" in found
    bad = client.post("/don-vi/nhap/", {**form, "tep": SimpleUploadedFile("x.json", b"{")})
    assert (bad.status_code, "không phải JSON" in bad.content.decode()) == (422, True)


@pytest.mark.skipif(REAL is None, reason="the real lists are the user's own: put them beside the checkout")
def test_the_real_lists_give_34_provinces_and_3321_communes(db):
    (lists,) = REAL.glob("*.json")
    kept = bring_in("units", lists.read_bytes(), Origin(lists.name, "vietnamese-provinces-database", "MIT"), by=None)
    assert (kept.new_count, kept.notes) == (34 + 3321, [])
    borders = [bring_in("borders", path.read_bytes(), Origin(path.name, "như trên", "MIT"), by=None)
               for path in sorted((REAL / "provinces").glob("*.geojson"))[:5]]  # fmt: skip
    assert [each.new_count for each in borders] == [1] * 5
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert [each.unit.name for each in find_units("phuong ba dinh")][:1] == ["Công an phường Ba Đình"]
