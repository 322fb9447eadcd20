"""`{% load shell %}`: states with a shape each, Vietnamese dates and numbers, empty lists, sorting, pages.

{% state "late" "Trễ hạn" %} · {% moment at %} · {% due at %} · {% icon "camera" %} · {{ n|vn_number }}
{% sort_header "name" "Tên" %} · {% query trang=2 %} · {% pagination page %} · {% field form.name %}
{% empty_list "camera-off" "Chưa có camera nào." %}
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now

from binhyen.web import words

register = template.Library()

STATES = {"waiting": "circle-dashed", "ontime": "clock", "late": "alert-triangle", "done": "square-check"}
"""The four states and their shapes; colour alone tells nobody anything."""
STATE_LABELS = {"waiting": "Đang chờ", "ontime": "Trong hạn", "late": "Trễ hạn", "done": "Đã xong"}
SOON = timedelta(days=1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Tabler icon beside its words; screen readers hear the words."""
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def state(kind: str, label: str = "") -> SafeString:
    """A state badge. `kind`: waiting, ontime, late, done. Raises KeyError for another."""
    shape = STATES[kind]
    return format_html(
        '<span class="state state-{}"><i class="ti ti-{}" aria-hidden="true"></i>{}</span>',
        kind,
        shape,
        label or STATE_LABELS[kind],
    )


@register.simple_tag
def moment(at: datetime | None, otherwise: str = "–") -> SafeString:
    """Relative time with the exact one on hover and for machines."""
    if at is None:
        return format_html("{}", otherwise)
    return _time(at, words.relative_words(at, now()))


@register.simple_tag
def exact(at: datetime | None, otherwise: str = "–") -> SafeString:
    """21/11/2026 14:05, for machines too."""
    return _time(at, words.moment_words(at)) if at else format_html("{}", otherwise)


@register.simple_tag
def due(due_at: datetime | None) -> SafeString:
    """A deadline as a state badge: late, or how long is left; exact time on hover."""
    if due_at is None:
        return state("waiting", "Không có hạn")
    current = now()
    if due_at < current:
        return state("late", _time(due_at, words.late_words(due_at, current)))
    left = words.relative_words(due_at, current)
    return state("waiting" if due_at - current < SOON else "ontime", _time(due_at, left))


def _time(at: datetime, text: str) -> SafeString:
    stamp = at.astimezone(words.VIETNAM).isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, words.moment_words(at, seconds=True), text)


@register.filter
def vn_date(day: date | None) -> str:
    """21/11/2026."""
    return words.date_words(day) if day else "–"


@register.filter
def vn_moment(at: datetime | None) -> str:
    """21/11/2026 14:05."""
    return words.moment_words(at) if at else "–"


@register.filter
def vn_moment_seconds(at: datetime | None) -> str:
    """21/11/2026 14:05:09."""
    return words.moment_words(at, seconds=True) if at else "–"


@register.filter
def instant(microseconds: int | None) -> datetime | None:
    """A datetime of an Instant."""
    return None if microseconds is None else words.from_instant(microseconds)


@register.filter
def vn_duration(length: timedelta | float | None) -> str:
    """2 giờ 10 phút; a number is seconds."""
    return "–" if length is None else words.duration_words(length)


@register.filter
def vn_number(value: float | Decimal | None, places: int = 0) -> str:
    """1.695."""
    return "–" if value is None else words.number_words(value, places=places)


@register.filter
def vn_percent(value: float | Decimal | None, places: int = 2) -> str:
    """96,07 % of a value in hundredths."""
    return "–" if value is None else words.percent_words(value, places=places)


@register.filter
def vn_money(dong: float | Decimal | None) -> str:
    """5.000.000 đ."""
    return "–" if dong is None else words.money_words(dong)


@register.filter
def vn_size(count: float | None) -> str:
    """1,5 GB."""
    return "–" if count is None else words.size_words(count)


@register.filter
def browser_words(user_agent: str) -> str:
    """Chrome trên Windows."""
    return words.browser_words(user_agent)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The current query string with `changes`; a value of None or "" takes a key out."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        parameters.pop(key, None)
        if value not in (None, ""):
            parameters[key] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.inclusion_tag("web/_sort_header.html", takes_context=True)
def sort_header(context: template.Context, field: str, label: str, parameter: str = "sap") -> dict[str, Any]:
    """A column head that sorts by `field`: a first press ascending, a second one descending."""
    current = context["request"].GET.get(parameter, "")
    direction = {field: "ascending", f"-{field}": "descending"}.get(current, "none")
    following = f"-{field}" if current == field else field
    address = query(context, **{parameter: following, "trang": None})
    return {"label": label, "direction": direction, "address": address}


@register.inclusion_tag("web/_empty.html")
def empty_list(icon_name: str, title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """What stands where a list has nothing: what that means, and the next thing to do."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("web/_pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], parameter: str = "trang") -> dict[str, Any]:
    """Numbered pages of a Django Paginator."""
    numbers = [
        (number, query(context, **{parameter: number}) if isinstance(number, int) else "", number == page.number)
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    ways = {
        "previous": query(context, **{parameter: page.previous_page_number()}) if page.has_previous() else "",
        "next": query(context, **{parameter: page.next_page_number()}) if page.has_next() else "",
    }
    return {"page": page, "numbers": numbers, **ways}


_CONTROL_CLASSES = {forms.CheckboxInput: "form-check-input", forms.Select: "form-select"}


@register.inclusion_tag("web/_field.html")
def field(bound: BoundField, hint: str = "", label: str = "", **attributes: str) -> dict[str, Any]:
    """A form field with label, hint and errors tied to it; `attributes` go to the control, `_` read as `-`.

    Lists of boxes are drawn as Django draws them, under the label.
    """
    widget = bound.field.widget
    hint = hint or str(bound.help_text)
    is_list = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    own = {name.replace("_", "-"): value for name, value in attributes.items()}
    own["class"] = "" if is_list else _control_class(bound, own.get("class", ""))
    own["aria-describedby"] = _described_by(bound, hint)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={name: value for name, value in own.items() if value}),
        "hint": hint,
        "label": label or bound.label,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_list": is_list,
    }


def _control_class(bound: BoundField, extra: str) -> str:
    widget = bound.field.widget
    standard = next((name for kind, name in _CONTROL_CLASSES.items() if isinstance(widget, kind)), "form-control")
    return " ".join(filter(None, [standard, widget.attrs.get("class"), extra, "is-invalid" if bound.errors else ""]))


def _described_by(bound: BoundField, hint: str) -> str:
    parts = (("hint", hint), ("error", bound.errors))
    return " ".join(f"{bound.id_for_label}_{part}" for part, is_there in parts if is_there)
