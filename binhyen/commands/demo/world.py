"""The made-up commune: nothing and nobody in it is real."""

from dataclasses import dataclass

from binhyen.kernel.units.roles import Role

CENTRE = (21.6340, 105.6420)  # latitude, longitude: hills in the north, where no such commune is


@dataclass(frozen=True)
class Person:
    """A made-up person with one role."""

    username: str
    full_name: str
    role: Role


@dataclass(frozen=True)
class Place:
    """Where a made-up camera stands: its code, name, tier, metres east and north of the centre, heading, and for
    a household the owner's username and address."""

    code: str
    name: str
    tier: int
    east_m: float
    north_m: float
    heading: float
    owner: str = ""
    address: str = ""


PEOPLE = (
    Person("trucban", "Nguyễn Văn Trực", Role.DUTY_OFFICER),
    Person("canbo", "Lê Thị Hòa", Role.COMMUNE_OFFICER),
    Person("dieutra", "Trần Minh Quang", Role.INVESTIGATOR),
    Person("truong", "Phạm Đức Bình", Role.CHIEF),
    Person("giamsat", "Vũ Thị Minh", Role.AUDITOR),
    Person("kythuat", "Hoàng Anh Tuấn", Role.IT_ADMIN),
    Person("chuho1", "Đặng Thị Lan", Role.CAMERA_OWNER),
    Person("chuho2", "Bùi Văn Sơn", Role.CAMERA_OWNER),
)

PLACES = (
    Place("AH-T1-01", "Ngã ba trung tâm xã", 1, 0, 0, 40),
    Place("AH-T1-02", "Cổng chợ An Hòa", 1, 180, 60, 120),
    Place("AH-T2-01", "Cổng trường tiểu học", 2, -220, 130, 200),
    Place("AH-T2-02", "Đường ven sông", 2, 260, -190, 300),
    Place("AH-T3-01", "Cổng nhà cô Lan", 3, 70, -90, 10, "chuho1", "Xóm 3, xã An Hòa"),
    Place("AH-T3-02", "Ngõ nhà chú Sơn", 3, -130, -60, 90, "chuho2", "Xóm 5, xã An Hòa"),
)

CASE_TITLE = "Mất xe máy trước cổng chợ An Hòa"
