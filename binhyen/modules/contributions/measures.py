"""What is counted of contributions: the ledger's own sums, corrections taken off, on the day of the gift."""

from django.db.models import Q

from binhyen.kernel.measures import By, Count, Measure, Sum
from binhyen.modules.contributions.models import Entry

OWNER = "Đội Xây dựng phong trào"


class Contributed(Measure):
    """Đóng góp."""

    code = "dong-gop"
    name = "Tiền và hiện vật đóng góp"
    definition = (
        "Tổng tiền và giá trị hiện vật đã ghi sổ đóng góp, theo ngày nhận, tính bằng đồng. "
        "Dòng sửa sai tính vào ngày nhận của khoản được sửa."
    )
    owner = OWNER
    what = Sum(Entry, "amount")
    on = "received_on"
    kinds = By("kind")
    format = "dong"


class Gifts(Measure):
    """Khoản đóng góp."""

    code = "khoan-dong-gop"
    name = "Khoản đóng góp"
    definition = "Số khoản đóng góp đã ghi sổ, theo ngày nhận. Dòng sửa sai không phải một khoản."
    owner = OWNER
    what = Count(Entry, where=Q(corrects__isnull=True))
    on = "received_on"
    kinds = By("kind")
