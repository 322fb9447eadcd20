"""The states of a rota, of an exchange of duties, and of a patrol. Things know their group; a group knows who leads."""

from datetime import timedelta
from typing import Any

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.table import Step, Workflow, clock_time, held_by, in_words, working_days

KEEPERS = (Role.COMMUNE_OFFICER, Role.CHIEF)
ANSWER_WITHIN = timedelta(hours=48)


@in_words("Tổ trưởng, tổ phó của tổ; cán bộ phụ trách, Trưởng công an")
def arranges(authority: Authority, thing: Any) -> bool:
    """Whoever leads the group, or keeps the registers of its unit."""
    return thing.group.is_led_by(authority) or authority.holds(KEEPERS, thing.unit)


@in_words("Người trong chuyến tuần tra, tổ trưởng, tổ phó, cán bộ phụ trách")
def goes(authority: Authority, patrol: Any) -> bool:
    """Whoever is on the patrol, or arranges it."""
    return arranges(authority, patrol) or patrol.has(authority)


@in_words("Tổ viên được đề nghị đổi; tổ trưởng, khi người ấy không có tài khoản")
def is_asked(authority: Authority, swap: Any) -> bool:
    """The other member; for one without an account whoever leads has asked by word of mouth."""
    other = swap.asked_member
    if other is None or other.user_id is None:
        return arranges(authority, swap)
    return authority.user is not None and other.user_id == authority.user.pk


@in_words("Người đề nghị đổi, tổ trưởng, tổ phó")
def asks(authority: Authority, swap: Any) -> bool:
    """Who asked for the exchange."""
    mine = authority.user is not None and swap.asked_by_id == authority.user.pk
    return mine or arranges(authority, swap)


ROTA = Workflow(
    states={"draft": "Bản thảo", "published": "Đã công bố", "withdrawn": "Đã thu hồi"},
    start="draft",
    steps=(
        Step("publish", "Công bố", ("draft",), "published", arranges),
        Step("withdraw", "Thu hồi", ("draft", "published"), "withdrawn", arranges, needs_note=True),
    ),
    ended=("published",),
    readers=OFFICERS,
)

SWAP = Workflow(
    states={
        "asked": "Chờ người được đổi trả lời",
        "agreed": "Chờ tổ trưởng duyệt",
        "approved": "Đã đổi",
        "refused": "Không đổi",
        "withdrawn": "Đã rút lại",
    },
    start="asked",
    steps=(
        Step("agree", "Đồng ý đổi", ("asked",), "agreed", is_asked, clock_time(ANSWER_WITHIN)),
        Step("decline", "Không đổi được", ("asked",), "refused", is_asked),
        Step("approve", "Duyệt đổi ca", ("agreed",), "approved", arranges),
        Step("refuse", "Không duyệt", ("agreed",), "refused", arranges, needs_note=True),
        Step("withdraw", "Rút lại", ("asked", "agreed"), "withdrawn", asks),
    ),
    begin_within={"asked": clock_time(ANSWER_WITHIN)},
    lapsing=("asked",),
    readers=OFFICERS,
)

PATROL = Workflow(
    states={
        "planned": "Đã lên lịch",
        "under_way": "Đang tuần tra",
        "ended": "Chờ Công an xã xác nhận",
        "confirmed": "Đã xác nhận",
        "cancelled": "Đã hủy",
    },
    start="planned",
    steps=(
        Step("start", "Bắt đầu tuần tra", ("planned",), "under_way", goes),
        Step("end", "Kết thúc tuần tra", ("under_way",), "ended", goes, working_days(5)),
        Step("cancel", "Hủy chuyến", ("planned", "under_way"), "cancelled", arranges, needs_note=True),
        Step("confirm", "Xác nhận sổ tuần tra", ("ended",), "confirmed", held_by(*KEEPERS)),
    ),
    readers=OFFICERS,
)
