"""Measures by what they are about: the module that declared them."""

from collections.abc import Iterable

from binhyen.kernel.measures import Measure


def subject_of(measure: Measure) -> str:
    """“Tổ tự quản”: the name of the module whose table is counted."""
    return str(measure.model._meta.app_config.verbose_name)


def by_subject(measures: Iterable[Measure]) -> list[tuple[str, list[Measure]]]:
    """The subjects in the order of their names; of each its counts, then the shares that are made of them."""
    found: dict[str, list[Measure]] = {}
    for measure in sorted(measures, key=lambda each: each.is_ratio):
        found.setdefault(subject_of(measure), []).append(measure)
    return sorted(found.items())
