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
    Person("totruong", "Lý Văn Hải", Role.GROUP_LEADER),
    Person("tovien", "Ma Thị Xuân", Role.GROUP_MEMBER),
)

CHIEF_OF_A_STORY = Person("chihuy", "Lý Thị Thanh", Role.CHIEF)
"""Reads the report of a story's units."""


@dataclass(frozen=True)
class Team:
    """A made-up self-managed group: its members (the leader first), cameras that nobody has connected."""

    code: str
    name: str
    hamlet: str
    members: tuple[str, ...]
    cameras: int


TEAMS = (
    Team(
        "01", "Tổ tự quản xóm Chợ", "Xóm Chợ",
        ("Lý Văn Hải", "Ma Thị Xuân", "Hoàng Văn Thắng", "Nông Thị Bích", "Triệu Văn Khoa", "Dương Thị Hạnh",
         "Chu Văn Lợi"), 2,
    ),
    Team("02", "Tổ tự quản xóm Ven Sông", "Xóm Ven Sông",
         ("Lường Văn Đạt", "Hà Thị Nga", "Phùng Văn Minh", "Tạ Thị Loan", "Đinh Văn Quý", "La Thị Thu"), 4),
    Team("03", "Tổ tự quản xóm Đồi Chè", "Xóm Đồi Chè",
         ("Bế Văn Toàn", "Mông Thị Yến", "Lục Văn Cường", "Vi Thị Duyên", "Sầm Văn Phú"), 3),
)  # fmt: skip
ACCOUNTS = {"Lý Văn Hải": "totruong", "Ma Thị Xuân": "tovien"}
TEAM_CAMERAS = ("BA-T1-02", "BA-T2-01")
"""The station's own cameras in the first team's cluster."""
TEAM_HOUSEHOLD = "chuho1"
"""Whose camera the first team counts, by the owner's own choice."""

CASE_TITLE = "Mất xe máy trước cổng chợ Bình An"
