"""Cameras that mean harm, and addresses that are no camera's: nobody is sent elsewhere, nothing grows, all is said."""

import asyncio
import resource
import time

import pytest

from binhyen.contracts.devices import DeviceLogin
from binhyen.media.onvif import transport
from binhyen.media.onvif.errors import OnvifElsewhere, OnvifError, OnvifGarbage, OnvifNotAuthorised, OnvifUnreachable
from binhyen.media.onvif.testing import Misdeed, OnvifCameras
from binhyen.media.onvif.tests.conftest import LOCAL, OFFERED, PASSWORD, a_double, ask
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import AddressRefused, SourceError

ELSEWHERE = (
    "http://169.254.169.254",
    "http://127.0.0.2:1",
    "http://10.99.99.99",
    "http://[::1]:9",
    "gopher://10.1.1.1",
)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(transport, "REQUEST_S", 1.0)


@pytest.mark.parametrize(
    ("misdeed", "named"),
    [
        (Misdeed.GARBAGE, OnvifGarbage), (Misdeed.BOMB, OnvifGarbage), (Misdeed.HUGE, OnvifGarbage),
        (Misdeed.DEEP, OnvifGarbage), (Misdeed.SLOW, OnvifUnreachable), (Misdeed.DRIP, OnvifUnreachable),
        (Misdeed.REDIRECT, OnvifElsewhere), (Misdeed.HANG_UP, OnvifUnreachable), (Misdeed.BASIC, OnvifNotAuthorised),
    ],
)  # fmt: skip
def test_S09_what_a_camera_does_wrong_is_a_sentence_in_time_and_in_bounds(misdeed, named):
    camera = a_double(misdeed=misdeed)
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with OnvifCameras(camera), pytest.raises(named) as told:
        ask(camera, lambda asked: asked.describe())
    assert time.monotonic() - began < 5
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 120
    assert PASSWORD not in str(told.value)
    assert str(told.value).endswith(".")


@pytest.mark.parametrize("misdeed", [Misdeed.GARBAGE, Misdeed.HUGE, Misdeed.REDIRECT, Misdeed.SLOW, Misdeed.DRIP])
def test_S09_a_picture_that_is_none_is_a_sentence(misdeed):
    camera = a_double(misdeed=misdeed)
    with OnvifCameras(camera), pytest.raises(OnvifError):
        ask(camera, lambda asked: asked.picture(f"{camera.address}/picture"))


@pytest.fixture
def connections(monkeypatch):
    """Hosts that sockets were connected to."""
    import socket

    made = []
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def noted(self, address, real=real):
            made.append(address)
            return real(self, address)

        monkeypatch.setattr(socket.socket, name, noted)
    return made


@pytest.mark.parametrize("place", ELSEWHERE)
def test_S05_addresses_that_a_camera_names_lead_nowhere_else(place, connections):
    camera = a_double(misdeed=Misdeed.ELSEWHERE, points_to=place)
    camera.offered = tuple(
        type(one)(one.token, one.name, one.stream_url.replace("127.0.0.1:8554", "169.254.169.254:80"))
        for one in OFFERED
    )
    with OnvifCameras(camera):
        told = ask(camera, lambda asked: asked.describe())
        pictures = [profile.snapshot_url for profile in told.profiles]
    assert [profile.stream_url for profile in told.profiles] == [
        "rtsp://127.0.0.1:80/gate", "rtsp://127.0.0.1:80/gate/sub"
    ] or told.error  # fmt: skip
    assert all(url.startswith(camera.address) for url in pictures if url)
    assert {(host, port) for host, port, *_ in connections if port != 0} <= {
        ("127.0.0.1", int(camera.address.rpartition(":")[2]))
    }


def test_S05_a_picture_elsewhere_is_asked_of_the_camera_itself(double):
    assert ask(double, lambda asked: asked.picture("http://169.254.169.254/picture")) == double.picture


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "http://127.1:8000/x", "http://2130706433/", "http://0x7f000001/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://localhost/", "169.254.169.254", "http://[fe80::1]/", "224.0.0.1",
        "0.0.0.0",
        "http://[64:ff9b::7f00:1]/", "http://100.100.100.200/latest", "255.255.255.255",
    ],
)  # fmt: skip
def test_S05_addresses_that_are_no_cameras_are_refused(address, connections):
    with pytest.raises(SourceError):
        ask(None, lambda asked: asked.describe(), who=DeviceLogin(address), policy=AddressPolicy())
    assert [to for to in connections if to[0] not in ("127.0.0.53",)] == []


def test_S05_a_name_that_changes_its_answer_gains_nothing(double, connections):
    """First the camera's address, then a metadata service's: each answer is checked, and what was checked is used."""
    port = double.address.rpartition(":")[2]
    answers = iter([["127.0.0.1"], *[["169.254.169.254"]] * 50])
    policy = AddressPolicy(allow_loopback=True, resolver=lambda host, port: next(answers))
    who = DeviceLogin(f"http://camera.test:{port}/onvif/device_service", "admin", PASSWORD)

    async def twice(asked):
        await asked.time()
        for kept in asked._http._session.connector._conns.values():  # the camera hangs up: the name is asked for again
            for protocol, _ in kept:
                protocol.close()
        await asyncio.sleep(0)
        return await asked.describe()

    with pytest.raises(AddressRefused, match="link-local"):
        ask(double, twice, who=who, policy=policy)
    assert {host for host, *_ in connections} <= {"127.0.0.1"}


def test_S08_no_log_line_has_a_password(double, caplog):
    caplog.set_level("DEBUG")
    ask(double, lambda asked: asked.describe())
    with pytest.raises(OnvifNotAuthorised):
        ask(double, lambda asked: asked.describe(), who=DeviceLogin(double.address + "/onvif/d", "admin", "sai-bét"))
    assert PASSWORD not in caplog.text
    assert "sai-bét" not in caplog.text


def test_S08_basic_is_never_answered(double):
    double.misdeed = Misdeed.BASIC
    with pytest.raises(OnvifNotAuthorised, match="Basic"):
        ask(double, lambda asked: asked.describe(), policy=LOCAL)
