"""Channels: one folder each. Deleting the folder deletes the channel from pages, settings and deliveries."""

import pkgutil
from functools import cache
from importlib import import_module

from binhyen.kernel.notify.channel import AddressedChannel, Channel, DeviceChannel


@cache
def channels() -> dict[str, Channel]:
    """Every channel by its code, in the order a person reads them."""
    folders = [each.name for each in pkgutil.iter_modules(__path__) if each.ispkg and each.name != "tests"]
    found: list[Channel] = [import_module(f"{__name__}.{name}").CHANNEL for name in folders]
    return {channel.code: channel for channel in sorted(found, key=lambda channel: channel.position)}


def channels_set_up() -> list[Channel]:
    """Those that this station can use."""
    return [channel for channel in channels().values() if channel.is_set_up()]


def find_addressed(code: str) -> AddressedChannel | None:
    """The channel of `code` where it is one with addresses, and set up."""
    channel = channels().get(code)
    return channel if isinstance(channel, AddressedChannel) and channel.is_set_up() else None


def find_device_channel() -> DeviceChannel | None:
    """The channel to browsers, where there is one and it is set up."""
    return next((each for each in channels_set_up() if isinstance(each, DeviceChannel)), None)
