"""The forms that a page shows, as a browser would fill them in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

OF_THE_PAGE = {"csrfmiddlewaretoken", "_seen", "next", "cau_hoi", "area"}
"""Hidden fields that name no thing: a mark, where to go afterwards, the question of a list, a drawing."""
YES = {"", "on", "1", "True"}
"""What a box sends that names nothing."""


@dataclass
class ShownForm:
    """`choices` are the values that are offered by name; `values` is what a browser would send untouched."""

    action: str
    choices: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)


class FormReader(HTMLParser):
    """Collects the forms of a page that are sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[ShownForm] = []
        self._form: ShownForm | None = None
        self._select = ""

    def handle_starttag(self, tag, attributes):
        told = {name: value or "" for name, value in attributes}
        if tag == "form" and told.get("method", "").lower() == "post":
            self._form = ShownForm(told.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._take(tag, told)

    def _take(self, tag, told):
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "select":
            self._select = name
            self._form.choices.setdefault(name, set())
        elif tag == "option" and self._select:
            self._form.choices[self._select].add(value)
            if "selected" in told or (value and self._select not in self._form.values):
                self._form.values[self._select] = [value]
        elif tag == "input" and name:
            self._input(told.get("type", "text"), name, value, "checked" in told)

    def _input(self, kind, name, value, checked):
        if kind == "hidden" and name not in OF_THE_PAGE:
            self._form.choices[name] = {value}
        if kind == "radio" or (kind == "checkbox" and value not in YES):
            self._form.choices.setdefault(name, set()).add(value)
            if checked or (kind == "radio" and name not in self._form.values):
                self._form.values[name] = [value]
        elif kind not in ("submit", "button", "file", "image") and (kind != "checkbox" or checked):
            self._form.values[name] = [value or "1"]

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def forms_of(page: str) -> list[ShownForm]:
    reader = FormReader()
    reader.feed(page)
    return reader.forms
