"""The API under /api/: each module's `api.py` brings its routers, each register its own."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from binhyen import __version__
from binhyen.kernel.screens.api import routers

MODULES = ("places", "cameras", "network", "siting", "cases", "footage", "groups", "contributions", "movement")

api = NinjaAPI(title="Bình Yên", version=__version__, docs_url=None, urls_namespace="api")
for _name in MODULES:
    if find_spec(f"binhyen.modules.{_name}.api"):
        for _prefix, _router in import_module(f"binhyen.modules.{_name}.api").ROUTERS.items():
            api.add_router(_prefix, _router)
for _prefix, _router in routers().items():
    api.add_router(_prefix, _router)

urlpatterns: list[URLPattern | URLResolver] = [path("", api.urls)]
