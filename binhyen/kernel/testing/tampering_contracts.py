"""S02 for every register: what is guessed or changed in an address, a form, a file or a page mark opens nothing.

A foreign thing and one that does not exist must be the same answer, or the answer tells that it exists.
"""

import base64
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils.timezone import now

from binhyen.kernel.history.models import RowChange, changes_of
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.models import Import, SavedView
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.screens.urls import urls_of
from binhyen.kernel.testing.registers import every_register, example_values, make_example, person_for, sent
from binhyen.kernel.testing.world import World
from binhyen.kernel.units.authority import across_units

NOBODY = 2**40
"""A key that no row has."""

REFUSED = {403, 404}


@pytest.mark.parametrize("screens", every_register())
class TamperingContracts:
    """Each test is one way of tampering, for each register that is declared."""

    @pytest.fixture(autouse=True)
    def _stage(self, world: World, signed_in: Any) -> None:
        self.world, self.signed_in = world, signed_in
        self.other = next(iter(world.outsiders.values()))

    def able(self, screens: Screens, action: Action) -> Any:
        """A client of somebody who may; skips where nobody may."""
        person = person_for(self.world.people, screens, action)
        if person is None or (action in (Action.ADD, Action.CHANGE, Action.BRING_IN) and not screens.fields):
            pytest.skip(f"nobody may {action} {screens.name}")
        return self.signed_in(person)

    def pair(self, screens: Screens) -> tuple[Any, Any]:
        """A row of the own unit, and one of another."""
        return make_example(screens, self.world.commune_a), make_example(screens, self.world.commune_b)

    def test_S02_a_foreign_row_stays_as_it_is_however_it_is_sent_for(self, screens: Screens) -> None:
        mine, theirs = self.pair(screens)
        before, answers = _state(screens, theirs), {}
        for page, action, form in _ways(screens, theirs, mine):
            person = person_for(self.world.people, screens, action)
            if person is not None:
                url = screens.url(page, pk=theirs.pk)
                answers[page, str(form)] = self.signed_in(person).post(url, form).status_code
        assert set(answers.values()) <= REFUSED, answers
        assert _state(screens, theirs) == before

    def test_S02_a_foreign_row_among_many_is_left_out(self, screens: Screens) -> None:
        verbs = [verb for verb in screens.verbs if verb.bulk]
        if not verbs:
            pytest.skip("nothing is done with many")
        mine, theirs = self.pair(screens)
        before = _state(screens, theirs)
        for verb in verbs:
            form = {"viec": verb.name, "chon": [mine.pk, theirs.pk, NOBODY]}
            self.able(screens, verb.action).post(screens.url("bulk"), form)
        assert _state(screens, theirs) == before

    def test_S02_a_foreign_key_to_what_is_not_one_s_own_is_as_if_it_were_not_there(self, screens: Screens) -> None:
        client, person = self.able(screens, Action.ADD), person_for(self.world.people, screens, Action.ADD)
        values = sent(screens, person, example_values(screens, self.world.commune_a))  # type: ignore[arg-type]  # somebody, as `able` found
        _, theirs = self.pair(screens)
        tried = dict(_foreign_keys(screens, theirs))
        rows = screens.model._base_manager.count()
        for name, foreign in tried.items():
            answers = [client.post(screens.url("create"), {**values, name: key}) for key in (foreign, NOBODY)]
            assert [answer.status_code for answer in answers] == [422, 422], name
            problems = [answer.context["form"].errors.get_json_data() for answer in answers]
            assert problems[0] == problems[1], name
            assert name in problems[0]
        assert screens.model._base_manager.count() == rows

    def test_S02_a_row_cannot_be_moved_to_another_unit(self, screens: Screens) -> None:
        client = self.able(screens, Action.CHANGE)
        mine, theirs = self.pair(screens)
        form = client.get(screens.url("edit", pk=mine.pk)).context["form"]
        values = {name: form[name].value() for name in form.fields}
        values = {name: value for name, value in values.items() if value not in (None, "", False)}
        seen, before = changes_of(mine).values_list("pk", flat=True).first() or 0, _state(screens, mine)
        for name, foreign in _foreign_keys(screens, theirs):
            sent_form = {**values, "_seen": seen, name: foreign}
            assert client.post(screens.url("edit", pk=mine.pk), sent_form).status_code == 422, name
        assert _state(screens, mine) == before

    def test_S02_a_change_sets_no_field_that_is_not_declared(self, screens: Screens) -> None:
        client = self.able(screens, Action.CHANGE)
        mine, theirs = self.pair(screens)
        form = client.get(screens.url("edit", pk=mine.pk)).context["form"]
        values = {name: form[name].value() for name in form.fields}
        values = {name: value for name, value in values.items() if value not in (None, "", False)}
        hidden = [f for f in screens.model._meta.concrete_fields if f.name not in screens.fields and not f.generated]
        stuffed = {name: getattr(theirs, f.attname) or "1" for f in hidden for name in (f.name, f.attname)}
        before = {f.attname: getattr(mine, f.attname) for f in hidden if not isinstance(f, models.DateTimeField)}
        seen = changes_of(mine).values_list("pk", flat=True).first() or 0
        client.post(screens.url("edit", pk=mine.pk), {**stuffed, **values, "_seen": seen})
        with across_units():
            kept = screens.model._base_manager.get(pk=mine.pk)
        assert {name: getattr(kept, name) for name in before} == before

    def test_S02_a_filter_by_what_is_not_one_s_own_tells_nothing(self, screens: Screens) -> None:
        client = self.able(screens, Action.SEE)
        _, theirs = self.pair(screens)
        relations = [name for name in screens.filters if isinstance(name, str) and _is_relation(screens, name)]
        for name in relations:
            told = [
                (answer.status_code, list(answer.context["lines"]), answer.context["asked"].form.errors.get_json_data())
                for key in (getattr(theirs, f"{name}_id") or NOBODY, NOBODY)
                for answer in [client.get(screens.url(), {name: key})]
            ]
            assert told[0] == told[1], name

    def test_S02_no_way_of_taking_out_has_a_foreign_row(self, screens: Screens) -> None:
        client = self.able(screens, Action.TAKE_OUT)
        self.pair(screens)
        for question in ("", *(f"?{name}={key}" for name, key in self._of_other_units(screens))):
            content = client.get(screens.url("export-csv") + question).getvalue().decode("utf-8-sig")
            lines = [line for line in csv.reader(io.StringIO(content)) if line]
            assert len(lines) - 1 == (0 if question else 1), question
            assert self.world.commune_b.name not in content

    def _of_other_units(self, screens: Screens) -> Iterator[tuple[str, int]]:
        if "unit" in screens.filters:
            yield "unit", self.world.commune_b.pk
            yield "unit", NOBODY

    def test_S02_a_file_neither_changes_nor_adds_in_another_unit(self, screens: Screens) -> None:
        if not screens.key:
            pytest.skip("nothing comes in by file")
        client = self.able(screens, Action.BRING_IN)
        _, theirs = self.pair(screens)
        with across_units():
            values = example_values(screens, self.world.commune_b)
        before, rows = _state(screens, theirs), screens.model._base_manager.count()
        text = io.StringIO()
        csv.writer(text).writerows([[screens.labels()[name] for name in values], values.values()])
        answer = client.post(screens.url("import"), {"tep": SimpleUploadedFile("x.csv", text.getvalue().encode())})
        if answer.status_code == 302:
            taken = Import.objects.latest("pk")
            client.post(screens.url("import-take", pk=taken.pk))
            taken.refresh_from_db()
            assert (taken.new_count, taken.changed_count) == (0, 0) or taken.problems
        assert _state(screens, theirs) == before
        here = {f"{screens.policy.unit}__path__startswith": self.world.commune_a.path}
        assert screens.model._base_manager.exclude(**here).count() == 1
        assert screens.model._base_manager.count() <= rows + 1

    def test_S02_what_another_person_saved_brought_in_or_deleted_is_not_there(self, screens: Screens) -> None:
        client, unit, name = self.able(screens, Action.SEE), self.world.province, screens.name
        pages = {pattern.name for pattern in urls_of(screens)}
        view = SavedView.objects.create(user=self.other, screens=name, name="Riêng", query="", unit=unit)
        answers = [client.post(screens.url("view-delete"), {"xem": view.pk}).status_code]
        if f"{name}-import" in pages:
            bringing = self.able(screens, Action.BRING_IN)
            file = Import.objects.create(screens=name, by=self.other, file_name="x.csv", line_count=0, state="ready")
            answers.append(bringing.get(screens.url("import-one", pk=file.pk)).status_code)
            for does in ("take", "undo"):
                answers.append(bringing.post(screens.url(f"import-{does}", pk=file.pk)).status_code)
        if f"{name}-undo" in pages:
            gone = {"model": screens.model._meta.label_lower, "row": "1", "kind": "delete", "before": {}}
            change = RowChange.objects.create(at=now(), actor=self.other, **gone)
            deleting = self.able(screens, Action.DELETE)
            answers.append(deleting.post(screens.url("undo"), {"thay_doi": change.pk}).status_code)
        assert set(answers) == {404}
        assert SavedView.objects.filter(pk=view.pk).exists()

    def test_S02_page_marks_that_were_made_up_open_no_foreign_row(self, screens: Screens) -> None:
        client = self.able(screens, Action.SEE)
        _, theirs = self.pair(screens)
        with across_units():
            column = screens.order_read(screens.order).field
            field: Any = screens.model._meta.get_field(column)
            value = field.value_to_string(theirs)
        marks = [[value, theirs.pk], [value, theirs.pk - 1], [value, 0], [None, 0], ["", NOBODY], [value, {"pk": 1}],
                 [[value], "1 OR 1=1"], {"pk__gt": 0}, [value, -NOBODY], [value]]  # fmt: skip
        for mark in marks:
            text = base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")
            for place in ("sau", "truoc"):
                answer = client.get(screens.url(), {place: text})
                shown = [line[0] for line in answer.context["lines"]] if answer.status_code == 200 else []
                assert (answer.status_code in (200, 400), theirs in shown) == (True, False), (place, mark)
            if screens.has_api:
                answer = client.get(f"/api/{screens.slug}", {"sau": text})
                rows = json.loads(answer.content).get("rows", [])
                assert (answer.status_code in (200, 400), theirs.pk in [row["id"] for row in rows]) == (True, False)


def _ways(screens: Screens, theirs: Any, mine: Any) -> Iterator[tuple[str, Action, dict[str, Any]]]:
    """Every page that changes one row: its name, what it needs, and a form that would do something."""
    pages = {(pattern.name or "").removeprefix(f"{screens.name}-") for pattern in urls_of(screens)}
    if "edit" in pages:
        with across_units():
            fields: dict[str, Any] = {name: screens.model._meta.get_field(name) for name in screens.fields}
            values = {name: field.value_from_object(mine) for name, field in fields.items()}
        seen = RowChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        filled = {name: value for name, value in values.items() if value not in (None, "", False)}
        yield "edit", Action.CHANGE, {**filled, "_seen": seen}
    if "delete" in pages:
        yield "delete", Action.DELETE, {}
    if "step" in pages:
        for step in theirs.workflow.steps:
            yield "step", Action.SEE, {"buoc": step.name, "ghi_chu": "Thử"}
    for verb in screens.verbs:
        yield "verb", verb.action, {"viec": verb.name}


def _state(screens: Screens, row: Any) -> tuple[Any, int]:
    """The row as the database has it, and how often it was changed."""
    with across_units():
        return screens.model._base_manager.filter(pk=row.pk).values().first(), changes_of(row).count()


def _is_relation(screens: Screens, name: str) -> bool:
    return bool(screens.model._meta.get_field(name).is_relation)


def _foreign_keys(screens: Screens, theirs: Any) -> Iterator[tuple[str, Any]]:
    """Each relation that a form sets, with the key that the foreign row has there."""
    for name in screens.fields:
        if _is_relation(screens, name) and getattr(theirs, f"{name}_id") is not None:
            yield name, getattr(theirs, f"{name}_id")
