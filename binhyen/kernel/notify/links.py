"""Addresses that messages carry: pages of this station as seen from outside, and the switch-off of one kind of mail."""

from django.conf import settings
from django.core import signing

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.topics import Topic, find_topic
from binhyen.kernel.units.authority import Refusal, Refused

SALT = "binhyen.notify.switch-off"
VALID_FOR_S = 400 * 24 * 3600
PAGE = "/thong-bao/"
SETTINGS_PAGE = "/thong-bao/cai-dat/"


def absolute(path: str) -> str:
    """`path` with the station's name before it."""
    return f"{settings.BINHYEN_URL}{path}"


def message_path(message_id: object) -> str:
    """The page that marks a message as read and leads on."""
    return f"{PAGE}{message_id}/"


def switch_off_path(user: User, topic: Topic, channel: str) -> str:
    """Where one press ends `topic` on `channel` for `user`, without signing in (RFC 8058)."""
    return f"{PAGE}ngung/{signing.dumps([user.pk, topic.code, channel], salt=SALT, compress=True)}/"


def read_switch_off(token: str) -> tuple[User, Topic, str]:
    """What `token` ends: person, topic, channel. Raises Refused for one that we did not make, or an old one."""
    refusal = Refusal(
        "Liên kết tắt tin này không còn dùng được.",
        code="bad_link",
        remedy="Anh/Chị hãy đăng nhập và mở trang Cài đặt thông báo để tắt loại tin này.",
    )
    try:
        pk, code, channel = signing.loads(token, salt=SALT, max_age=VALID_FOR_S)
    except signing.BadSignature as error:
        raise Refused(refusal) from error
    user, topic = User.objects.filter(pk=pk).first(), find_topic(code)
    if user is None or topic is None:
        raise Refused(refusal)
    return user, topic, channel
