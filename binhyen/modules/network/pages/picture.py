"""“Sơ đồ mạng”: the network as a picture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from binhyen.modules.network.drawing import picture
from binhyen.modules.network.graph.reaching import hanging_behind
from binhyen.modules.network.pages.shared import authority_in, for_readers
from binhyen.modules.network.wiring import wiring_for


@require_safe
@for_readers
def picture_page(request: HttpRequest) -> HttpResponse:
    """Devices in columns by how many lines they are from the centre."""
    wiring = wiring_for(authority_in(request))
    lit = wiring.graph.reached()
    context = {
        "wiring": wiring,
        "picture": picture(wiring) if wiring.devices else "",
        "only_ways": len(hanging_behind(wiring.graph)),
        "apart": [device for pk, device in wiring.devices.items() if pk not in lit],
    }
    return render(request, "network/picture.html", context)
