"""Tables of groups: registers, rotas, patrols."""

from binhyen.modules.groups.models.patrols import CheckIn, Patrol, PatrolMember
from binhyen.modules.groups.models.registers import ClusterCamera, Group, Leave, Member, MemberPhone
from binhyen.modules.groups.models.rotas import Duty, Rota, Shift, Swap

__all__ = [
    "CheckIn", "ClusterCamera", "Duty", "Group", "Leave", "Member", "MemberPhone", "Patrol", "PatrolMember", "Rota",
    "Shift", "Swap",
]  # fmt: skip
