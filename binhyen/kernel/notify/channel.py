"""What a channel is, and what it is given to carry."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.addresses import confirmed_address, has_confirmed
from binhyen.kernel.notify.devices import Subscription
from binhyen.kernel.notify.models import Device


class TryLater(Exception):
    """Not delivered now, perhaps later: the other side is away or busy. The message is a short code, never content."""


class Undeliverable(Exception):
    """Never delivered: the other side refused it for good. The message is a short code, never content."""


@dataclass(frozen=True)
class Parcel:
    """What leaves the station: a subject, for a digest its lines, and links. `reference` is the same for every try of
    one delivery, so that the other side can know a repetition. `switch_off` is empty where duty forbids it."""

    reference: str
    subject: str
    link: str
    reason: str
    settings_link: str
    lines: tuple[str, ...] = ()
    switch_off: str = ""
    why_not: str = ""
    is_urgent: bool = False

    def __repr__(self) -> str:
        return f"Parcel({self.reference})"  # so that no log line or error page shows more


class Channel(ABC):
    """A way to a person. One folder of `channels/` each, found by its constant `CHANNEL`.

    `is_inside`: the message does not leave the station; then there is nothing to deliver, no quiet hour and no digest.
    `hides_repeats`: the other side shows a repeated delivery once, so one that was cut off is tried again freely.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str]
    position: ClassVar[int]
    is_inside: ClassVar[bool] = False
    hides_repeats: ClassVar[bool] = False

    @abstractmethod
    def is_set_up(self) -> bool:
        """Whether this station has what the channel needs."""

    @abstractmethod
    def is_ready_for(self, user: User) -> bool:
        """Whether `user` can be reached this way."""

    @abstractmethod
    def deliver(self, parcel: Parcel, user: User) -> None:
        """Carry `parcel` to `user`. Raises TryLater, Undeliverable."""


class AddressedChannel(Channel):
    """A channel to an address that a person gives and confirms with a code."""

    address_label: ClassVar[str]
    address_example: ClassVar[str]
    input_type: ClassVar[str]

    @abstractmethod
    def cleaned(self, text: str) -> str:
        """`text` as an address of this channel; raises ValueError with a sentence for the person."""

    @abstractmethod
    def carry(self, parcel: Parcel, address: str) -> None:
        """Carry `parcel` to `address`. Raises TryLater, Undeliverable."""

    @abstractmethod
    def carry_code(self, code: str, address: str, *, reference: str) -> None:
        """Send the code that confirms `address`. Raises TryLater, Undeliverable."""

    def is_ready_for(self, user: User) -> bool:
        return has_confirmed(user, self.code)

    def deliver(self, parcel: Parcel, user: User) -> None:
        address = confirmed_address(user, self.code)
        if address is None:
            raise Undeliverable("no-address")
        self.carry(parcel, address)


class DeviceChannel(Channel):
    """A channel to browsers that a person allowed to show messages."""

    @abstractmethod
    def public_key(self) -> str:
        """What a browser binds its subscription to (base64url)."""

    @abstractmethod
    def check(self, subscription: Subscription) -> None:
        """Raises ValueError with a sentence where messages are never sent there."""

    @abstractmethod
    def try_device(self, device: Device) -> None:
        """Send a trial message. Raises TryLater, Undeliverable."""

    @abstractmethod
    def browser_file(self, name: str) -> bytes | None:
        """A script that browsers load, by its file name."""
