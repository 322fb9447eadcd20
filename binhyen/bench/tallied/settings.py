"""The product's settings, and the table: for `binhyen bench measures`."""

from binhyen.settings import *  # noqa: F403 - all of them, and one app more

INSTALLED_APPS = [*INSTALLED_APPS, "binhyen.bench.tallied"]  # noqa: F405 - from the star above
LOGGING_CONFIG = None
