"""What people are told: that a meeting gave them something to do."""

from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.roles import GROUP_ROLES, OFFICERS

TASK_GIVEN = add_topic(
    Topic(
        "movement.task-given",
        "Được giao việc sau cuộc họp",
        "vì biên bản một cuộc họp ghi anh/chị làm việc này",
        channels=("inapp", "email"),
        roles=OFFICERS | GROUP_ROLES,
    )
)
