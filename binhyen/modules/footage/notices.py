"""What a household is told: that a question waits, and not whose, about what or where.

A mail lies in a mailbox that others may read, so it names neither case nor camera nor place. The link leads to the
list of the owner's own asks: one to the ask itself would tie the message to it. Nothing that an officer sees depends
on any of this (T03): it happens in the background, after the officer's page was answered.
"""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import Topic, add_topic
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import find_owners
from binhyen.modules.cases.public import local

OWNER_ASKED = add_topic(
    Topic(
        "footage.owner-ask",
        "Yêu cầu chờ chủ camera trả lời",
        "vì anh/chị là chủ camera đã đăng ký với Công an và có yêu cầu chờ anh/chị trả lời",
        channels=("inapp", "email"),
        roles=frozenset({Role.CAMERA_OWNER}),
    )
)

OWNER_LINK = add_topic(
    Topic(
        "footage.owner-link",
        "Liên kết nộp tệp do chính anh/chị lập",
        "vì anh/chị vừa bấm gửi liên kết nộp tệp cho mình",
        channels=("inapp", "email"),
        roles=frozenset({Role.CAMERA_OWNER}),
    )
)


def send_link(owner: User, code: str, *, until: datetime, at: datetime) -> None:
    """Send an owner the code that the owner has just made, for the computer beside the recorder. It leaves the
    station with
    the mail, since nobody signs in there; it names nobody, and lets one file in and nothing out."""
    send(
        OWNER_LINK,
        to=owner,
        subject="Mã nộp tệp của anh/chị",
        body=f"Mã dùng một lần, đến {local(until)}. Lập mã mới thì mã này hết tác dụng.",
        url=reverse("owner-asks"),
        lines=(f"Mở {settings.BINHYEN_URL}{reverse('hand-in')} trên máy tính cạnh đầu ghi.", f"Mã nộp tệp: {code}"),
        at=at,
    )


def tell_owners(cameras: Collection[str], *, request_id: int, due_at: datetime, at: datetime) -> int:
    """Tell the owners of `cameras` that an ask waits until `due_at`, each once for a request; how many were told."""
    owners = find_owners(cameras).values()
    body = (
        f"Hạn trả lời: {local(due_at)}. Anh/Chị xem trước toàn bộ đoạn hình (hoặc nộp tệp từ đầu ghi riêng) rồi "
        "tự quyết "
        "định đồng ý, chọn một phần hoặc từ chối. Không ai trong đơn vị biết anh/chị từ chối hay chưa trả lời."
    )
    told = send(
        OWNER_ASKED,
        to=owners,
        subject="Có một yêu cầu đang chờ anh/chị trả lời",
        body=body,
        url=reverse("owner-asks"),
        dedupe_key=f"request:{request_id}",
        at=at,
    )
    return len(told)
