"""`Screens`: what a register looks like and who may do what with it, said once.

    class RadioScreens(Screens):
        model, slug, icon = Radio, "bo-dam", "device-mobile"
        columns = "serial", "holder", "condition", "checked_on", "unit"
        filters = "condition", "checked_on", "unit"
        fields = "unit", "serial", "holder", "condition", "checked_on"
        key = ("unit", "serial")
        policy = UnitPolicy(see=OFFICERS, change={Role.CHIEF})
        example = {"serial": "VHF-01", "holder": "Tổ 1", "condition": "Tốt", "checked_on": "21/11/2026"}

Declaring the class is registering it; a module does so in its `screens.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.db import models
from django.http import HttpResponse
from django.urls import reverse

from binhyen.kernel.history import KeepHistory
from binhyen.kernel.screens.columns import Column, column_of, label_of
from binhyen.kernel.screens.filters import Filter, filter_of
from binhyen.kernel.screens.menu import MenuEntry, MenuGroup, add_menu_entry
from binhyen.kernel.screens.paging import Order
from binhyen.kernel.screens.panels import Facts, History, Panel
from binhyen.kernel.screens.policy import Action, UnitPolicy
from binhyen.kernel.screens.search import SearchField
from binhyen.kernel.screens.today import WorkItem, add_work_source
from binhyen.kernel.screens.verbs import Verb
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.workflow.advance import advance

View = Callable[..., HttpResponse]
Choices = Callable[[Authority], "models.QuerySet[Any]"]

_registry: dict[str, "Screens"] = {}


def all_screens() -> list["Screens"]:
    """Every register that modules have declared, by name."""
    return [_registry[name] for name in sorted(_registry)]


def screens_of(model: type[models.Model]) -> "Screens | None":
    """The screens of a model, where it has any."""
    return next((screens for screens in _registry.values() if screens.model is model), None)


class Screens:
    """One register. Class attributes are the declaration; methods may be overridden."""

    model: ClassVar[type[models.Model]]
    slug: ClassVar[str]
    """The first part of every address: a Vietnamese word without marks, `tai-san`."""
    policy: ClassVar[UnitPolicy]
    columns: ClassVar[tuple[str | Column, ...]]
    filters: ClassVar[tuple[str | Filter, ...]] = ()
    order: ClassVar[str] = "-pk"
    """What sorts the list at first; the model needs an index for it."""
    fields: ClassVar[tuple[str, ...]] = ()
    """What a form or a file may set; anything else cannot be set from outside."""
    key: ClassVar[tuple[str, ...]] = ()
    """Fields that together tell which row a line of a file means. Without it a file only adds."""
    choices: ClassVar[Mapping[str, Choices]] = {}
    """What a form offers for a foreign key that leads neither to a unit nor to rows scoped by unit."""
    panels: ClassVar[tuple[Panel, ...]] = (Facts(), History())
    verbs: ClassVar[tuple[Verb, ...]] = ()
    example: ClassVar[Mapping[str, str]] = {}
    """One row as a person would write it into a file: the sample file, and what the contract tests work with."""
    icon: ClassVar[str] = "table"
    position: ClassVar[int | None] = 60
    """Place in the menu; None: not in the menu."""
    menu_group: ClassVar[MenuGroup | None] = None
    """The subject under which a person with many entries finds it."""
    has_api: ClassVar[bool] = True
    list_view: ClassVar[View | None] = None
    detail_view: ClassVar[View | None] = None
    create_view: ClassVar[View | None] = None
    edit_view: ClassVar[View | None] = None
    """A plain view `(request, ...)` in the place of a generated page: wrap it in `staticmethod`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "model"):
            register(cls())

    def __init__(self) -> None:
        self.name = self.model._meta.model_name or ""
        self.shown_columns = tuple(self._column(each) for each in self.columns)
        self.shown_filters = tuple(
            filter_of(self.model, each, self) if isinstance(each, str) else each for each in self.filters
        )
        self.search = next((f.name for f in self.model._meta.fields if isinstance(f, SearchField)), "")
        sorts = {column.name: column.sort for column in self.shown_columns if column.sort}
        self.sorts = {**sorts, "pk": self.model._meta.pk.name if self.model._meta.pk else "id"}
        self._check()

    def _column(self, each: str | Column) -> Column:
        return column_of(self.model, each) if isinstance(each, str) else each

    def _check(self) -> None:
        if not any(isinstance(trigger, KeepHistory) for trigger in getattr(self.model._meta, "triggers", ())):
            raise TypeError(f"{self.model.__name__} keeps no history: triggers = [KeepHistory()] in its Meta")
        if self.order.removeprefix("-") not in self.sorts:
            raise TypeError(f"{self.name}: no index sorts by {self.order!r}")
        for name in (*self.fields, *(each for each in self.filters if isinstance(each, str))):
            self._check_field(name)

    def _check_field(self, name: str) -> None:
        field: Any = self.model._meta.get_field(name)
        if not field.is_relation or name in self.choices or field.related_model is Unit:
            return
        # A manager of django-scopes shows rows of the person's units only.
        is_scoped = hasattr(field.related_model._default_manager, "with_scopes_disabled")
        if not is_scoped and screens_of(field.related_model) is None:
            raise TypeError(f"{self.name}.{name}: say in `choices` which rows a person may choose")

    def choosable(self, name: str, authority: Authority, action: Action) -> "models.QuerySet[Any]":
        """The rows that a foreign key may be set to, or filtered by, by this person."""
        if name in self.choices:
            return self.choices[name](authority)
        related: Any = self.model._meta.get_field(name).related_model
        if related is Unit:
            if action is not Action.SEE:
                return self.policy.units(authority, action)
            units = Unit.objects.filter(pk__in=authority.unit_ids(self.policy.roles(action)))
            return units.order_by("path")  # type: ignore[no-any-return]  # treebeard is untyped
        theirs = screens_of(related)
        return theirs.rows(authority) if theirs else related._default_manager.all()

    # --- words -------------------------------------------------------------------------------------------------------
    @property
    def label(self) -> str:
        """ "bộ đàm": one of them."""
        return str(self.model._meta.verbose_name)

    @property
    def title(self) -> str:
        """ "Bộ đàm": the register."""
        name = str(self.model._meta.verbose_name_plural)
        return name[:1].upper() + name[1:]

    @property
    def empty_title(self) -> str:
        return f"Chưa có {self.label} nào."

    @property
    def add_label(self) -> str:
        return f"Thêm {self.label}"

    def labels(self) -> dict[str, str]:
        """How each field is called, by name."""
        return {field.name: label_of(field) for field in self.model._meta.concrete_fields}

    def of(self, model: type[models.Model]) -> "Screens | None":
        """The screens of another model, where it has any."""
        return screens_of(model)

    # --- rows --------------------------------------------------------------------------------------------------------
    def rows(self, authority: Authority, action: Action = Action.SEE) -> "models.QuerySet[Any]":
        """The rows with which the person may do `action`, with what the list shows of other tables."""
        every = self.model._default_manager.all()
        joined = [f.name for f in self.model._meta.fields if f.is_relation and f.name in self._named_columns()]
        rows = self.policy.restrict(authority, action, every)
        rows = rows.select_related(*joined) if joined else rows
        return rows.defer(self.search) if self.search else rows

    def _named_columns(self) -> set[str]:
        return {column.name for column in self.shown_columns} | {self.policy.unit.split("__")[0]}

    def order_read(self, text: str) -> Order:
        """The order that `name` or `-name` stands for. Raises KeyError for one that is not declared."""
        return Order(self.sorts[text.removeprefix("-")], text.startswith("-"))

    # --- what a module may replace -----------------------------------------------------------------------------------
    def save(self, row: Any, *, by: Any, is_new: bool) -> None:
        """Write a row that a form or a file has filled. A module numbers or stamps it here."""
        if is_new and hasattr(row, "workflow") and not row.state:
            row.state = row.workflow.start
        row.save()

    def delete(self, row: Any, *, by: Any) -> None:
        """Take a row away; the history can give it back. May raise Refused."""
        row.delete()

    def step(self, row: Any, name: str, *, by: Any, note: str) -> Any:
        """Take a step of the row's workflow and give the row. A module adds what goes with it. May raise Refused."""
        return advance(row, name, by=by, note=note)

    def waits(self, authority: Authority) -> Iterable[WorkItem]:
        """What of this waits for the person on “Hôm nay”."""
        return ()

    # --- addresses ---------------------------------------------------------------------------------------------------
    def url(self, page: str = "list", **parameters: Any) -> str:
        """The address of a page: list, detail, create, edit, delete, export-csv, import…"""
        return reverse(f"{self.name}-{page}", kwargs=parameters)

    def url_of(self, row: models.Model) -> str:
        """The address of one row."""
        return self.url("detail", pk=row.pk)


def register(screens: Screens) -> None:
    """Put into the registry, the menu and “Hôm nay”; done by declaring the class."""
    if screens.name in _registry:
        raise ValueError(f"there are already screens named {screens.name!r}")
    _registry[screens.name] = screens
    if screens.position is not None:
        roles = screens.policy.roles(Action.SEE)
        name = f"{screens.name}-list"
        entry = MenuEntry(screens.title, name, screens.icon, screens.position, frozenset(roles), screens.menu_group)
        add_menu_entry(entry)
    if type(screens).waits is not Screens.waits:
        add_work_source(screens.waits)


def forget(screens: Screens) -> None:
    """Take out again what a test has declared."""
    from binhyen.kernel.screens import menu, today

    del _registry[screens.name]
    menu._entries.pop(f"{screens.name}-list", None)
    today._sources[:] = [source for source in today._sources if getattr(source, "__self__", None) is not screens]


def action_words(action: str) -> str:
    """“Sửa bộ đàm” for `radios.radio.change` in the activity log; empty where it is none of a register's."""
    label, _, verb = action.rpartition(".")
    screens = next((each for each in _registry.values() if each.model._meta.label_lower == label), None)
    if screens is None:
        return ""
    said = {"create": "Thêm", "change": "Sửa", "delete": "Xóa", "undo": "Hoàn tác", "import": "Nhập từ tệp",
            "export": "Tải danh sách"}  # fmt: skip
    own = {each.name: each.label for each in screens.verbs}
    return own.get(verb) or (f"{said[verb]}: {screens.label}" if verb in said else "")
