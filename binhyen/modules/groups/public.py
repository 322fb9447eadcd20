"""What other modules use of this one; they import nothing else of it.

- **Tables**: `Group`, `Member`, `ClusterCamera`, `Leave`; `members_on(group, day)`, `cameras_on(group, day)`.
- **Who may**: `OwnGroup`, a policy of registers whose rows belong to a group: officers by unit, people of a group see
  the own one only; `leads(authority, group)`, `group_ids_of(authority)`.
- **A group's page**: `add_group_panel(panel)`; entries of the menu stand under `MENU`.
- **Doing**: `found_group`, `add_member`, `add_to_cluster`.

A foreign key to a group is written `"groups.Group"`.
"""

from binhyen.modules.groups.domain import add_member, add_to_cluster, found_group
from binhyen.modules.groups.models import ClusterCamera, Group, Leave, Member
from binhyen.modules.groups.panels import MENU, GroupPanel, add_group_panel
from binhyen.modules.groups.queries import cameras_on, members_on
from binhyen.modules.groups.rules import MANAGERS, READERS, OwnGroup, group_ids_of, leads

__all__ = [
    "MANAGERS",
    "MENU",
    "READERS",
    "ClusterCamera",
    "Group",
    "GroupPanel",
    "Leave",
    "Member",
    "OwnGroup",
    "add_group_panel",
    "add_member",
    "add_to_cluster",
    "cameras_on",
    "found_group",
    "group_ids_of",
    "leads",
    "members_on",
]
