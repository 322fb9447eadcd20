"""“Mã gốc đã công bố”: the log's root of every day, for anyone to keep and to compare later."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from binhyen.kernel.audit.models import DayRoot
from binhyen.kernel.units.authority import public

DAYS_PER_PAGE = 31
JSON_DAYS_MAX = 3660


@public
def roots(request: HttpRequest) -> HttpResponse:
    """Roots by day, newest first, and how to check them without trusting us."""
    page = Paginator(DayRoot.objects.all(), DAYS_PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "web/published_roots.html", {"page": page})


@public
def roots_json(request: HttpRequest) -> JsonResponse:
    """The same for programs: `{"roots": [{"day", "last_number", "root", "published_at"}]}`, newest first."""
    return JsonResponse({"roots": [_as_dict(root) for root in DayRoot.objects.all()[:JSON_DAYS_MAX]]})


def _as_dict(root: DayRoot) -> dict[str, Any]:
    return {
        "day": root.day.isoformat(),
        "last_number": root.last_number,
        "root": root.root,
        "published_at": root.published_at.isoformat(),
    }
