"""The story of Thái Nguyên: made-up records whose sums are the published figures, on page, paper and sheet."""

import re
from io import BytesIO

import pypdfium2
import pytest
from django.db import transaction
from django.utils.html import strip_tags
from openpyxl import load_workbook

from binhyen.commands.demo.stories import thainguyen
from binhyen.commands.demo.stories.made_up import person, shares
from binhyen.commands.demo.stories.thainguyen import PUBLISHED, REPORT_PERIOD, days
from binhyen.kernel.measures import Period
from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.authority import across_units, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.contributions.public import Entry
from binhyen.modules.movement.public import Session
from binhyen.modules.movement.report import report_for

WANTED = {
    "to-tu-quan": PUBLISHED.groups,
    "thanh-vien-to": PUBLISHED.members,
    "camera-cua-to": PUBLISHED.cameras,
    "dong-gop": PUBLISHED.dong,
    "buoi-tuyen-truyen": PUBLISHED.sessions,
    "vu-viec-tu-tin-bao": PUBLISHED.cases,
    "vu-ma-tuy": PUBLISHED.drug_cases,
    "doi-tuong-ma-tuy": PUBLISHED.drug_people,
    "ho-so-cai-nghien": PUBLISHED.dossiers,
    "luot-giao-duc": PUBLISHED.education_turns,
    "xu-phat": PUBLISHED.sanctions,
    "tang-vat": PUBLISHED.exhibits,
    "tham-muu-xu-phat": PUBLISHED.advised,
}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The story's unit and its chief, loaded once; each test's own changes are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        top = thainguyen.load()
        chief = make_person("chihuy", "Lý Thị Thanh", Role.CHIEF, top)
        yield top, chief
        transaction.set_rollback(True)


@pytest.fixture
def story(loaded, db):
    return loaded


def totals(top, chief):
    report = report_for(top, Period.parse(REPORT_PERIOD), authority=authority_of(chief))
    return {measure.code: figure for measure, figure in zip(report.measures, report.total, strict=True)}


def test_every_published_figure_is_on_page_paper_and_sheet_and_opens_its_rows(story, signed_in):
    top, chief = story
    with across_units():
        figures = totals(top, chief)
    assert {code: int(figure.value) for code, figure in figures.items()} == WANTED
    client, question = signed_in(chief), f"?don_vi={top.pk}&ky={REPORT_PERIOD}"
    page = client.get(f"/phong-trao/bao-cao/{question}").content.decode()
    texts = [figure.text for figure in figures.values()]
    tiles = dict(re.findall(r'data-code="([\w-]+)".*?<strong class="tabular">([^<]+)</strong>', page))
    assert list(tiles.values()) == texts
    assert "gần 5 tỷ đồng" in page
    assert len(re.findall(r"<tr>", page)) - 1 == PUBLISHED.units

    sheet = load_workbook(BytesIO(client.get(f"/phong-trao/bao-cao/bao-cao.xlsx{question}").content)).active
    rows = list(sheet.values)
    assert list(rows[-1][1:]) == list(WANTED.values())
    shown_by_unit = (
        "to-tu-quan",
        "thanh-vien-to",
        "camera-cua-to",
        "dong-gop",
        "buoi-tuyen-truyen",
        "vu-viec-tu-tin-bao",
    )
    sums = [sum(row[column] for row in rows[1:-1]) for column in range(1, 7)]
    assert sums == [WANTED[code] for code in shown_by_unit]

    paper = client.get(f"/phong-trao/bao-cao/bao-cao.pdf{question}").content
    said = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(paper))
    assert [text for text in texts if re.sub(r"\s", "", text) not in re.sub(r"\s", "", said)] == []

    for code, figure in figures.items():
        answer = client.get(figure.rows_url)
        assert (answer.status_code, code, answer.context["count"] > 0) == (200, code, True)
    listed = strip_tags(client.get(figures["buoi-tuyen-truyen"].rows_url).content.decode())
    assert "1.096 dòng" in listed


def test_one_changed_record_changes_the_number_and_its_history_says_why(story, signed_in):
    top, chief = story
    client = signed_in(chief)
    with across_units():
        session = Session.objects.order_by("pk").first()
    opened = client.get(f"/tuyen-truyen/{session.pk}/sua/")
    sent = {name: value or "" for name, value in opened.context["form"].initial.items()}
    sent |= {"held_on": "31/12/2021", "unit": session.unit_id, "_seen": opened.context["seen"]}
    assert client.post(f"/tuyen-truyen/{session.pk}/sua/", sent).status_code == 302
    with across_units():
        assert totals(top, chief)["buoi-tuyen-truyen"].text == "1.095"
    history = strip_tags(client.get(f"/tuyen-truyen/{session.pk}/").content.decode())
    assert "Lý Thị Thanh" in history
    assert "31/12/2021" in history


def test_a_corrected_gift_lowers_the_sum_and_stays_in_the_ledger(story, signed_in):
    top, chief = story
    with across_units():
        gift = Entry.objects.order_by("pk").first()
    sent = {"right_amount": str(gift.amount - 500_000), "reason": "Đếm lại tiền mặt"}
    assert signed_in(chief).post(f"/so-dong-gop/{gift.pk}/sua-sai/", sent).status_code == 302
    with across_units():
        assert totals(top, chief)["dong-gop"].value == PUBLISHED.dong - 500_000
        assert Entry.objects.get(pk=gift.pk).amount == gift.amount


def test_the_story_is_loaded_once(story):
    assert thainguyen.load() == story[0]


@pytest.mark.parametrize("total", [12, 41, 229, 1_695])
def test_shares_add_up_and_no_day_lies_outside_the_story(total):
    assert (sum(shares(total, 14, turn=3)), len(shares(total, 14))) == (total, 14)
    assert max(days(total)) <= thainguyen.LAST_DAY


def test_donors_of_one_campaign_are_many():
    assert len({person(number) for number in range(24)}) == 24
