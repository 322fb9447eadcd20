"""“Bản đồ mạng camera”: cameras of tiers 1 and 2 as points, households as areas of five homes and more."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from binhyen.modules.cameras import queries
from binhyen.modules.cameras.models import Tier
from binhyen.modules.cameras.network_map import map_layers, published_areas, published_on
from binhyen.modules.cameras.pages.shared import authority_in, for_officers


@for_officers
def camera_map(request: HttpRequest) -> HttpResponse:
    """The map, and the same as a table."""
    authority = authority_in(request)
    cameras, areas = queries.mapped_cameras(authority), published_areas(authority)
    context = {
        "areas": areas,
        "homes": sum(area.homes for area in areas),
        "published_on": published_on(),
        "centre": sum(camera.tier == Tier.COMMAND for camera in cameras),
        "communes": sum(camera.tier == Tier.COMMUNE for camera in cameras),
        "has_place": bool(cameras or any(area.boundary for area in areas)),
    }
    return render(request, "cameras/map.html", context)


@for_officers
def camera_map_layers(request: HttpRequest) -> HttpResponse:
    """What the map draws, as GeoJSON."""
    authority = authority_in(request)
    return JsonResponse(map_layers(authority, queries.mapped_cameras(authority)))
