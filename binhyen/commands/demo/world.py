"""The made-up commune: nothing and nobody in it is real."""

from dataclasses import dataclass

from binhyen.kernel.units.roles import Role


@dataclass(frozen=True)
class Person:
    """A made-up person with one role."""

    username: str
    full_name: str
    role: Role


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

CHIEF_OF_A_STORY = Person("chihuy", "Lý Thị Thanh", Role.CHIEF)
"""Reads the report of a story's units."""

CASE_TITLE = "Mất xe máy trước cổng chợ Bình An"
