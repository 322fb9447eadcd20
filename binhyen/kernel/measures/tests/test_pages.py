"""The pages of definitions."""

import pytest

from binhyen.kernel.measures import pages
from binhyen.kernel.measures.pages import facts
from binhyen.kernel.measures.tests.teams import counted_teams
from binhyen.kernel.units.roles import Role


@pytest.fixture
def measures(world):
    with counted_teams() as made:
        yield made


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.people[Role.AUDITOR])


def names(answer):
    return {measure.code for measure in answer.context["measures"]}


def test_definitions_are_found_without_marks(measures, client):
    assert set(measures) <= names(client.get("/chi-so/"))
    assert names(client.get("/chi-so/?tim=khach o pho")) >= {"thu-khach-pho"}
    assert names(client.get("/chi-so/?tim=so khach trong ky thu")) == {"thu-khach"}
    nothing = client.get("/chi-so/?tim=zzz").content.decode()
    assert "Không có chỉ số nào khớp." in nothing


def test_where_nothing_is_declared_the_page_says_so(client, monkeypatch):
    monkeypatch.setattr(pages, "registered", list)
    assert "Chưa có chỉ số nào." in client.get("/chi-so/").content.decode()


def test_a_definition_says_how_it_is_counted(measures, client):
    page = client.get("/chi-so/thu-ty-le/").content.decode()
    assert [each in page for each in ("tỷ lệ phần trăm của", 'href="/chi-so/thu-khach-pho/"', "làm tròn đến 2")] == [
        True
    ] * 3
    said = {fact.label: fact.words for fact in facts(measures["thu-nguoi-o"])}
    assert (said["Cách tính"], said["Thời điểm"], said["Chia theo"]) == ("đếm", "có ở cuối kỳ", "Thôn, Phố")
    assert "từ 1 đến 4 được ẩn" in said["Bảo vệ người được thống kê"]
    assert {fact.label: fact.words for fact in facts(measures["thu-qua"])}["Cách tính"] == "tổng"
    assert client.get("/chi-so/khong-co/").status_code == 404
