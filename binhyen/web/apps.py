"""Registers the shell."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell that modules show themselves in."""

    name = "binhyen.web"
    label = "web"
    verbose_name = "Giao diện"

    def ready(self) -> None:
        import_module("binhyen.web.pages.screens")
