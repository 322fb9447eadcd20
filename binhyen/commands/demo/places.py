"""Where the made-up cameras stand. Imports no Django: the supervisor reads it."""

from dataclasses import dataclass

CENTRE = (21.6340, 105.6420)  # latitude, longitude: hills in the north, where no such commune is
SIMULATED = "story-cameras.json"
"""In the station's run folder: cameras of a story of which a made-up recorder tells the state."""


@dataclass(frozen=True)
class Place:
    """Where a made-up camera stands: the scene it shows, its code, name, tier, metres east and north of the centre,
    heading, and for a household the owner's username and address (its code is drawn at random)."""

    scene: str
    code: str
    name: str
    tier: int
    east_m: float
    north_m: float
    heading: float
    owner: str = ""
    address: str = ""


PLACES = (
    Place("nga-tu", "BA-T1-01", "Ngã tư chợ Bình An", 1, 0, 0, 40),
    Place("cong-cho", "BA-T1-02", "Cổng chợ Bình An", 1, 120, 40, 120),
    Place("cong-truong", "BA-T2-01", "Cổng trường tiểu học", 2, -220, 130, 200),
    Place("ven-song", "BA-T2-02", "Đường ven sông", 2, 260, -190, 300),
    Place("duong-lang", "", "Cổng nhà cô Lan", 3, 70, -90, 10, "chuho1", "Xóm 3, xã Bình An"),
    Place("ngo-12", "", "Ngõ nhà chú Sơn", 3, -130, -60, 90, "chuho2", "Xóm 5, xã Bình An"),
)
