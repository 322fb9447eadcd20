"""Every HTTP route of the product, read from the URL resolver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    """`address` is the pattern as a person reads it: /camera/<code>/."""

    address: str
    name: str
    converters: tuple[tuple[str, Any], ...]
    open_to: Any

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.converters)

    def url(self, values: dict[str, Any]) -> str:
        """The address with `values` in it."""
        converters = dict(self.converters)
        return PARAMETER.sub(lambda match: str(converters[match["name"]].to_url(values[match["name"]])), self.address)


UNDECLARED = "undeclared"
"""What `open_to` is for a view that does not say for whom it is (those of libraries)."""


def all_routes() -> list[Route]:
    """Sorted by address."""
    return sorted(_walk(get_resolver().url_patterns, "/", {}), key=lambda route: route.address)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, converters: dict[str, Any]) -> Iterator[Route]:
    for pattern in patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            raise TypeError(f"{pattern.pattern} is no path(): the access test cannot fill it in")
        address = prefix + str(pattern.pattern)
        known = {**converters, **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address, known)
            continue
        open_to = getattr(pattern.callback, "open_to", UNDECLARED)
        shown = PARAMETER.sub(lambda match: f"<{match['name']}>", address)
        yield Route(shown, pattern.name or "", tuple(known.items()), open_to)
