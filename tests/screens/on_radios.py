"""What the machinery promises, tried on the tutorial's register. Run by test_tutorial.py, which builds it."""

import csv
import io
import unicodedata
from datetime import date, timedelta

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from radios.models import Radio

from binhyen.kernel.history import acting
from binhyen.kernel.history.models import RowChange, changes_of
from binhyen.kernel.history.undo import forget
from binhyen.kernel.screens import paging, screens_of, taking_in
from binhyen.kernel.screens.asking import asked
from binhyen.kernel.screens.models import Import
from binhyen.kernel.screens.pages.taking import EXPORT_LOCK
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.units.authority import across_units, authority_of, within_scope
from binhyen.kernel.units.roles import Role

pytestmark = pytest.mark.usefixtures("all_units")


@pytest.fixture
def screens():
    return screens_of(Radio)


@pytest.fixture
def chief(world, signed_in):
    return signed_in(world.people[Role.CHIEF])


@pytest.fixture
def officer(world, signed_in):
    return signed_in(world.people[Role.COMMUNE_OFFICER])


@pytest.fixture
def radio(world, screens):
    return make_example(screens, world.commune_a)


def form_of(client, radio, **changes):
    page = client.get(f"/bo-dam/{radio.pk}/sua/")
    values = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    return {**values, "_seen": page.context["seen"], **changes}


def bring(client, *lines, name="x.csv"):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    answer = client.post("/bo-dam/nhap/", {"tep": SimpleUploadedFile(name, text.getvalue().encode())})
    assert answer.status_code == 302, answer.context["problem"]
    return Import.objects.latest("pk")


HEAD = ("Đơn vị", "Số hiệu", "Người giữ", "Băng tần", "Ngày mua")


# --- history and conflicts -------------------------------------------------------------------------------------------
def test_the_page_says_who_changed_what_from_what_to_what(chief, radio, world):
    chief.post(f"/bo-dam/{radio.pk}/sua/", form_of(chief, radio, band="uhf"))
    change = changes_of(radio).first()
    assert (change.actor, change.before, change.after) == (world.people[Role.CHIEF], {"band": "vhf"}, {"band": "uhf"})
    page = chief.get(f"/bo-dam/{radio.pk}/").content.decode()
    assert "Băng tần: <del>VHF</del> → UHF" in page


def test_a_bulk_update_and_plain_sql_are_in_the_history_too(radio, world):
    with acting(world.people[Role.CHIEF], batch="kiểm kê"):
        Radio.objects.update(holder="Tổ 2")
    Radio.objects.update(holder="Tổ 3")
    newest = changes_of(radio)[:2]
    assert [(c.actor, c.batch, c.after["holder"]) for c in newest] == [
        (None, "", "Tổ 3"),
        (world.people[Role.CHIEF], "kiểm kê", "Tổ 2"),
    ]


def test_a_write_that_changes_nothing_leaves_no_line(radio):
    before = changes_of(radio).count()
    radio.save()
    assert changes_of(radio).count() == before


def test_of_two_who_change_one_row_the_second_sees_what_the_first_did_and_loses_nothing(chief, officer, radio):
    mine = form_of(officer, radio, holder="Tổ tuần tra", band="uhf")
    chief.post(f"/bo-dam/{radio.pk}/sua/", form_of(chief, radio, holder="Trực ban", bought_on="2020-01-02"))
    answer = officer.post(f"/bo-dam/{radio.pk}/sua/", mine)
    radio.refresh_from_db()
    assert (answer.status_code, radio.holder) == (409, "Trực ban")
    shown = answer.context["form"]
    # What was typed stays; the day, which the second had left alone, is already the first one's.
    assert (shown["holder"].value(), shown["band"].value()) == ("Tổ tuần tra", "uhf")
    assert str(shown["bought_on"].value()) == "2020-01-02"
    assert "Người giữ từ “Nguyễn Văn Đông” thành “Trực ban”" in answer.content.decode()
    again = {**mine, "_seen": answer.context["seen"], "bought_on": "2020-01-02"}
    assert officer.post(f"/bo-dam/{radio.pk}/sua/", again).status_code == 302
    radio.refresh_from_db()
    assert (radio.holder, radio.band, radio.bought_on) == ("Tổ tuần tra", "uhf", date(2020, 1, 2))


# --- lists -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sort", ["serial", "-serial", "bought_on", "-bought_on"])
def test_pages_by_key_show_every_row_once_forward_and_back(world, screens, sort):
    days = [None if n % 4 == 0 else date(2020, 1, 1) + timedelta(days=n % 5) for n in range(60)]
    Radio.objects.bulk_create(
        Radio(unit=world.commune_a, serial=f"R-{n:03}", band="vhf", bought_on=day, state="in_use")
        for n, day in enumerate(days)
    )
    authority = authority_of(world.people[Role.CHIEF])

    def page(**place):
        return asked(
            screens, QueryDict("&".join(f"{k}={v}" for k, v in {"sap": sort, **place}.items())), authority
        ).page()

    first = page()
    second = page(sau=first.older)
    third = page(sau=second.older)
    walked = [*first.rows, *second.rows, *third.rows]
    descending, field = sort.startswith("-"), sort.removeprefix("-")
    with_value = [row for row in Radio.objects.all() if getattr(row, field) is not None]
    with_value.sort(key=lambda row: (getattr(row, field), row.pk), reverse=descending)
    without = sorted(
        (r for r in Radio.objects.all() if getattr(r, field) is None), key=lambda r: r.pk, reverse=descending
    )
    assert walked == with_value + without
    assert (first.newer, third.older) == ("", "")
    assert (page(truoc=third.newer).rows, page(truoc=second.newer).rows) == (second.rows, first.rows)


@pytest.mark.parametrize("walked", [10, 5000], ids=["by the search index", "along the order"])
@pytest.mark.parametrize("sort", ["serial", "-bought_on"])
def test_a_search_shows_every_row_once_whichever_way_it_is_found(world, screens, monkeypatch, walked, sort):
    monkeypatch.setattr(paging, "WALKED_ROWS", walked)
    Radio.objects.bulk_create(
        Radio(
            unit=world.commune_a, serial=f"R-{n:03}", holder="ngoc" if n % 2 else "Ngọc Hà", band="vhf", state="in_use"
        )
        for n in range(60)
    )
    authority = authority_of(world.people[Role.CHIEF])

    def page(place=""):
        question = asked(screens, QueryDict(f"tim=ngọc ha&sap={sort}{place}"), authority)
        found = question.page()
        assert question.count(found) == (30, False)
        return found

    first = page()
    second = page(f"&sau={first.older}")
    expected = list(Radio.objects.filter(holder="Ngọc Hà").order_by("-pk" if sort.startswith("-") else "pk"))
    assert first.rows + second.rows == expected
    assert page(f"&truoc={second.newer}").rows == first.rows


@pytest.mark.parametrize(
    "words", ["dong", "Đông", "nguyen dong", "NGUYEN", "ngu", "vhf-01", "01", unicodedata.normalize("NFD", "Đông")]
)
def test_a_row_is_found_by_words_with_and_without_marks(chief, radio, words):
    answer = chief.get("/bo-dam/", {"tim": words})
    assert [line[0] for line in answer.context["lines"]] == [radio]


@pytest.mark.parametrize("words", ["hai", "nguyen hai", "ong", "' | 'a", "!dong & :*"])
def test_a_row_is_not_found_by_other_words(chief, radio, words):
    answer = chief.get("/bo-dam/", {"tim": words})
    found = [line[0] for line in answer.context["lines"]]
    assert (answer.status_code, found) == (200, [radio] if words == "!dong & :*" else [])


def test_the_filter_is_in_the_address_and_what_nothing_matches_says_so(chief, radio):
    assert len(chief.get("/bo-dam/?band=vhf&state=in_use").context["lines"]) == 1
    page = chief.get("/bo-dam/?band=uhf")
    assert "Không có dòng nào khớp." in page.content.decode()


def test_an_impossible_filter_is_told_and_shows_nothing(chief, radio, world):
    assert chief.get(f"/bo-dam/?unit={world.commune_b.pk}").status_code == 422
    answer = chief.get("/bo-dam/?bought_on_tu=32/13/2026")
    assert (answer.status_code, answer.context["lines"]) == (422, [])


def test_columns_are_chosen(chief, radio):
    page = chief.get("/bo-dam/?cot=holder&cot=serial")
    assert [column.name for column in page.context["asked"].columns] == ["serial", "holder"]


def test_a_kept_view_is_shared_inside_the_unit_and_nowhere_else(chief, officer, radio, signed_in, world):
    form = {"ten": "Chỉ VHF", "cau_hoi": "band=vhf&sau=abc", "dung_chung": "on"}
    assert chief.post("/bo-dam/cach-xem/", form).url == "/bo-dam/?band=vhf"
    assert [view.query for view in officer.get("/bo-dam/").context["views"]] == ["band=vhf"]
    outsider = signed_in(world.outsiders[Role.CHIEF])
    assert list(outsider.get("/bo-dam/").context["views"]) == []
    view = chief.get("/bo-dam/").context["views"][0]
    assert officer.post("/bo-dam/cach-xem/xoa/", {"xem": view.pk}).status_code == 404


def test_S02_a_view_keeps_no_question_that_the_list_does_not_understand(chief):
    assert chief.post("/bo-dam/cach-xem/", {"ten": "x", "cau_hoi": "unit__code=1"}).status_code == 400


# --- many rows and steps ---------------------------------------------------------------------------------------------
def test_S02_rows_of_another_unit_are_left_alone_by_an_action_on_many(chief, radio, screens, world):
    theirs = make_example(screens, world.commune_b)
    chief.post("/bo-dam/hang-loat/", {"viec": "mark_checked", "chon": [radio.pk, theirs.pk]})
    assert dict(Radio.objects.values_list("pk", "checked")) == {radio.pk: True, theirs.pk: False}


def test_a_step_of_the_workflow_is_taken_by_whom_the_table_names(chief, officer, radio):
    assert officer.post(f"/bo-dam/{radio.pk}/buoc/", {"buoc": "send"}).status_code == 403
    assert chief.post(f"/bo-dam/{radio.pk}/buoc/", {"buoc": "send"}).status_code == 302
    radio.refresh_from_db()
    assert (radio.state, [c.after["state"] for c in changes_of(radio)[:1]]) == ("in_repair", ["in_repair"])


def test_S02_a_deletion_is_undone_only_by_who_made_it(chief, radio, signed_in, world):
    chief.post(f"/bo-dam/{radio.pk}/xoa/")
    change = RowChange.objects.get(kind="delete")
    for other in (world.outsiders[Role.CHIEF],):
        assert signed_in(other).post("/bo-dam/hoan-tac/", {"thay_doi": change.pk}).status_code == 404
    assert Radio.objects.count() == 0


def test_a_key_that_was_given_away_meanwhile_cannot_be_given_back(chief, radio, screens, world):
    chief.post(f"/bo-dam/{radio.pk}/xoa/")
    make_example(screens, world.commune_a)
    answer = chief.post("/bo-dam/hoan-tac/", {"thay_doi": RowChange.objects.get(kind="delete").pk})
    assert (answer.status_code, Radio.objects.count()) == (403, 1)


# --- files -----------------------------------------------------------------------------------------------------------
def test_every_wrong_cell_is_named_with_its_value_and_what_to_do(chief, world):
    code = world.commune_a.code
    taken = bring(
        chief, HEAD,
        (code, "A-1", "Hà", "VHF", "21/11/2025"),
        (code, "", "Hà", "VHF", ""),
        (code, "A-2", "Hà", "sóng ngắn", "31/02/2025"),
        (world.commune_b.code, "A-3", "Hà", "VHF", ""),
        (code, "A-1", "Hà", "VHF", ""),
    )  # fmt: skip
    assert (taken.good_count, taken.new_count) == (1, 1)
    assert taken.problems == [
        [3, "Số hiệu", "", "Chưa nhập “Số hiệu”. Hãy nhập rồi gửi lại."],
        [4, "Băng tần", "sóng ngắn", "“Băng tần” không có lựa chọn này. Hãy chọn trong danh sách."],
        [4, "Ngày mua", "31/02/2025", "“Ngày mua” không đúng dạng. Hãy nhập ngày có thật, như 21/11/2026."],
        [5, "Đơn vị", "X99002", "“Đơn vị” không có lựa chọn này. Hãy chọn trong danh sách."],
        [6, "Đơn vị, Số hiệu", "Công an xã An Hòa · A-1", "Đã có ở một dòng trên. Hãy bỏ một trong hai dòng."],
    ]
    assert Radio.objects.count() == 0
    chief.post(f"/bo-dam/nhap/{taken.pk}/dong-y/")
    assert list(Radio.objects.values_list("serial", flat=True)) == ["A-1"]


def test_a_line_changes_the_row_that_its_key_means_and_only_its_columns(chief, radio):
    taken = bring(chief, ("số hiệu", "băng tần"), ("VHF-01", "uhf"), ("VHF-02", "VHF"))
    assert (taken.new_count, taken.changed_count) == (1, 1)
    chief.post(f"/bo-dam/nhap/{taken.pk}/dong-y/")
    radio.refresh_from_db()
    assert (radio.band, radio.holder) == ("uhf", "Nguyễn Văn Đông")
    chief.post(f"/bo-dam/nhap/{taken.pk}/hoan-tac/")
    radio.refresh_from_db()
    assert (radio.band, Radio.objects.count()) == ("vhf", 1)


def test_what_was_changed_since_stays_when_a_file_is_taken_back(chief, world):
    taken = bring(chief, ("số hiệu", "băng tần"), ("A-1", "uhf"), ("A-2", "vhf"))
    chief.post(f"/bo-dam/nhap/{taken.pk}/dong-y/")
    Radio.objects.filter(serial="A-1").update(holder="Tổ 5")
    chief.post(f"/bo-dam/nhap/{taken.pk}/hoan-tac/")
    taken.refresh_from_db()
    assert list(Radio.objects.values_list("serial", flat=True)) == ["A-1"]
    assert taken.problems == [[0, "", "A-1", "Đã được thay đổi sau khi nhập nên giữ nguyên."]]


def test_F13_a_file_whose_worker_was_killed_goes_on_where_it_was(world, screens, monkeypatch):
    person = world.people[Role.CHIEF]
    lines = "\n".join(["số hiệu,băng tần", *(f"A-{n},vhf" for n in range(25))])
    with within_scope(authority_of(person)):
        taken = taking_in.begin(screens, "x.csv", lines.encode(), by=person)
    monkeypatch.setattr(taking_in, "LINES_AT_ONCE", 10)
    taking_in.check(taken)
    real, calls = taking_in.save_row, []

    def dies(*arguments, **named):
        calls.append(1)
        if len(calls) == 15:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    taken.state = Import.State.TAKING
    taken.save()
    monkeypatch.setattr(taking_in, "save_row", dies)
    with pytest.raises(KeyboardInterrupt):
        taking_in.take(taken)
    monkeypatch.setattr(taking_in, "save_row", real)
    with across_units():
        assert Radio.objects.count() == 10
        again = Import.objects.get(pk=taken.pk)
        taking_in.take(again)
        assert (Radio.objects.count(), again.state) == (25, "taken")


def test_a_long_file_is_left_to_a_worker_and_says_how_far_it_is(chief):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from binhyen.kernel.screens.jobs import work_on

    taken = bring(chief, ("số hiệu", "băng tần"), *((f"A-{n}", "vhf") for n in range(301)))
    job = ProcrastinateJob.objects.get(task_name="screens.work_on")
    assert (taken.state, job.args) == ("checking", {"import_id": taken.pk})
    assert "hx-trigger" in chief.get(f"/bo-dam/nhap/{taken.pk}/").content.decode()
    work_on(taken.pk)
    taken.refresh_from_db()
    assert (taken.state, taken.new_count) == ("ready", 301)


def test_S02_another_s_file_is_as_if_it_were_not_there(chief, officer):
    taken = bring(chief, ("số hiệu", "băng tần"), ("A-1", "uhf"))
    answers = {officer.get(f"/bo-dam/nhap/{taken.pk}/").status_code}
    answers |= {officer.post(f"/bo-dam/nhap/{taken.pk}/{verb}/").status_code for verb in ("dong-y", "hoan-tac")}
    assert answers == {404}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp không có dòng nào"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Tệp không phải"),
        ("số hiệu,mật khẩu\n1,2".encode(), "Không có cột “mật khẩu”"),
        ("số hiệu,Số hiệu\n1,2".encode(), "Cột “số hiệu” có hai lần"),
    ],
)
def test_S06_a_file_that_is_none_is_told_and_leaves_nothing(chief, content, said):
    answer = chief.post("/bo-dam/nhap/", {"tep": SimpleUploadedFile("x.csv", content)})
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    assert said in answer.context["problem"]


def test_the_export_carries_the_filter_and_the_log_says_who_took_it(chief, radio, world):
    from binhyen.kernel.audit.models import Line

    answer = chief.get("/bo-dam/danh-sach.csv?band=uhf")
    assert answer.getvalue().decode("utf-8-sig").count("\n") == 1
    line = Line.objects.latest("number")
    assert (line.action, line.actor, line.detail["rows"]) == (
        "radios.radio.export", world.people[Role.CHIEF].username, "0",
    )  # fmt: skip


def test_F14_one_person_gets_one_file_at_a_time(chief, officer, radio, world):
    from django.db import connection

    key = world.people[Role.CHIEF].pk
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [EXPORT_LOCK, key])
        assert chief.get("/bo-dam/danh-sach.csv").status_code == 403
        assert officer.get("/bo-dam/danh-sach.csv").status_code == 200


def test_what_the_law_wants_forgotten_leaves_the_history_and_that_it_changed_stays(chief, radio):
    chief.post(f"/bo-dam/{radio.pk}/sua/", form_of(chief, radio, holder="Lê Văn Tám"))
    forget(radio, ["holder"])
    assert [(c.kind, (c.after or {}).get("holder", "")) for c in changes_of(radio)] == [
        ("update", None),
        ("insert", None),
    ]
    assert "Nguyễn Văn Đông" not in str(list(RowChange.objects.values_list("before", "after")))
