"""`{% load screens %}`: {% panel panel context %} draws a part of a row's page."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from binhyen.kernel.screens.panels import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def panel(context: template.Context, part: Panel, facts: dict[str, Any]) -> SafeString:
    """The panel's template with what it asked for, beside what the page knows."""
    engine = context.template.engine if context.template else template.engines["django"].engine  # type: ignore[attr-defined]  # one of the two
    with context.push(**facts):
        return mark_safe(engine.get_template(part.template).render(context))  # noqa: S308 - a template's own output
