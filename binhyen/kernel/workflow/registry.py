"""Every workflow of the product: whatever model is `Stateful` has one. Nobody registers anything twice."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

from binhyen.kernel.workflow.models import Stateful
from binhyen.kernel.workflow.table import Workflow


@dataclass(frozen=True)
class Registered:
    """A workflow and the model whose rows it moves."""

    model: type[Stateful]

    @property
    def workflow(self) -> Workflow:
        return self.model.workflow

    @property
    def label(self) -> str:
        """What its things are called, with a capital: “Vụ việc”."""
        words = str(self.model._meta.verbose_name)
        return words[:1].upper() + words[1:]

    @property
    def slug(self) -> str:
        """Its name in addresses: `vu-viec`."""
        plain = unicodedata.normalize("NFD", self.label.lower().replace("đ", "d"))
        letters = "".join(each for each in plain if not unicodedata.combining(each))
        return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def workflows(models: Iterable[type] | None = None) -> list[Registered]:
    """Every workflow (of `models`: of all apps), in the order of its label."""
    known = apps.get_models() if models is None else models
    found = (Registered(model) for model in known if issubclass(model, Stateful))
    return sorted(found, key=lambda each: each.slug)


def workflow_named(slug: str) -> Registered:
    """The workflow with this name in addresses. Raises KeyError."""
    for registered in workflows():
        if registered.slug == slug:
            return registered
    raise KeyError(slug)


def registered_of(thing: Stateful) -> Registered:
    """The workflow that moves `thing`."""
    return Registered(type(thing))
