"""Money as whole đồng: how it is stored and how a person writes it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

_WRITTEN = re.compile(r"(\d{1,3}(\.\d{3})+|\d+)\s*(đ|đồng|vnd|vnđ)?", re.IGNORECASE)


class DongInput(forms.IntegerField):
    """2.000.000, 2000000 or 2.000.000 đ. A browser's own number field would read 5.000 as 5."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "2.000.000", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "widget": self.widget})

    def to_python(self, value: Any) -> int | None:
        """Raises ValidationError for what is no whole amount."""
        text = str(value if value is not None else "").replace("\N{NO-BREAK SPACE}", " ").strip()
        if not text:
            return None
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValidationError(f"“{text[:40]}” không phải số tiền. Hãy nhập số đồng chẵn, như 2.000.000.", "invalid")
        return int(found[1].replace(".", ""))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class DongField(models.BigIntegerField):  # type: ignore[type-arg]  # with and without null
    """An amount in đồng."""

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": DongInput, **options})
