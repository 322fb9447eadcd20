"""Hostile input against every parser that a camera or a file reaches (RELIABILITY S09).

Sound input is damaged at random and given to each parser in turn. Named errors are fine; anything else, a hang or
growing memory is not. `BINHYEN_FUZZ_SECONDS` says how long (20 by default, hours by hand), and
`BINHYEN_FUZZ_SEED` repeats a run.
"""

import contextlib
import io
import os
import random
import resource
import socket
import time

import pytest

from binhyen.contracts import SystemClock
from binhyen.media.codec import BitstreamError, annex_b_units, h264, h265, length_prefixed_units
from binhyen.media.codec.nal import announces_recovery_point
from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.fmp4 import Fragmenter, FragmentError, payload_is_sound, retime, scan
from binhyen.media.fmp4.init import parse_avc_configuration, parse_hevc_configuration
from binhyen.media.onvif.discovery import read_match
from binhyen.media.onvif.soap import envelope, number, read_answer, read_xml, text
from binhyen.media.onvif.testing import Offered, OnvifDouble
from binhyen.media.onvif.testing.device import NAMESPACES
from binhyen.media.onvif.testing.discovery import probe_match
from binhyen.media.onvif.transport import at_same_host, device_url
from binhyen.media.packets import Codec
from binhyen.media.sources import AddressPolicy, RtspConnection, SourceError, parse_camera_url
from binhyen.media.sources.rtsp.auth import Credentials
from binhyen.media.sources.rtsp.message import read_message
from binhyen.media.sources.rtsp.rtcp import find_sender_clock
from binhyen.media.sources.rtsp.rtp import MAX_UNIT_BYTES
from binhyen.media.sources.rtsp.sdp import find_video
from binhyen.media.sources.rtsp.tests.packets import NOW, Packetiser, Recorded, feed, receiver_of
from binhyen.media.sources.rtsp.tests.scripted import answer, description, video

QUICK_SECONDS = 8
SLOW_SECONDS = 600
LONGEST_S = 5.0
LARGEST_GROWTH_MIB = 256
NAMED = (SourceError, BitstreamError, FragmentError)

STREAMS = {codec: encoded(codec, frames=6, gop=3, b_frames=1, options="slices=2") for codec in Codec}
SETS = [nal for stream in STREAMS.values() for nal in (*stream.sets.vps, *stream.sets.sps, *stream.sets.pps)]
MEDIA = {codec: video(stream, Packetiser(codec, mtu=300)) for codec, stream in STREAMS.items()}
SESSION = (
    answer(headers="Public: GET_PARAMETER\r\n")
    + answer(body=description(STREAMS[Codec.H264]))
    + answer(headers="Session: a;timeout=9\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n")
    + answer()
    + MEDIA[Codec.H264]
)


def _clip(stream):
    fragmenter = Fragmenter(stream.sets)
    return (
        fragmenter.init
        + fragmenter.fragment(stream.units()[:3], wall_clock=NOW)
        + fragmenter.fragment(stream.units()[3:])
    )


CLIPS = [_clip(stream) for stream in STREAMS.values()]


def damaged(sound, chance):
    """`sound` with some bytes flipped, cut, doubled, moved or replaced by extremes."""
    broken = bytearray(sound)
    for _ in range(chance.choice((0, 1, 1, 2, 5, 30))):
        at = chance.randrange(len(broken) + 1)
        length = chance.choice((1, 1, 2, 4, 40))
        kind = chance.randrange(6)
        if kind == 0 and at < len(broken):
            broken[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del broken[at : at + length]
        elif kind == 2:
            broken[at:at] = broken[at : at + length * 8]
        elif kind == 3:
            broken[at : at + length] = chance.randbytes(length)
        elif kind == 4:
            broken[at : at + length] = bytes((chance.choice((0, 255, 0x7F, 0x80)),)) * length
        elif kind == 5 and chance.random() < 0.1:
            del broken[at:]
    return bytes(broken)


def a_whole_session(chance):
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    policy = AddressPolicy(resolver=lambda host, port: [])
    connection = RtspConnection("rtsp://u:p@10.0.0.1/", Recorded(), clock=SystemClock(), address_policy=policy)
    connection._socket, connection.state = ours, type(connection.state)("asking")
    connection._dialogue.begin()
    sent = damaged(SESSION, chance)
    try:
        while sent:
            size = chance.choice((1, 30, 1000, 60_000))
            theirs.send(sent[:size])
            sent = sent[size:]
            connection.on_readable()
            assert len(connection._tail) < 400_000
    finally:
        connection.close()
        theirs.close()


def packets_alone(chance):
    codec = chance.choice(list(Codec))
    receiver = receiver_of(STREAMS[codec], Recorded(), sets=chance.random() < 0.8)
    feed(receiver, damaged(MEDIA[codec], chance)[:200_000], step=chance.choice((50, 1000, 100_000)))
    assert sum(map(len, receiver._parts)) <= MAX_UNIT_BYTES + (1 << 20)


def files(chance):
    clip = damaged(chance.choice(CLIPS), chance)
    read = scan(io.BytesIO(clip))
    assert read.good_bytes <= len(clip)
    for each in read.fragments:
        payload_is_sound(io.BytesIO(clip), each)
        with contextlib.suppress(FragmentError):
            retime(bytearray(clip[each.start : each.end]), sequence=1, decode_offset=chance.randrange(1 << 32))


def parameter_sets(chance):
    nal = damaged(chance.choice(SETS), chance)
    for parse in (h264.parse_sps, h264.find_pps_id, h265.parse_sps, h265.find_pps_id, h265.find_vps_id):
        with contextlib.suppress(BitstreamError):
            parse(nal)
    announces_recovery_point(nal)
    list(annex_b_units(nal))
    with contextlib.suppress(BitstreamError):
        list(length_prefixed_units(nal, chance.choice((1, 2, 4))))


def configurations(chance):
    at = chance.choice([clip.index(name) + 4 for clip, name in zip(CLIPS, (b"avcC", b"hvcC"), strict=True)])
    record = damaged(chance.choice(CLIPS)[at : at + 120], chance)
    for parse in (parse_avc_configuration, parse_hevc_configuration):
        with contextlib.suppress(BitstreamError):
            parse(record)


def descriptions(chance):
    find_video(damaged(description(STREAMS[chance.choice(list(Codec))]).encode(), chance).decode("utf-8", "replace"))


def messages(chance):
    sound = answer(
        "401 Unauthorized", 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n', "body", number="3"
    )
    found = read_message(damaged(sound, chance))
    credentials = Credentials("u", "p", lambda: "c")
    if found and credentials.take(found[0].headers.get("www-authenticate", [])):
        assert "\n" not in credentials.header("PLAY", "rtsp://c/")


def clocks_and_addresses(chance):
    find_sender_clock(damaged(b"\x80\xc8\0\6" + bytes(24) + b"\x81\xca\0\2" + bytes(8), chance), NOW)
    parse_camera_url(damaged(b"rtsp://u:p%40@[fe80::1]:554/x?a=b#c", chance).decode("latin-1"))


def onvif_answers(chance):
    camera = OnvifDouble(offered=(Offered("main", "Chính", "rtsp://10.0.0.1/1"),))
    name = chance.choice(("GetProfiles", "GetServices", "GetSystemDateAndTime", "GetStreamUri", "GetUsers"))
    asked = read_xml(envelope(f'<{name} xmlns="http://www.onvif.org/ver20/media/wsdl"/>'))
    body = camera.answer(asked, "")[1]
    sound = envelope(body).replace(b"<s:Body>", f"<s:Body {NAMESPACES}>".encode())
    answer = read_answer(damaged(sound, chance), f"{name}Response")
    text(answer, "Profiles", "Name")
    number(answer, "Resolution", "Width")


def discovery_answers(chance):
    read_match(damaged(probe_match("urn:uuid:1", "http://10.0.0.1/onvif"), chance), "10.0.0.1", "urn:uuid:1")
    told = damaged(b"http://10.0.0.1:80/onvif/media?x=%20", chance).decode("latin-1")
    assert at_same_host(told, device_url("10.0.0.9")).host == "10.0.0.9"


TARGETS = (
    a_whole_session, packets_alone, files, parameter_sets, configurations, descriptions, messages, clocks_and_addresses,
    onvif_answers, discovery_answers,
)  # fmt: skip


def run_for(seconds):
    seed = int(os.environ.get("BINHYEN_FUZZ_SEED", time.time_ns() % 1_000_000_007))
    chance, rounds = random.Random(seed), 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        target = TARGETS[rounds % len(TARGETS)]
        began = time.monotonic()
        try:
            with contextlib.suppress(*NAMED):
                target(chance)
        except Exception as error:
            raise AssertionError(f"{target.__name__}, round {rounds}, BINHYEN_FUZZ_SEED={seed}: {error!r}") from error
        assert time.monotonic() - began < LONGEST_S, f"{target.__name__} hangs, BINHYEN_FUZZ_SEED={seed}"
        rounds += 1
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mib < LARGEST_GROWTH_MIB
    return rounds


def test_S09_parsers_survive_damaged_input():
    assert run_for(float(os.environ.get("BINHYEN_FUZZ_SECONDS", QUICK_SECONDS))) > 100


@pytest.mark.slow
@pytest.mark.timeout(SLOW_SECONDS * 2)
def test_S09_parsers_survive_ten_minutes_of_damaged_input():
    assert run_for(float(os.environ.get("BINHYEN_FUZZ_SECONDS", SLOW_SECONDS))) > 10_000
