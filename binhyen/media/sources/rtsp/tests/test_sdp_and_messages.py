import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.contracts import Instant
from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.packets import Codec
from binhyen.media.sources.errors import RtspGarbage, RtspUnsupported, SourceError
from binhyen.media.sources.rtsp.message import MAX_HEADER_BYTES, read_message, resolve_control
from binhyen.media.sources.rtsp.rtcp import find_sender_clock
from binhyen.media.sources.rtsp.sdp import find_video
from binhyen.media.sources.rtsp.tests.scripted import description


@pytest.mark.parametrize("codec", Codec)
def test_the_video_track_and_its_parameter_sets_are_found(codec):
    stream = encoded(codec)
    video = find_video(description(stream))
    sets = (*stream.sets.vps, *stream.sets.sps, *stream.sets.pps)
    assert (video.codec, video.payload_type, video.clock_rate, video.control) == (codec, 96, 90_000, "track1")
    assert video.parameter_sets == sets


def test_the_first_track_that_can_be_recorded_is_taken():
    text = "m=video 0 RTP/AVP 26\nm=video 0 RTP/AVP 97 98\na=rtpmap:97 VP8/90000\na=rtpmap:98 h265/90000\na=control:x"
    video = find_video(text)
    assert (video.codec, video.payload_type, video.control) == (Codec.H265, 98, "x")


@pytest.mark.parametrize(
    "form", ["sprop-parameter-sets=!!!", "sprop-parameter-sets=Z0IA", "sprop-parameter-sets", "", "sprop-vps=;x=y"]
)
def test_parameter_sets_that_are_none_are_left_out(form):
    text = f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 {form}\r\n"
    assert find_video(text).parameter_sets == ()


@pytest.mark.parametrize("form", ["packetization-mode=2", "sprop-max-don-diff=3"])
def test_interleaved_packets_are_not_supported(form):
    with pytest.raises(RtspUnsupported, match="đan xen"):
        find_video(f"m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 {form}")


def test_a_clock_rate_of_zero_is_the_usual_one():
    assert find_video("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/0").clock_rate == 90_000


LINES = [
    "m=video 0 RTP/AVP 96\n", "m=\n", "a=rtpmap:96 H264/90000\n", "a=rtpmap:96 H265/1\n", "a=fmtp:96 x\n",
    "a=control:\n", "a=fmtp:96 sprop-vps=AAAA;sprop-sps=QgEB\n", "a=rtpmap:x\n", "m=video 0 RTP/AVP ² 96\n",
]  # fmt: skip


@given(st.text(max_size=300) | st.lists(st.sampled_from(LINES)).map("".join))
def test_S09_any_description_is_understood_or_named(text):
    with contextlib.suppress(SourceError):
        find_video(text)


@pytest.mark.parametrize(
    ("control", "url"),
    [
        ("", "rtsp://c/x?a=1"), ("*", "rtsp://c/x?a=1"), ("t=1", "rtsp://c/x?a=1/t=1"), ("rtsp://d/t", "rtsp://d/t"),
        ("rtsp://u:p@d:1/t@x", "rtsp://d:1/t@x"), ("rtsp://d/t@x", "rtsp://d/t@x"),
    ],
)  # fmt: skip
def test_control_addresses_are_resolved_without_secrets(control, url):
    assert resolve_control("rtsp://c/x?a=1", control) == url


def test_a_message_is_read_with_its_body_and_what_follows_is_left():
    text = b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nX:a\r\nx: b\r\nno colon\r\nContent-Length: 4\r\n\r\nbodyNEXT"
    message, size = read_message(text)
    assert (message.status, message.reason, message.header("cseq"), message.headers["x"]) == (
        200,
        "OK",
        "3",
        ["a", "b"],
    )
    assert (message.body, text[size:]) == (b"body", b"NEXT")
    assert read_message(text[: size - 1]) is None


@pytest.mark.parametrize("text", [b"HTTP/1.0 200 OK\n\n", b"RTSP/1.0 OK\n\n", b"\n\n\n\n", b"A" * MAX_HEADER_BYTES])
def test_what_is_no_message_is_named(text):
    with pytest.raises(RtspGarbage):
        read_message(text)


@given(st.binary(max_size=200))
def test_S09_any_bytes_are_a_message_or_none_or_named(text):
    with contextlib.suppress(RtspGarbage):
        assert read_message(b"RTSP/1.0 " + text) is None or read_message(b"RTSP/1.0 " + text)[1] <= len(text) + 9


NOW = Instant(1_790_000_000_000_000)


@pytest.mark.parametrize(
    ("packet", "clock"),
    [
        (b"", None),
        (b"\x80\xc9\0\1\0\0\0\7" + b"\x80\xc8\0\6\0\0\0\7" + bytes.fromhex("ee00000080000000"), 1783988608500000),
        (b"\x80\xc8\0\6\0\0\0\7" + bytes(8), None),  # seconds since boot
        (b"\x80\xc8\0\6\0\0", None),
        (b"\x80\xc8\0\6\0\0\0\7\xee", None),
        (b"\x00\xc8\0\6\0\0\0\7" + bytes.fromhex("ee00000080000000"), None),
        (b"\x80\xca\0\0\x80\xca\0\xff\0\0\0\0", None),
    ],
)
def test_the_camera_clock_is_found_in_a_compound_packet(packet, clock):
    assert find_sender_clock(packet, NOW) == clock


@given(st.binary(max_size=100))
def test_S09_any_control_packet_is_survived(packet):
    find_sender_clock(packet, NOW)
