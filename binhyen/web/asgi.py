"""The ASGI application: Django for pages, the gateway for live pictures and footage."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")

from django.core.asgi import get_asgi_application  # Django reads the environment at import

application = get_asgi_application()
