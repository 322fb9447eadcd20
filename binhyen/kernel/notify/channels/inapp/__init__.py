"""On the page “Thông báo” and as a number on the bell: nothing leaves the station."""

from typing import ClassVar

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.channel import Channel, Parcel


class InApp(Channel):
    """The message itself is the delivery: it is there as soon as `send` commits."""

    code: ClassVar[str] = "inapp"
    label: ClassVar[str] = "Trong hệ thống"
    icon: ClassVar[str] = "bell"
    position: ClassVar[int] = 0
    is_inside: ClassVar[bool] = True

    def is_set_up(self) -> bool:
        return True

    def is_ready_for(self, user: User) -> bool:
        return user.is_active

    def deliver(self, parcel: Parcel, user: User) -> None:
        """Nothing to carry."""


CHANNEL = InApp()
