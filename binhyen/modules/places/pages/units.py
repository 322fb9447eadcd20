"""“Đơn vị”: look one up, by a name or a code of today or of the past."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import STAFF
from binhyen.kernel.units.succession import FOUND_MAX, find_units, predecessors_of
from binhyen.modules.places.models import UnitList
from binhyen.modules.places.pages.plans import authority_in

OWN_SHOWN = 200


@require_safe
@open_to(*STAFF)
def unit_lookup(request: HttpRequest) -> HttpResponse:
    """“Xã nào nay là gì”: the answer in one line each; without a question, the person's own units."""
    words = request.GET.get("q", "").strip()[:100]
    found = find_units(words) if words else []
    context = {
        "words": words,
        "found": [(each, [] if not each.is_open else predecessors_of(each.unit)) for each in found],
        "found_max": FOUND_MAX,
        "own": [] if words else _own_units(request),
        "counts": {
            "open": Unit.objects.filter(_still()).count(),
            "closed": Unit.objects.exclude(_still()).count(),
        },
        "sources": UnitList.objects.all()[:3],
    }
    return render(request, "places/units.html", context)


def _still() -> Q:
    return Q(valid_until=None) | Q(valid_until__gt=localdate())


def _own_units(request: HttpRequest) -> list[Unit]:
    mine = Unit.objects.filter(_still(), pk__in=authority_in(request).unit_ids()).order_by("path")
    return list(mine[:OWN_SHOWN])
