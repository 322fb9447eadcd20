"""Numbers that a station reports of its cases."""

from django.db.models import Q

from binhyen.kernel.measures import Count, Measure, Ratio
from binhyen.modules.cases.models import Case

OWNER = "Bộ phận trực ban, Công an xã"


class CasesOpened(Measure):
    """Cases received."""

    code = "vu-viec-tiep-nhan"
    name = "Vụ việc tiếp nhận"
    definition = "Số vụ việc được lập trong kỳ, theo ngày lập, kể cả vụ việc đã kết thúc sau đó."
    owner = OWNER
    what = Count(Case)
    on = "opened_at"


class CasesSolved(Measure):
    """Cases of the period that are closed by now."""

    code = "vu-viec-da-giai-quyet"
    name = "Vụ việc đã giải quyết"
    definition = "Số vụ việc được lập trong kỳ mà nay đã kết thúc."
    owner = OWNER
    what = Count(Case, where=Q(ended_at__isnull=False))
    on = "opened_at"


class ShareSolved(Measure):
    """Of the cases received, those that are closed."""

    code = "ty-le-giai-quyet"
    name = "Tỷ lệ giải quyết vụ việc"
    definition = "Vụ việc đã giải quyết trong số vụ việc tiếp nhận cùng kỳ."
    owner = OWNER
    what = Ratio(CasesSolved, CasesOpened)
