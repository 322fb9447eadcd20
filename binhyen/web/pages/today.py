"""“Hôm nay”: what waits for me, by when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from binhyen.kernel.screens import work_for
from binhyen.kernel.units.authority import open_to


@open_to()
def today(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    return render(request, "web/today.html", {"work": work_for(request.authority)})  # type: ignore[attr-defined]  # set by AuthorityMiddleware
