import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.contracts import SECOND
from binhyen.media.sources import AddressPolicy, Backoff, parse_camera_url, redacted
from binhyen.media.sources.address import resolve_with_system
from binhyen.media.sources.backoff import LONGEST_WAIT_US, SHORTEST_WAIT_US
from binhyen.media.sources.errors import AddressRefused, MalformedUrl, NameNotFound, SourceError, quoted


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "user", "password"),
    [
        ("rtsp://10.0.0.5", "10.0.0.5", 554, "/", "", ""),
        (" RTSP://Cam.Example:8554/a?b=1&c=2 ", "cam.example", 8554, "/a?b=1&c=2", "", ""),
        ("rtsp://10.0.0.5?x=1#frag", "10.0.0.5", 554, "/?x=1", "", ""),
        ("rtsp://[fd00::5]:8554/a", "fd00::5", 8554, "/a", "", ""),
        ("rtsp://u:p%40%2F%3A@10.0.0.5/a@b", "10.0.0.5", 554, "/a@b", "u", "p@/:"),
        ("rtsp://u:p@ss@10.0.0.5/", "10.0.0.5", 554, "/", "u", "p@ss"),
        ("rtsp://u:p/a?s#s@10.0.0.5/x", "10.0.0.5", 554, "/x", "u", "p/a?s#s"),
        ("rtsp://u@10.0.0.5/", "10.0.0.5", 554, "/", "u", ""),
        ("rtsp://10.0.0.5:554/a@b", "10.0.0.5", 554, "/a@b", "", ""),
        ("https://h/x", "h", 443, "/x", "", ""),
    ],
)
def test_addresses_are_taken_apart(url, host, port, path, user, password):
    parsed = parse_camera_url(url)
    assert (parsed.host, parsed.port, parsed.path, parsed.user, parsed.password) == (host, port, path, user, password)


@pytest.mark.parametrize("url", ["", "cam", "rtsp://", "rtsp://u:p@", "rtsp://h:0/", "rtsp://h:70000/", "foo://h/",
                                 "rtsp://a b/", "rtsp://h\n/", "rtsp://h/" + "x" * 3000, "rtsp://[::1/"])  # fmt: skip
def test_what_is_no_address_is_named_without_repeating_it(url):
    with pytest.raises(MalformedUrl) as raised:
        parse_camera_url(url)
    assert "u:p" not in str(raised.value)


def test_requests_and_logs_hold_no_secret():
    parsed = parse_camera_url("rtsp://admin:s3cret@10.0.0.5:8554/x")
    assert parsed.request_url == "rtsp://10.0.0.5:8554/x"
    assert (str(parsed), "s3cret" in repr(parsed)) == ("rtsp://***@10.0.0.5:8554/x", False)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://u:p@h/x", "rtsp://***@h/x"),
        ("rtsp://u:p@a@h", "rtsp://***@h"),
        ("rtsp://h/x", "rtsp://h/x"),
        ("?", "?"),
    ],
)
def test_redaction_hides_all_before_the_last_at(url, shown):
    assert redacted(url) == shown


@given(st.text(max_size=80), st.text(max_size=80))
def test_S09_any_text_is_an_address_or_named(before, after):
    with contextlib.suppress(MalformedUrl):
        assert parse_camera_url(f"rtsp://{before}@{after}").host


REFUSED = [
    "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "0.1.2.3", "::", "169.254.169.254", "169.254.1.1", "fe80::1",
    "224.0.0.1",
    "239.255.255.250", "ff02::1", "255.255.255.255", "240.0.0.1", "100.100.100.200", "fd00:ec2::254",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::a9fe:a9fe",
]  # fmt: skip
ALLOWED = ["10.0.0.5", "192.168.1.64", "172.16.0.1", "100.64.0.9", "203.0.113.7", "fd00::5", "2001:4860::1"]


@pytest.mark.parametrize("address", REFUSED)
def test_S05_addresses_of_this_server_and_of_groups_are_refused(address):
    with pytest.raises(AddressRefused, match="Không kết nối"):
        AddressPolicy().resolve(address, 554)
    with pytest.raises(AddressRefused):
        AddressPolicy(resolver=lambda host, port: ["10.0.0.1", address]).resolve("cam.example", 554)


@pytest.mark.parametrize("address", ALLOWED)
def test_S05_addresses_where_cameras_live_are_allowed(address):
    assert AddressPolicy().resolve(address, 554) == [address]


def test_S05_loopback_is_allowed_only_where_asked_for():
    policy = AddressPolicy(allow_loopback=True)
    assert [policy.resolve(address, 554) for address in ("127.0.0.1", "::1")] == [["127.0.0.1"], ["::1"]]
    with pytest.raises(AddressRefused):
        policy.resolve("169.254.169.254", 554)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_S05_other_ways_to_write_loopback_are_seen_through(host):
    with pytest.raises((AddressRefused, NameNotFound)):
        AddressPolicy().resolve(host, 554)


def test_a_name_without_addresses_is_named():
    with pytest.raises(NameNotFound, match="không có địa chỉ"):
        AddressPolicy(resolver=lambda host, port: []).resolve("cam.example", 554)
    with pytest.raises(NameNotFound, match="Không tìm thấy"):
        AddressPolicy().resolve("a" * 70 + ".example", 554)


def test_the_system_resolver_gives_each_address_once():
    assert "127.0.0.1" in resolve_with_system("localhost", 554)


def test_waits_double_up_to_a_minute_and_start_anew_after_success():
    backoff = Backoff(lambda: 1.0)
    assert [backoff.next_wait() // SECOND for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert backoff.attempts == 8
    backoff.succeeded()
    assert backoff.next_wait() == SECOND


def test_F07_waits_are_spread_over_the_whole_range():
    assert Backoff(lambda: 0.0).next_wait() == SHORTEST_WAIT_US
    halves = Backoff(lambda: 0.5)
    assert [halves.next_wait() for _ in range(30)][-1] == LONGEST_WAIT_US // 2


def test_words_of_a_camera_are_made_printable_and_short():
    assert (quoted(" a\x1b[31m\nb "), len(quoted("x" * 500))) == ("a [31m b", 121)
    assert issubclass(MalformedUrl, SourceError)
