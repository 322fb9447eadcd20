"""Who answers on the network, over real UDP on loopback."""

import asyncio
import time

import pytest

from binhyen.contracts.devices import Search
from binhyen.media.onvif import discovery
from binhyen.media.onvif.discovery import read_match, search
from binhyen.media.onvif.errors import OnvifGarbage
from binhyen.media.onvif.testing import DiscoveryDouble
from binhyen.media.onvif.testing.discovery import probe_match
from binhyen.media.onvif.tests.conftest import LOCAL
from binhyen.media.sources.address import AddressPolicy

HERE = "http://127.0.0.1:8000/onvif/device_service"


def found(answers, *, policy=LOCAL, wait_ms=700, **asked):
    with DiscoveryDouble(answers) as double:
        looking = search(Search(wait_ms=wait_ms, **asked), policy=policy, links=["127.0.0.1"], port=double.port)
        return asyncio.run(looking), double


def test_cameras_on_the_link_are_found_with_their_names():
    second = HERE.replace("8000", "8001")
    answers = [
        lambda probe: probe_match(probe, HERE, name="C%E1%BB%95ng%20ch%E1%BB%A3"),
        lambda p: probe_match(p, second),
    ]
    report, double = found(answers)
    first, other = report.devices
    assert (first.address, first.host, first.name, first.hardware) == (HERE, "127.0.0.1", "Cổng chợ", "Double")
    assert other.address == second
    assert len(set(double.probes)) == 1  # two datagrams, one question
    assert report.error == ""


def test_a_host_is_asked_alone_where_multicast_does_not_reach():
    report, _ = found([lambda probe: probe_match(probe, HERE)], multicast=False, hosts=("127.0.0.1", "rubbish", "::1"))
    assert [device.address for device in report.devices] == [HERE]


def test_S05_an_answer_is_believed_about_its_sender_alone():
    elsewhere = "http://169.254.169.254/latest http://10.0.0.9/onvif/device_service"
    report, _ = found([lambda probe: probe_match(probe, elsewhere)])
    assert [device.address for device in report.devices] == ["http://127.0.0.1/onvif/device_service"]


def test_S05_who_answers_from_this_machine_is_no_camera():
    report, _ = found([lambda probe: probe_match(probe, HERE)], policy=AddressPolicy())
    assert report.devices == ()


def test_what_nobody_asked_for_and_what_is_no_camera_is_not_shown():
    answers = [
        lambda _: probe_match("urn:uuid:of-somebody-else", HERE),
        lambda probe: probe_match(probe, HERE, kind="Printer"),
        lambda _: b"<a" * 20_000,
        lambda _: b"",
        lambda probe: f"<!DOCTYPE a [<!ENTITY b 'c'>]><a>{probe}&b;</a>".encode(),
    ]
    report, _ = found(answers)
    assert report.devices == ()


def test_S09_a_flood_of_answers_is_bounded(monkeypatch):
    monkeypatch.setattr(discovery, "DEVICES_MAX", 20)
    number = iter(range(10_000))
    flood = [lambda probe: probe_match(probe, HERE.replace("8000", str(10_000 + next(number)))) for _ in range(60)]
    began = time.monotonic()
    report, _ = found(flood)
    assert len(report.devices) == 20
    assert time.monotonic() - began < 3


def test_nobody_at_all_is_no_error():
    report, _ = found([])
    assert (report.devices, report.error) == ((), "")


def test_a_machine_without_a_network_says_so():
    report = asyncio.run(search(Search(wait_ms=10), policy=LOCAL, links=[]))
    assert "đường mạng" in report.error


def test_a_match_may_come_without_an_address():
    match = probe_match("p", "").replace(b"<d:XAddrs></d:XAddrs>", b"")
    assert read_match(match, "10.1.1.1", "p").address == "http://10.1.1.1/onvif/device_service"
    with pytest.raises(OnvifGarbage):
        read_match(b"\0", "10.1.1.1", "p")
