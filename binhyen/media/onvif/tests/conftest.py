"""Cameras of the tests: doubles on loopback, asked by the client as a node asks."""

import asyncio

import pytest

from binhyen.contracts import SystemClock
from binhyen.contracts.devices import DeviceLogin
from binhyen.media.onvif.device import OnvifCamera
from binhyen.media.onvif.testing import Offered, OnvifDouble
from binhyen.media.sources.address import AddressPolicy

LOCAL = AddressPolicy(allow_loopback=True)
PASSWORD = "mật-khẩu<&>riêng"
OFFERED = (
    Offered("main", "Luồng chính", "rtsp://127.0.0.1:8554/gate"),
    Offered("sub", "Luồng phụ", "rtsp://127.0.0.1:8554/gate/sub", width=640, height=360, kilobits_per_second=400),
)


def login(double, user="admin", password=PASSWORD):
    return DeviceLogin(f"{double.address}/onvif/device_service", user, password)


def ask(double, question, *, who=None, policy=LOCAL):
    """What `question(camera)` gives, asked as `who`."""

    async def asking():
        async with OnvifCamera(who or login(double), policy=policy, clock=SystemClock()) as camera:
            return await question(camera)

    return asyncio.run(asking())


def a_double(**facts):
    return OnvifDouble(**{"accounts": {"admin": PASSWORD}, "offered": OFFERED, "name": "Cổng chợ"} | facts)


@pytest.fixture
def double():
    from binhyen.media.onvif.testing import OnvifCameras

    made = a_double()
    with OnvifCameras(made):
        yield made
