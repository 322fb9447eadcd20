"""The rows behind a figure, and the address that opens the register with exactly these."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from binhyen.kernel.measures.contributions import day_of, holder_of, holding_model, may_have_stayed, rows_of
from binhyen.kernel.measures.declaration import Measure, measure_of, registered
from binhyen.kernel.measures.periods import Period
from binhyen.kernel.screens.declaration import screens_of
from binhyen.kernel.screens.filters import Filter
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Stay, Unit

PARAMETER = "so_lieu"


@dataclass(frozen=True)
class Place:
    """Which figure: of what, where, when, of which kind (None: all of them)."""

    measure: Measure
    unit: Unit
    period: Period
    kind: str | None = None

    def __str__(self) -> str:
        parts = [self.measure.code, str(self.unit.pk), self.period.code]
        return "~".join(parts if self.kind is None else [*parts, self.kind])

    @classmethod
    def read(cls, text: str) -> "Place":
        """What `str` wrote. Raises ValueError, with a sentence where the person can do something."""
        try:
            code, unit, period, *kind = text.split("~", 3)
            return cls(measure_of(code), Unit.objects.get(pk=int(unit)), Period.parse(period), *kind)
        except (KeyError, Unit.DoesNotExist, OverflowError) as error:
            raise ValueError(f"Không có số liệu “{text[:60]}”.") from error

    @property
    def words(self) -> str:
        """“Tổ tự quản, Thôn, Năm 2022, Công an xã An Hòa”."""
        kind = dict(self.measure.kind_choices).get(self.kind, self.kind) if self.kind is not None else None
        return ", ".join(filter(None, (self.measure.name, kind, self.period.label, self.unit.name)))

    def rows(self) -> "QuerySet[Any, Any]":
        """The rows that the figure counts."""
        measure, period = self.measure, self.period
        rows: QuerySet[Any, Any] = rows_of(measure)
        if self.kind is not None and measure.kinds:
            rows = rows.filter(**{measure.kinds.field: self.kind})
        if measure.on:
            rows = rows.annotate(flow_day=day_of(measure, measure.on))
            rows = rows.filter(flow_day__gte=period.first, flow_day__lte=period.last)
            return self._here(rows, F("flow_day"))
        still = Q(stock_until__isnull=True) | Q(stock_until__gt=period.last)
        return self._here(rows.filter(still, stock_since__lte=period.last), Value(period.last))

    def _here(self, rows: "QuerySet[Any, Any]", day: Any) -> "QuerySet[Any, Any]":
        """Those that were the unit's, or of one below it, on `day`."""
        path = f"{self.measure.unit}__path"
        label = holding_model(self.measure)._meta.label_lower
        if not may_have_stayed(self.measure) or not Stay.objects.filter(model=label).exists():
            return rows.filter(**{f"{path}__startswith": self.unit.path})
        left_after = Stay.objects.filter(
            model=label, row=OuterRef(holder_of(self.measure)), until__gt=OuterRef("at_day")
        )
        stood = Coalesce(Subquery(left_after.order_by("until", "pk").values("unit__path")[:1]), F(path))
        here: QuerySet[Any, Any] = rows.annotate(at_day=day).annotate(stood=stood)
        return here.filter(stood__startswith=self.unit.path)


class Links:
    """Where the rows behind figures are, for one person; a page asks for thousands."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._list_of, self._sees = cache(self._find_list), cache(self._find_sees)

    def url_of(self, place: Place) -> str | None:
        """The address of the rows behind one figure; None where this person may not see all of them."""
        address = self._list_of(place.measure)
        if address is None or not self._sees(place.measure, place.unit):
            return None
        return f"{address}?{PARAMETER}={quote(str(place))}"

    def _find_list(self, measure: Measure) -> str | None:
        screens = None if measure.is_ratio else screens_of(measure.model)
        return screens.url() if screens is not None and screens.policy.roles(Action.SEE) else None

    def _find_sees(self, measure: Measure, unit: Unit) -> bool:
        screens = screens_of(measure.model)
        return screens is not None and screens.policy.sees_all_of(self._authority, unit)


class PlaceSelect(forms.Select):
    """One figure, which a link chose, or all rows."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """“Tất cả”, and the figure in words."""
        self.choices = [("", "Tất cả"), *((each, _words(each)) for each in value if each)]
        return super().optgroups(name, value, attrs)


class PlaceField(forms.Field):
    """Gives a `Place`, or None."""

    widget = PlaceSelect

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        super().__init__(label="Số liệu", required=False)

    def clean(self, value: Any) -> Place | None:
        """Raises ValidationError where the link is damaged, or leads to other rows."""
        if not value:
            return None
        try:
            place = Place.read(str(value))
        except ValueError as error:
            raise ValidationError("Đường dẫn của số liệu không đúng. Hãy mở lại từ trang có số liệu đó.") from error
        if place.measure.is_ratio or place.measure.model is not self.model:
            raise ValidationError("Số liệu này không lấy từ danh sách này. Hãy mở lại từ trang có số liệu đó.")
        return place


def _words(text: str) -> str:
    try:
        return Place.read(text).words
    except ValueError:
        return text


def filter_for(model: type[models.Model]) -> Filter | None:
    """The filter that the links of figures use, for the list of a model that is counted."""
    if not any(measure.model is model for measure in registered() if not measure.is_ratio):
        return None
    fields: dict[str, forms.Field] = {PARAMETER: PlaceField(model)}
    return Filter(PARAMETER, lambda authority: fields, _narrowed, is_shown=False, said=_said)


def _said(values: dict[str, Any]) -> str:
    place: Place | None = values.get(PARAMETER)
    return "" if place is None else f"Những dòng được tính vào số liệu: {place.words}."


def _narrowed(rows: "QuerySet[Any]", values: dict[str, Any]) -> "QuerySet[Any]":
    place: Place | None = values.get(PARAMETER)
    return rows if place is None else rows.filter(pk__in=place.rows().values("pk"))
