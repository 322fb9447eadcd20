"""What is counted of groups. The figures of a report come from here and from nowhere else."""

from django.db.models import Q

from binhyen.kernel.measures import By, Count, Measure
from binhyen.modules.groups.models import ClusterCamera, Duty, Group, Member, Patrol

OWNER = "Đội Xây dựng phong trào bảo vệ an ninh Tổ quốc"


class Groups(Measure):
    """Tổ tự quản."""

    code, name = "to-tu-quan", "Tổ tự quản"
    definition = "Số tổ tự quản đang hoạt động ở cuối kỳ: đã thành lập và chưa giải thể."
    owner = OWNER
    what = Count(Group)
    since, until = "founded_on", "closed_on"
    kinds = By("kind")


class GroupMembers(Measure):
    """Thành viên tổ tự quản."""

    code, name = "thanh-vien-to", "Thành viên tổ tự quản"
    definition = "Số người đang là thành viên của các tổ ở cuối kỳ; người thuộc hai tổ được tính hai lần."
    owner = OWNER
    what = Count(Member)
    unit = "group__unit"
    since, until = "joined_on", "left_on"
    kinds = By("part")


class GroupCameras(Measure):
    """Camera của các tổ."""

    code, name = "camera-cua-to", "Camera của các tổ tự quản"
    definition = "Số camera trong cụm của các tổ ở cuối kỳ, của đơn vị và của người dân, đã kết nối hay chưa."
    owner = OWNER
    what = Count(ClusterCamera)
    unit = "group__unit"
    since, until = "added_on", "removed_on"
    kinds = By("source")


class Patrols(Measure):
    """Chuyến tuần tra."""

    code, name = "chuyen-tuan-tra", "Chuyến tuần tra"
    definition = "Số chuyến tuần tra của các tổ đã kết thúc trong kỳ, kể cả chuyến chờ xác nhận."
    owner = OWNER
    what = Count(Patrol, where=Q(state__in=["ended", "confirmed"]))
    unit = "group__unit"
    on = "ended_on"


class TurnsServed(Measure):
    """Lượt trực đã thực hiện."""

    code, name = "luot-truc", "Lượt trực đã thực hiện"
    definition = "Số lượt trực trong kỳ mà người có tên đã đi cùng một chuyến tuần tra đã kết thúc."
    owner = OWNER
    what = Count(Duty, where=Q(served=True))
    unit = "member__group__unit"
    on = "day"
