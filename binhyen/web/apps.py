"""Registers the shell."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell that modules show themselves in."""

    name = "binhyen.web"
    label = "web"
    verbose_name = "Giao diện"
