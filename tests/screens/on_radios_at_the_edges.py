"""What a register refuses, and the rarer ways through its pages, tried on the tutorial's. Run by test_tutorial.py."""

import asyncio
import io
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from radios.models import Radio

from binhyen.kernel.screens import Column, KeepHistory, Related, Screens, UnitPolicy, screens_of, today
from binhyen.kernel.screens.columns import column_of, words
from binhyen.kernel.screens.declaration import action_words, all_screens, forget
from binhyen.kernel.screens.forms import as_sent, form_for
from binhyen.kernel.screens.pages import bringing, taking
from binhyen.kernel.screens.panels import stored_words
from binhyen.kernel.screens.urls import urls_of
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.units.authority import authority_of
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import OFFICERS, Role

pytestmark = pytest.mark.usefixtures("all_units")
POLICY = UnitPolicy(see=OFFICERS, change={Role.CHIEF})


@pytest.fixture
def chief(world, signed_in):
    return signed_in(world.people[Role.CHIEF])


@pytest.fixture
def radio(world):
    return make_example(screens_of(Radio), world.commune_a)


@pytest.fixture
def guest(world, signed_in):
    """Chief in the one commune, investigator in the other: may see both, and change only one's rows."""
    person = world.outsiders[Role.CHIEF]
    Membership.objects.create(user=person, unit=world.commune_a, role=Role.INVESTIGATOR, valid_from=date(2025, 7, 1))
    return signed_in(person)


class Loan(models.Model):
    """Never migrated: for declarations only."""

    radio = models.ForeignKey(Radio, models.DO_NOTHING)  # its table is not there when a radio is deleted
    reason = models.TextField("lý do")
    days = models.IntegerField("số ngày")
    deposit = models.DecimalField("đặt cọc", max_digits=9, decimal_places=2)
    lent_at = models.DateTimeField("lúc mượn")
    returned = models.BooleanField("đã trả")
    lender = models.ForeignKey("accounts.User", models.PROTECT, null=True)
    lender_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị")

    class Meta:
        app_label = "radios"
        managed = False
        verbose_name = verbose_name_plural = "phiếu mượn"
        triggers = (KeepHistory(),)


def declared(**said):
    """Screens of a loan, forgotten by whoever declares them in a test."""
    base = {"model": Loan, "slug": "muon", "columns": (), "order": "-pk", "policy": UnitPolicy(
        unit="lender_unit", see=OFFICERS, change={Role.CHIEF})}  # fmt: skip
    return type("LoanScreens", (Screens,), {**base, **said})


@pytest.fixture
def loans():
    declared(fields=("radio", "reason", "days", "deposit", "lent_at", "returned"), position=None)
    screens = screens_of(Loan)
    yield screens
    forget(screens)


# --- declarations ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "mistake"),
    [
        ({"order": "reason"}, "no index sorts by 'reason'"),
        ({"fields": ("lender",)}, "loan.lender: say in `choices` which rows"),
        ({"filters": ("reason",)}, "Loan.reason is no field to choose from"),
        ({"model": Membership}, "Membership keeps no history"),
        ({"model": Radio, "policy": POLICY}, "already screens named 'radio'"),
    ],
)
def test_a_declaration_that_cannot_hold_is_refused_while_the_station_starts(said, mistake):
    before = list(all_screens())
    with pytest.raises((TypeError, ValueError), match=mistake):
        declared(**said)
    assert list(all_screens()) == before


def test_a_base_class_without_a_model_declares_nothing():
    before = list(all_screens())
    type("Bare", (Screens,), {})
    assert list(all_screens()) == before


def test_only_pages_that_somebody_may_open_have_an_address():
    read_only = UnitPolicy(unit="lender_unit", see=OFFICERS, change=set())
    declared(policy=read_only, waits=lambda self, authority: ())
    screens = screens_of(Loan)
    try:
        assert screens.waits in today._sources
        names = {pattern.name for pattern in urls_of(screens)}
    finally:
        forget(screens)
    assert screens.waits not in today._sources
    assert names == {"loan-list", "loan-views", "loan-view-delete", "loan-detail"} | {
        f"loan-export-{kind}" for kind in taking.KINDS
    }


def test_what_the_log_calls_an_action():
    said = [action_words(f"radios.radio.{each}") for each in ("change", "mark_checked", "nothing")]
    assert [*said, action_words("cases.case.change")] == ["Sửa: bộ đàm", "Đã kiểm tra", "", ""]


def test_rows_of_another_register_are_chosen_among_those_that_the_person_sees(world, loans, radio):
    make_example(screens_of(Radio), world.commune_b)
    mine = authority_of(world.people[Role.CHIEF])
    assert list(form_for(loans, mine).fields["radio"].queryset) == [radio]
    assert loans.of(Radio) is screens_of(Radio)


# --- what a person writes --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "text", "is_sent"),
    [
        ("returned", "Có", "on"),
        ("returned", "không", ""),
        ("days", "1.695", "1695"),
        ("days", "12", "12"),
        ("deposit", "1.695", "1695"),
        ("deposit", "12,5", "12.5"),
        ("deposit", "12.5", "12.5"),
        ("reason", "đi tuần", "đi tuần"),
    ],
)
def test_a_cell_is_read_as_vietnamese_write_it(loans, world, name, text, is_sent):
    fields = form_for(loans, authority_of(world.people[Role.CHIEF])).fields
    assert as_sent(fields[name], text) == is_sent


def test_a_long_text_gets_lines_and_a_moment_its_own_field(loans, world):
    fields = form_for(loans, authority_of(world.people[Role.CHIEF])).fields
    assert isinstance(fields["reason"].widget, forms.Textarea)
    assert fields["lent_at"].clean("21/11/2026 14:05").isoformat() == "2026-11-21T14:05:00+07:00"


def test_moments_and_nothing_are_shown_as_such():
    at = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
    column = column_of(Loan, "lent_at")
    assert (words(None), words(""), words(datetime(2026, 11, 21, 14, 5))) == ("–", "–", "21/11/2026 14:05")
    assert column.value(Loan(lent_at=at)) == datetime(2026, 11, 21, 14, 5)
    assert stored_words(Loan._meta.get_field("lent_at"), "2026-11-21T07:05:00Z") == "21/11/2026 14:05"


# --- pages -----------------------------------------------------------------------------------------------------------
def test_a_row_that_may_be_seen_and_not_changed_says_so(guest, radio):
    said = [
        guest.get(f"/bo-dam/{radio.pk}/"),
        guest.get(f"/bo-dam/{radio.pk}/sua/"),
        guest.get(f"/bo-dam/{radio.pk}/xoa/"),
    ]
    assert [answer.status_code for answer in said] == [200, 403, 403]


def test_a_new_row_for_a_unit_of_others_is_refused(guest, world):
    form = {"unit": world.commune_a.pk, "serial": "R-1", "band": "vhf"}
    assert guest.post("/bo-dam/them/", form).status_code == 422
    assert not Radio.objects.filter(serial="R-1").exists()


def test_the_form_of_a_new_row_takes_declared_fields_from_the_address(chief):
    page = chief.get("/bo-dam/them/?holder=Trực ban&state=retired")
    assert (page.status_code, page.context["form"].initial) == (200, {"holder": "Trực ban"})


def test_a_new_row_with_mistakes_is_shown_again_with_what_was_typed(chief):
    page = chief.post("/bo-dam/them/", {"holder": "Trực ban", "bought_on": "31/02/2026"})
    assert page.status_code == 422
    assert page.context["form"]["holder"].value() == "Trực ban"
    assert page.context["form"].errors["bought_on"] == [
        "“Ngày mua” không đúng dạng. Hãy nhập ngày có thật, như 21/11/2026."
    ]


@pytest.mark.parametrize("mark", ["", "x", "1" * 19])
def test_a_changed_row_without_its_mark_is_not_taken(chief, radio, mark):
    assert chief.post(f"/bo-dam/{radio.pk}/sua/", {"serial": "R-1", "_seen": mark}).status_code == 400
    radio.refresh_from_db()
    assert radio.serial == "VHF-01"


def test_deleting_asks_first(chief, radio):
    page = chief.get(f"/bo-dam/{radio.pk}/xoa/")
    assert (page.status_code, page.context["row"]) == (200, radio)
    assert Radio.objects.filter(pk=radio.pk).exists()


def test_a_verb_that_is_not_declared_or_not_for_many_is_refused(chief, radio, monkeypatch):
    assert chief.post(f"/bo-dam/{radio.pk}/viec/", {"viec": "delete"}).status_code == 400
    assert chief.post(f"/bo-dam/{radio.pk}/buoc/", {"buoc": "delete"}).status_code == 400
    monkeypatch.setattr(screens_of(Radio), "verbs", tuple(
        type(verb)(verb.name, verb.label, verb.do) for verb in screens_of(Radio).verbs))  # fmt: skip
    assert chief.post("/bo-dam/hang-loat/", {"viec": "mark_checked", "chon": radio.pk}).status_code == 400


def test_a_kept_view_needs_a_name(chief):
    page = chief.post("/bo-dam/cach-xem/", {"ten": "", "cau_hoi": "band=vhf"}, follow=True)
    assert "hãy nhập tên, tối đa 60 ký tự" in page.content.decode()


@pytest.mark.parametrize(
    ("sent", "problem"),
    [({}, "Chưa chọn tệp"), ({"tep": SimpleUploadedFile("a.csv", b"x" * 40)}, "Tệp lớn hơn")],
)
def test_an_import_says_what_is_wrong_with_the_file(chief, monkeypatch, sent, problem):
    assert "Nhập" in chief.get("/bo-dam/nhap/").content.decode()
    monkeypatch.setattr(bringing, "UPLOAD_BYTES_MAX", 30)
    assert problem in chief.post("/bo-dam/nhap/", sent).context["problem"]


def test_a_list_that_a_file_cannot_carry_says_what_to_do(chief, radio, monkeypatch):
    monkeypatch.setattr(taking, "ROWS_MAX", dict.fromkeys(taking.KINDS, 0))
    page = chief.get("/bo-dam/danh-sach.pdf")
    assert page.status_code == 403
    assert "hơn 0 dòng, tệp PDF không chứa hết" in page.content.decode()


def test_a_long_file_is_streamed(chief, radio, monkeypatch):
    short = chief.get("/bo-dam/danh-sach.csv").content
    monkeypatch.setattr(taking, "AT_ONCE_BYTES", 0)
    long = chief.get("/bo-dam/danh-sach.csv")
    assert (long.streaming, b"".join(long.streaming_content)) == (True, short)


def test_a_long_file_is_streamed_in_pieces_by_the_server_of_the_product_and_closed():
    file = io.BytesIO(b"x" * (taking.CHUNK_BYTES + 1))

    async def sizes():
        return [len(chunk) async for chunk in taking._chunks(file)]

    assert (asyncio.run(sizes()), file.closed) == ([taking.CHUNK_BYTES, 1], True)


@pytest.mark.parametrize("question", ["band=khong", "bought_on_tu=hom-qua"])
def test_the_api_says_what_it_does_not_understand(chief, question):
    assert chief.get(f"/api/bo-dam?{question}").status_code in (400, 404, 422)


# --- panels ----------------------------------------------------------------------------------------------------------
def test_rows_of_another_register_stand_on_the_page_only_where_they_may_be_seen(world, radio):
    panel = Related(Radio, "unit", "Bộ đàm")
    mine, theirs = (authority_of(each) for each in (world.people[Role.CHIEF], world.people[Role.IT_ADMIN]))
    found = panel.context(screens_of(Radio), mine, world.commune_a)
    assert [address for address, _ in found["lines"]] == [screens_of(Radio).url_of(radio)]
    assert panel.context(screens_of(Radio), theirs, world.commune_a) is None
    assert Related(Unit, "parent", "Đơn vị").context(screens_of(Radio), mine, world.commune_a) is None


def test_a_column_of_one_s_own_is_shown_and_never_sorts():
    column = Column("age", "Tuổi", lambda row: 3)
    assert (column.value(None), column.shown(None), column.sort) == (3, "3", "")
