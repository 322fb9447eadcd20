"""The product's settings, and beside it Django's admin: for `binhyen bench lists`."""

from binhyen.settings import *  # noqa: F403 - all of them, and two apps more

INSTALLED_APPS = [*INSTALLED_APPS, "binhyen.bench.listed", "django.contrib.admin"]  # noqa: F405 - from the star above
ROOT_URLCONF = "binhyen.bench.listed.urls"
SILENCED_SYSTEM_CHECKS = ["admin.E403", "admin.E409", "admin.E410"]
LOGGING_CONFIG = None
