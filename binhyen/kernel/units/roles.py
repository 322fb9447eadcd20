"""The roles that a member of a unit can have."""

from django.db import models


class Role(models.TextChoices):
    """What a member does in the unit. A person may hold several, each with its own dates."""

    DUTY_OFFICER = "duty_officer", "Trực ban"
    COMMUNE_OFFICER = "commune_officer", "Cán bộ công an xã"
    INVESTIGATOR = "investigator", "Điều tra viên"
    CHIEF = "chief", "Trưởng công an"
    CAMERA_OWNER = "camera_owner", "Chủ camera"
    AUDITOR = "auditor", "Người giám sát nhật ký"
    IT_ADMIN = "it_admin", "Quản trị kỹ thuật"
    GROUP_LEADER = "group_leader", "Tổ trưởng tổ tự quản"
    GROUP_MEMBER = "group_member", "Tổ viên tổ tự quản"


OFFICERS = frozenset({Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF})
"""Those who do police work with pictures and cases."""

GROUP_ROLES = frozenset({Role.GROUP_LEADER, Role.GROUP_MEMBER})
"""People of a self-managed group: they see their own group, and nothing else of the unit."""

STAFF = OFFICERS | {Role.AUDITOR, Role.IT_ADMIN}
"""Everyone who works for the station; they sign in with a second factor."""
