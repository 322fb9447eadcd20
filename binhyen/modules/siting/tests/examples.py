"""A road of each unit, which the addresses name."""

import json
from typing import Any

from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.units.roles import Role
from binhyen.modules.siting.domain import Kind, bring_in
from binhyen.modules.siting.models import Road


def _make(setting: Setting) -> dict[str, Any]:
    latitude, longitude = setting.at
    line = {"type": "LineString", "coordinates": [[longitude, latitude], [longitude + 0.004, latitude]]}
    features = [{"type": "Feature", "geometry": line, "properties": {"name": f"Đường {setting.mark}"}}]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    bring_in(Kind.ROADS, content, unit=setting.unit, file_name="duong.geojson", source="Bài thử",
             by=setting.people[Role.CHIEF])  # fmt: skip
    return {"road": Road.objects.filter(unit=setting.unit).get()}


EXAMPLES = Examples(
    make=_make,
    by_route={("siting-take-away", "pk"): lambda things: things.road.pk},
    constants={("siting-take-away", "kind"): "duong"},
)
