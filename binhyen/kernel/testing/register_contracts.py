"""What holds for every register: inherited, not written again. A test class subclasses `RegisterContracts`."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from binhyen.kernel.history.models import RowChange, changes_of
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.models import Import
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.sheets import read_sheet
from binhyen.kernel.testing.registers import every_register, example_values, make_example, person_for, sent, stranger_to
from binhyen.kernel.testing.world import World
from binhyen.kernel.units.authority import across_units

FORMULA = '=HYPERLINK("http://192.0.2.1/","x")'
FOUND = (200, 302)


@pytest.mark.parametrize("screens", every_register())
class RegisterContracts:
    """Each test is one promise, for each register that is declared."""

    @pytest.fixture(autouse=True)
    def _stage(self, world: World, signed_in: Any) -> None:
        self.world, self.signed_in = world, signed_in

    def able(self, screens: Screens, action: Action) -> Any:
        """A client of somebody who may; skips where nobody may."""
        person = person_for(self.world.people, screens, action)
        if person is None or (action in (Action.ADD, Action.CHANGE, Action.BRING_IN) and not screens.fields):
            pytest.skip(f"nobody may {action} {screens.name}")
        return self.signed_in(person)

    def test_the_list_and_the_page_of_a_row_open(self, screens: Screens) -> None:
        row, client = make_example(screens, self.world.commune_a), self.able(screens, Action.SEE)
        answer = client.get(screens.url())
        assert (answer.status_code, [line[0] for line in answer.context["lines"]]) == (200, [row])
        assert client.get(screens.url_of(row)).status_code == 200

    def test_S02_a_row_of_another_unit_is_as_if_it_were_not_there(self, screens: Screens) -> None:
        row, client = make_example(screens, self.world.commune_b), self.able(screens, Action.SEE)
        assert client.get(screens.url()).context["lines"] == []
        answers = {page: client.get(screens.url(page, pk=row.pk)).status_code for page in _pages_of_a_row(screens)}
        assert set(answers.values()) <= {404, 403}
        assert answers["detail"] == 404

    def test_S02_a_stranger_is_refused(self, screens: Screens) -> None:
        stranger = stranger_to(self.world.people, screens, Action.SEE)
        if stranger is None:
            pytest.skip("everybody may see it")
        row, client = make_example(screens, self.world.commune_a), self.signed_in(stranger)
        assert {client.get(url).status_code for url in (screens.url(), screens.url_of(row))} == {403}

    def test_a_row_is_added_and_changed_with_its_history(self, screens: Screens) -> None:
        client = self.able(screens, Action.ADD)
        person = person_for(self.world.people, screens, Action.ADD)
        values = example_values(screens, self.world.commune_a)
        answer = client.post(screens.url("create"), sent(screens, person, values))  # type: ignore[arg-type]  # somebody, as `able` found
        assert answer.status_code == 302, answer.context["form"].errors
        with across_units():
            row = screens.model._base_manager.get()
        assert [(change.kind, change.actor) for change in changes_of(row)] == [("insert", person)]

    def test_S02_a_field_that_is_not_declared_cannot_be_set(self, screens: Screens) -> None:
        client, person = self.able(screens, Action.ADD), person_for(self.world.people, screens, Action.ADD)
        values = sent(screens, person, example_values(screens, self.world.commune_a))  # type: ignore[arg-type]  # as above
        stuffed = {field.name: "1" for field in screens.model._meta.concrete_fields if field.name not in screens.fields}
        client.post(screens.url("create"), {**stuffed, **values})
        plain = make_example(screens, self.world.commune_b)
        with across_units():
            made = screens.model._base_manager.exclude(pk=plain.pk).get()
        kept = [
            field.attname
            for field in screens.model._meta.concrete_fields
            if field.name in stuffed and not field.generated and not field.primary_key and not _varies(field)
        ]
        assert {name: getattr(made, name) for name in kept} == {name: getattr(plain, name) for name in kept}

    def test_S02_an_order_a_filter_a_column_that_is_not_declared_is_an_error(self, screens: Screens) -> None:
        client = self.able(screens, Action.SEE)
        hidden = [f"?{name}=x" for name in ("id__gt", "unit__name", "password", "pk__in")]
        asked = [*hidden, "?sap=khong_co", "?cot=khong_co", "?sau=@@@", "?truoc=WzFd"]
        assert {ask: client.get(screens.url() + ask).status_code for ask in asked} == dict.fromkeys(asked, 400)

    def test_S06_a_formula_is_text_in_every_file(self, screens: Screens) -> None:
        row, client = make_example(screens, self.world.commune_a), self.able(screens, Action.TAKE_OUT)
        field = next((f for f in _text_fields(screens) if f.max_length is None or f.max_length >= len(FORMULA)), None)
        if field is None:
            pytest.skip("no text is long enough for a formula")
        screens.model._base_manager.filter(pk=row.pk).update(**{field.name: FORMULA})
        table = _body(client.get(screens.url("export-csv"))).decode("utf-8-sig")
        cells = [cell for line in csv.reader(io.StringIO(table)) for cell in line]
        assert "'" + FORMULA in cells
        assert not any(cell.startswith("=") for cell in cells)
        assert b"<f>" not in _sheet_xml(_body(client.get(screens.url("export-xlsx"))))

    def test_what_is_taken_out_comes_in_again_unchanged(self, screens: Screens) -> None:
        if not screens.key:
            pytest.skip("nothing comes in by file")
        make_example(screens, self.world.commune_a)
        client = self.able(screens, Action.BRING_IN)
        before = list(screens.model._base_manager.values())
        for kind in ("csv", "xlsx"):
            taken = _bring(client, screens, _body(client.get(screens.url(f"export-{kind}"))), f"x.{kind}")
            assert (taken.problems, taken.new_count, taken.changed_count, taken.same_count) == ([], 0, 0, 1)
            client.post(screens.url("import-take", pk=taken.pk))
        assert list(screens.model._base_manager.values()) == before

    def test_a_file_adds_rows_and_all_of_it_is_taken_back(self, screens: Screens) -> None:
        if not screens.key:
            pytest.skip("nothing comes in by file")
        client = self.able(screens, Action.BRING_IN)
        values = example_values(screens, self.world.commune_a)
        labels = [screens.labels()[name] for name in values]
        text = io.StringIO()
        csv.writer(text).writerows([labels, values.values()])
        taken = _bring(client, screens, text.getvalue().encode(), "moi.csv")
        assert (taken.problems, taken.new_count, screens.model._base_manager.count()) == ([], 1, 0)
        client.post(screens.url("import-take", pk=taken.pk))
        assert screens.model._base_manager.count() == 1
        assert set(RowChange.objects.filter(batch=taken.batch).values_list("actor", flat=True)) == {taken.by_id}
        client.post(screens.url("import-undo", pk=taken.pk))
        assert screens.model._base_manager.count() == 0

    def test_what_is_deleted_is_given_back(self, screens: Screens) -> None:
        row, client = make_example(screens, self.world.commune_a), self.able(screens, Action.DELETE)
        before = screens.model._base_manager.values().get()
        client.post(screens.url("delete", pk=row.pk))
        assert screens.model._base_manager.count() == 0
        undo = client.get(screens.url()).context["undo"]
        client.post(screens.url("undo"), {"thay_doi": undo["change"]})
        assert screens.model._base_manager.values().get() == before

    def test_the_list_is_printed_and_sampled(self, screens: Screens) -> None:
        make_example(screens, self.world.commune_a)
        client = self.able(screens, Action.TAKE_OUT)
        assert _body(client.get(screens.url("export-pdf"))).startswith(b"%PDF-")
        if screens.key and screens.fields:
            sample = self.able(screens, Action.BRING_IN).get(screens.url("import-sample"))
            assert len(read_sheet(sample.content).rows) == 1

    def test_the_api_gives_the_rows_of_the_own_units(self, screens: Screens) -> None:
        if not screens.has_api:
            pytest.skip("not in the API")
        mine, theirs = make_example(screens, self.world.commune_a), make_example(screens, self.world.commune_b)
        client = self.able(screens, Action.SEE)
        answer = client.get(f"/api/{screens.slug}")
        assert [row["id"] for row in json.loads(answer.content)["rows"]] == [mine.pk]
        assert client.get(f"/api/{screens.slug}/{mine.pk}").status_code == 200
        assert client.get(f"/api/{screens.slug}/{theirs.pk}").status_code == 404
        assert client.get(f"/api/{screens.slug}?mat_khau=1").status_code == 400


def _pages_of_a_row(screens: Screens) -> list[str]:
    from binhyen.kernel.screens.urls import urls_of

    names = [pattern.name or "" for pattern in urls_of(screens) if str(pattern.pattern).count("<int:pk>") == 1]
    pages = [name.removeprefix(f"{screens.name}-") for name in names]
    return [page for page in pages if page in ("detail", "edit", "delete")]


def _text_fields(screens: Screens) -> list[Any]:
    shown = {column.name for column in screens.shown_columns}
    texts = (models.CharField, models.TextField)
    found = [field for field in screens.model._meta.concrete_fields if isinstance(field, texts)]
    return [field for field in found if field.name in shown and not field.choices and field.name != "state"]


def _varies(field: Any) -> bool:
    """Whether two rows that are made alike may differ in it: moments, numbers that are given out, who made it."""
    return isinstance(field, models.DateTimeField) or field.unique or field.is_relation


def _body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer
    content: bytes = answer.getvalue()
    return content


def _sheet_xml(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def _bring(client: Any, screens: Screens, content: bytes, name: str) -> Import:
    answer = client.post(screens.url("import"), {"tep": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["problem"]
    return Import.objects.latest("pk")
