"""The trigger that keeps a table's history."""

from typing import Any

import pgtrigger
from django.db.models import GeneratedField

from binhyen.kernel.history.acting import KEPT_TABLES


class KeepHistory(pgtrigger.Trigger):
    """Keeps every change of a row in `RowChange`. `without` names fields whose values are kept out of it: sealed
    things, and what says nothing to a person. What the database computes by itself is left out anyway."""

    name = "history"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *without: str) -> None:
        self.without = without
        super().__init__()

    def get_func(self, model: Any) -> str:
        hidden = sorted(
            field.column
            for field in model._meta.local_concrete_fields
            if isinstance(field, GeneratedField) or field.name in self.without
        )
        pk = model._meta.pk.column
        return (
            f"PERFORM history_keep('{model._meta.label_lower}', '{pk}', '{{{','.join(hidden)}}}', TG_OP, "
            "to_jsonb(OLD), to_jsonb(NEW)); RETURN NULL;"
        )

    def register(self, *models_kept: Any) -> Any:
        KEPT_TABLES.update(model._meta.db_table for model in models_kept)
        return super().register(*models_kept)
