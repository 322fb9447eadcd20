"""`Measure`: what a number counts, said once.

    class SessionsHeld(Measure):
        code, name = "buoi-tuyen-truyen", "Buổi tuyên truyền"
        definition = "Số buổi tuyên truyền đã tổ chức trong kỳ."
        owner = "Đội Xây dựng phong trào"
        what = Count(Session, where=Q(state="held"))
        on = "held_on"

Declaring the class registers it; a module does so in its `measures.py`. Mistakes raise while the station starts.
"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from binhyen.kernel.units.models import Unit
from binhyen.kernel.vietnamese.numbers import Rounding

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CODE_CHARS_MAX = 60
FORMATS = {"count": 0, "dong": 0, "percent": 2}
"""Formats with the decimals that they show unless a measure says otherwise."""


@dataclass(frozen=True)
class Count:
    """How many rows of `model`."""

    model: type[models.Model]
    where: Q | None = None


@dataclass(frozen=True)
class Sum:
    """The sum of `field` over rows of `model`; rows without a value add nothing."""

    model: type[models.Model]
    field: str
    where: Q | None = None


@dataclass(frozen=True)
class Ratio:
    """`part` in hundredths of `whole`."""

    part: "type[Measure]"
    whole: "type[Measure]"


@dataclass(frozen=True)
class By:
    """A dimension: a field with choices, or one that leads to it (`group__kind`)."""

    field: str


_registry: dict[str, "Measure"] = {}


def registered() -> list["Measure"]:
    """Every measure that modules have declared, by code."""
    return [_registry[code] for code in sorted(_registry)]


def measure_of(code: str) -> "Measure":
    """The measure with this code. Raises KeyError."""
    return _registry[code]


class Measure:
    """One number. Class attributes are the declaration."""

    code: ClassVar[str]
    """Its name in addresses and in the cells; stays for ever."""
    name: ClassVar[str]
    definition: ClassVar[str]
    """One or two sentences: what is counted, what is not, when."""
    owner: ClassVar[str]
    version: ClassVar[int] = 1
    """Goes up when the definition changes: what was signed before keeps its own."""
    what: ClassVar[Count | Sum | Ratio]
    unit: ClassVar[str] = "unit"
    """Leads from a row to its unit: "unit", "group__unit"."""
    since: ClassVar[str] = ""
    until: ClassVar[str] = ""
    """A stock: rows that are there at the period's end, from `since` on, no longer on the day `until`."""
    on: ClassVar[str] = ""
    """A flow: rows whose day lies in the period."""
    kinds: ClassVar[By | None] = None
    people: ClassVar[bool] = False
    """Counts people: what is less than five is hidden, and what would give it away."""
    format: ClassVar[str] = "count"
    places: ClassVar[int | None] = None
    """Decimals shown; None: as many as its format has."""
    rounding: ClassVar[Rounding] = Rounding.HALF_UP

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" in vars(cls):
            register(cls())

    def __init__(self) -> None:
        self._check_words()
        if isinstance(self.what, Ratio):
            for each in (self.what.part, self.what.whole):
                if isinstance(each.what, Ratio):
                    raise TypeError(f"{self.code}: a ratio of ratios ({each.code})")
        else:
            self._check_fields(self.what)

    # --- what it is --------------------------------------------------------------------------------------------------
    @property
    def is_ratio(self) -> bool:
        return isinstance(self.what, Ratio)

    @property
    def is_stock(self) -> bool:
        """Counts what is there at the period's end."""
        if isinstance(self.what, Ratio):
            return measure_of(self.what.part.code).is_stock
        return bool(self.since)

    @property
    def model(self) -> type[models.Model]:
        """The table that it counts; for a ratio that of its part."""
        return self.what.part.what.model if isinstance(self.what, Ratio) else self.what.model  # type: ignore[union-attr]  # a part is no ratio, as checked

    @property
    def counts_people(self) -> bool:
        """Whether small values are hidden; for a ratio, where one of its parts is about people."""
        parts = (self.what.part, self.what.whole) if isinstance(self.what, Ratio) else (type(self),)
        return any(each.people for each in parts)

    @property
    def decimals(self) -> int:
        return FORMATS[self.shown_as] if self.places is None else self.places

    @property
    def shown_as(self) -> str:
        """ "count", "dong" or "percent"."""
        return "percent" if self.is_ratio else self.format

    @property
    def kind_choices(self) -> list[tuple[str, str]]:
        """The kinds with their labels; empty where it has no such dimension."""
        if self.kinds is None:
            return []
        from binhyen.kernel.screens.columns import choices_of

        return choices_of(self.field(self.kinds.field))

    @property
    def date_fields(self) -> tuple[str, ...]:
        return tuple(name for name in (self.on, self.since, self.until) if name)

    def field(self, path: str) -> Any:
        """The model's field that `path` leads to. Raises TypeError where there is none, or one that has many rows."""
        model: Any = self.model
        found: Any = None
        for step in path.split("__"):
            if found is not None:
                model = found.related_model
            try:
                found = model._meta.get_field(step)
            except (FieldDoesNotExist, AttributeError) as error:
                raise TypeError(f"{self.code}: {self.model.__name__} has no field {path!r}") from error
            if found.many_to_many or found.one_to_many or (found.auto_created and not found.concrete):
                raise TypeError(f"{self.code}: {path!r} leads to many rows")
        return found

    # --- checks ------------------------------------------------------------------------------------------------------
    def _check_words(self) -> None:
        if not _CODE.fullmatch(self.code) or len(self.code) > CODE_CHARS_MAX:
            raise TypeError(f"{self.code!r} is no code: small letters, digits and hyphens, at most {CODE_CHARS_MAX}")
        missing = [name for name in ("name", "definition", "owner") if not str(getattr(self, name, "")).strip()]
        if missing or not hasattr(self, "what"):
            raise TypeError(f"{self.code}: say {', '.join(missing) or 'what'}")
        if self.version < 1 or self.format not in FORMATS:
            raise TypeError(f"{self.code}: version {self.version}, format {self.format!r}")

    def _check_fields(self, what: Count | Sum) -> None:
        if bool(self.on) == bool(self.since) or (self.until and not self.since):
            raise TypeError(f"{self.code}: say either on, or since with until where rows end")
        if self.field(self.unit).related_model is not Unit:
            raise TypeError(f"{self.code}: {self.unit!r} does not lead to a unit")
        for name in self.date_fields:
            if not isinstance(self.field(name), models.DateField):
                raise TypeError(f"{self.code}: {name!r} is no date")
        if isinstance(what, Sum) and not isinstance(self.field(what.field), models.IntegerField | models.DecimalField):
            raise TypeError(f"{self.code}: {what.field!r} cannot be summed exactly")
        if self.kinds is not None and not self.kind_choices:
            raise TypeError(f"{self.code}: {self.kinds.field!r} has no choices")
        if self.on and not self._is_indexed(self.on):
            raise TypeError(f"{self.code}: no index of {what.model.__name__} begins with {self.on!r} (or the unit)")

    def _is_indexed(self, name: str) -> bool:
        """Whether the rows of a period are found without reading all: by its date, alone or after the unit."""
        meta: Any = self.model._meta
        first = name.split("__")[0]
        if first != name or meta.get_field(name).db_index or meta.get_field(name).unique:
            return True  # through a foreign key: that has an index
        above = self.unit.split("__")[0]
        lists = [list(index.fields) for index in meta.indexes if index.condition is None]
        cleaned = [[each.lstrip("-") for each in fields] for fields in lists]
        return any(fields[:1] == [name] or fields[:2] == [above, name] for fields in cleaned)


def register(measure: Measure) -> None:
    """Put into the registry; done by declaring the class."""
    if measure.code in _registry:
        raise ValueError(f"there is already a measure {measure.code!r}")
    _registry[measure.code] = measure


def forget(measure: Measure) -> None:
    """Take out again what a test has declared."""
    del _registry[measure.code]
