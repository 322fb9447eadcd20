"""What people are told of reports. Subjects name nobody and no figure: they may leave the station."""

from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.roles import OFFICERS, Role

QUESTION_ASKED = add_topic(
    Topic(
        "statistics.question",
        "Câu hỏi về số liệu báo cáo",
        "vì đơn vị của anh/chị được hỏi về một số liệu trong báo cáo",
        channels=("inapp", "email"),
        roles=frozenset(OFFICERS),
    )
)
REPORT_TO_SIGN = add_topic(
    Topic(
        "statistics.report-to-sign",
        "Báo cáo chờ ký",
        "vì anh/chị là người ký báo cáo của đơn vị",
        channels=("inapp", "email"),
        roles=frozenset({Role.CHIEF}),
    )
)
REPORT_DRAFTED = add_topic(
    Topic(
        "statistics.report-drafted",
        "Báo cáo định kỳ đã lập",
        "vì anh/chị đặt lịch cho báo cáo này hoặc là Trưởng công an của đơn vị",
        channels=("inapp", "email"),
        roles=frozenset(OFFICERS),
    )
)
