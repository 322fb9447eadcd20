"""What people are told of plans."""

from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.places.workflow import SECONDS

PLAN_WAITS = add_topic(
    Topic(
        "places.plan-waits",
        "Phương án sắp xếp chờ duyệt",
        "vì phương án cần anh/chị duyệt",
        channels=("inapp", "email"),
        roles=frozenset(SECONDS),
    )
)
PLAN_APPLIED = add_topic(
    Topic(
        "places.plan-applied",
        "Phương án sắp xếp đã áp dụng",
        "vì anh/chị lập phương án",
        channels=("inapp", "email"),
        roles=frozenset(OFFICERS),
    )
)
PLAN_FAILED = add_topic(
    Topic(
        "places.plan-failed",
        "Phương án sắp xếp chưa áp dụng được",
        "vì anh/chị lập phương án",
        channels=("inapp", "email"),
        may_switch_off=False,
        why_not="Người lập phải biết phương án chưa áp dụng được, nên tin này không tắt được.",
        roles=frozenset(OFFICERS),
    )
)
