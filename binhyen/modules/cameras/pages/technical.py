"""“Hệ thống”: states, gaps, disks, clocks. No picture anywhere."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from binhyen.modules.cameras import queries
from binhyen.modules.cameras.pages.shared import authority_in, for_technicians


@for_technicians
def system(request: HttpRequest) -> HttpResponse:
    """The technical state; htmx asks for its middle again every ten seconds."""
    technical = queries.technical_state(authority_in(request), settings.BINHYEN_DATA)
    template = "cameras/_technical.html" if request.headers.get("HX-Request") == "true" else "cameras/technical.html"
    return render(request, template, {"technical": technical, "states": queries.states_of(technical.rows)})
