import struct
import threading

import pytest

from binhyen.contracts import SECOND, Instant, SystemClock
from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.fmp4 import ntp_from_instant
from binhyen.media.packets import Codec
from binhyen.media.sources import AddressPolicy, ConnectionState, RtspConnection
from binhyen.media.sources.errors import (
    AddressRefused,
    CameraClosed,
    CameraUnreachable,
    MalformedUrl,
    NameNotFound,
    RtspGarbage,
    RtspRefused,
    RtspTimeout,
    RtspUnsupported,
    SourceError,
)
from binhyen.media.sources.rtsp import connection as module
from binhyen.media.sources.rtsp.connecting import begin_connect
from binhyen.media.sources.rtsp.tests.packets import Packetiser, Recorded, interleaved
from binhyen.media.sources.rtsp.tests.scripted import (
    LOOPBACK,
    ScriptedCamera,
    answer,
    connect,
    description,
    drive,
    video,
    watch,
)

STREAM = encoded()


def samples(stream=STREAM):
    return [b"".join(unit.parts) for unit in stream.units()]


@pytest.mark.parametrize("codec", Codec)
def test_a_camera_is_read_from_the_first_question_to_the_last_picture(codec):
    stream = encoded(codec)
    with ScriptedCamera(stream) as camera:
        connection, sink = watch(camera, pictures=30)
        assert sink.samples == samples(stream)
        assert sink.of("parameters") == [stream.sets]
        assert camera.methods() == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
        assert (connection.state, connection.delivered) == (ConnectionState.PLAYING, 30)
        connection.close()


def test_only_the_video_track_is_set_up_and_all_of_it_played():
    with ScriptedCamera(STREAM) as camera:
        watch(camera)[0].close()
        assert [request.url for request in camera.requests[:4]] == [
            camera.url(), camera.url(), camera.url("/stream/track1"), camera.url(),
        ]  # fmt: skip
        assert camera.requests[3].headers["session"] == "abc"


@pytest.mark.parametrize(
    ("headers", "control", "session_control", "track_url", "play_url"),
    [
        ("Content-Base: rtsp://camera/base/\r\n", "t", "*", "rtsp://camera/base/t", "rtsp://camera/base/"),
        ("content-base: rtsp://u:p@camera/base\r\n", "t", "", "rtsp://camera/base/t", "rtsp://camera/base"),
        ("Content-Location: rtsp://camera/x\r\n", "rtsp://other/t?a=1", "*", "rtsp://other/t?a=1", "rtsp://camera/x"),
        ("Content-Base: rtsp://camera/b/\r\n", "t", "rtsp://camera/all", "rtsp://camera/b/t", "rtsp://camera/all"),
        ("Content-Base: rtsp://camera/b/\r\n", "", "*", "rtsp://camera/b/", "rtsp://camera/b/"),
    ],
)
def test_track_addresses_follow_the_description(headers, control, session_control, track_url, play_url):
    text = description(STREAM, control=control, session_control=session_control)
    with ScriptedCamera(STREAM, DESCRIBE=lambda r: answer(headers=headers, body=text)) as camera:
        watch(camera)[0].close()
        assert [request.url for request in camera.requests[2:4]] == [track_url, play_url]


def test_the_channels_are_those_that_the_camera_chooses():
    reply = answer(headers="Session: 9\r\nTransport: RTP/AVP/TCP;unicast;interleaved=6-7\r\n")
    with ScriptedCamera(STREAM, SETUP=reply, media=video(STREAM, Packetiser(channel=6))) as camera:
        connection, sink = watch(camera, pictures=30)
        assert sink.samples == samples()
        connection.close()


def test_goodbye_is_said_and_closing_twice_is_fine():
    with ScriptedCamera(STREAM) as camera:
        connection, _ = watch(camera)
        connection.close()
        connection.close()
        connection.on_readable()
        connection.on_timer()
        assert (connection.state, connection.fileno()) == (ConnectionState.CLOSED, -1)
        for _ in range(100):
            if "TEARDOWN" in camera.methods():
                break
            threading.Event().wait(0.02)
        assert camera.methods()[-1] == "TEARDOWN"


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_cameras_without_numbers_with_small_letters_and_bare_line_feeds_are_understood(newline):
    def setup(_):
        headers = "session: abc;timeout=60\r\ntransport: rtp/avp/tcp;unicast;interleaved=0-1\r\n"
        return answer(headers=headers, newline=newline)

    describe = answer(body=description(STREAM), newline=newline).replace(b"Content-Length", b"content-length")
    with ScriptedCamera(STREAM, OPTIONS=answer(newline=newline), DESCRIBE=describe, SETUP=setup) as camera:
        watch(camera, pictures=30)[0].close()


@pytest.mark.parametrize("options", [answer("501 Not Implemented"), answer("454 Session Not Found")])
def test_a_camera_that_refuses_options_is_asked_on(options):
    with ScriptedCamera(STREAM, OPTIONS=options) as camera:
        watch(camera)[0].close()


def test_provisional_and_late_answers_are_passed_over():
    def describe(request):
        number = request.headers["cseq"]
        return answer("100 Trying") + answer("500 Late", number="77") + answer(body=description(STREAM), number=number)

    with ScriptedCamera(STREAM, DESCRIBE=describe) as camera:
        watch(camera)[0].close()


def test_pictures_before_the_answer_to_play_are_kept():
    media = video(STREAM)
    play = media[:5000] + answer(headers="Session: abc\r\n") + media[5000:]
    head = media[:5000]
    with ScriptedCamera(STREAM, PLAY=play) as camera:
        cut = _packet_end(head)
        camera._script["PLAY"] = media[:cut] + answer(headers="Session: abc\r\n") + media[cut:]
        connection, sink = watch(camera, pictures=30)
        assert sink.samples == samples()
        connection.close()


def _packet_end(media):
    at = 0
    while at + 4 + int.from_bytes(media[at + 2 : at + 4], "big") <= len(media):
        at += 4 + int.from_bytes(media[at + 2 : at + 4], "big")
    return at


def test_bytes_that_come_one_by_one_make_the_same_pictures():
    with ScriptedCamera(encoded(frames=2), media=b"") as camera:
        connection, sink = watch(camera, pictures=0)
        drive(connection, lambda: connection.state is ConnectionState.PLAYING)
        for byte in video(encoded(frames=2))[:6000]:
            camera.push(bytes((byte,)))
            connection.on_readable()
        for at in range(6000, len(video(encoded(frames=2))), 700):
            camera.push(video(encoded(frames=2))[at : at + 700])
            connection.on_readable()
        drive(connection, lambda: len(sink.units) == 2)
        assert sink.samples == samples(encoded(frames=2))
        connection.close()


def test_a_sender_report_tells_the_camera_clock():
    told = Instant(SystemClock().now() - 90 * SECOND)
    report = struct.pack(">BBHIQIII", 0x80, 200, 6, 7, ntp_from_instant(told), 0, 0, 0)
    with ScriptedCamera(STREAM, media=interleaved(1, report) + video(STREAM)) as camera:
        connection, sink = watch(camera)
        (offset,) = sink.of("clock")
        assert -91 * SECOND < offset < -89 * SECOND
        connection.close()


@pytest.mark.parametrize("junk", [b"\xff" * 700, b"GARBAGE without end ", b"$\0\0\4junk", b"$\xee\xff\xffjunk", b"A"])
def test_F06_junk_between_packets_costs_at_most_a_group(junk):
    media = video(STREAM)
    cut = _packet_end(media[: len(media) // 4])
    with ScriptedCamera(STREAM, media=media[:cut] + junk + media[cut:]) as camera:
        connection, sink = watch(camera, pictures=25)
        assert sink.samples[-20:] == samples()[10:]
        connection.close()


def test_F06_a_camera_that_sends_only_garbage_is_given_up():
    with ScriptedCamera(STREAM, media=bytes(range(1, 36)) * 9000) as camera:
        connection = connect(camera.url())
        with pytest.raises(RtspGarbage):
            drive(connection, lambda: False)
        assert connection.state is ConnectionState.CLOSED


def test_F06_a_camera_that_sends_only_unusable_packets_is_given_up():
    packetiser = Packetiser()
    media = b"".join(packetiser.packet(b"\x1dab", 0) for _ in range(module.MOST_UNUSABLE_PACKETS + 10))
    with ScriptedCamera(STREAM, media=media) as camera, pytest.raises(RtspGarbage):
        drive(connect(camera.url()), lambda: False)


REFUSALS = [
    ({"DESCRIBE": answer("404 Not Found")}, RtspRefused, "đường dẫn"),
    ({"DESCRIBE": answer("403 Forbidden")}, RtspRefused, "cấp quyền"),
    ({"PLAY": answer("500 Oh\x07 dear")}, RtspRefused, "500 Oh  dear cho PLAY"),
    ({"SETUP": answer("461 Unsupported Transport")}, RtspUnsupported, "TCP"),
    ({"SETUP": answer(headers="Transport: RTP/AVP;unicast;client_port=1-2\r\n")}, RtspUnsupported, "TCP"),
    ({"DESCRIBE": answer(body="m=video 0 RTP/AVP 26\r\n")}, RtspUnsupported, "JPEG"),
    ({"DESCRIBE": answer(body="m=audio 0 RTP/AVP 8\r\n")}, RtspGarbage, "không mô tả luồng hình"),
    ({"DESCRIBE": answer()}, RtspGarbage, "không mô tả luồng hình"),
    ({"OPTIONS": b"HTTP/1.1 400 Bad Request\r\n\r\n"}, RtspGarbage, "không nói RTSP"),
    ({"OPTIONS": b"\x16\x03\x01\x00\xa5"}, RtspGarbage, "không nói RTSP"),
    ({"OPTIONS": b"SSH-2.0-OpenSSH_9.2p1\r\n"}, RtspGarbage, "không nói RTSP"),
    ({"OPTIONS": b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * 4000}, RtspGarbage, "không kết thúc"),
    ({"OPTIONS": b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"}, RtspGarbage, "quá giới hạn"),
    ({"OPTIONS": None}, CameraClosed, "đóng kết nối"),
    ({"PLAY": b"TEARDOWN * RTSP/1.0\r\n\r\n"}, CameraClosed, "tự kết thúc"),
]


@pytest.mark.parametrize(("script", "error", "words"), REFUSALS, ids=[words for _, _, words in REFUSALS])
def test_each_refusal_is_a_named_error_that_says_what_to_do(script, error, words):
    with ScriptedCamera(STREAM, **script) as camera:
        connection = connect(camera.url(secret="admin:s3cret@"))
        with pytest.raises(error, match=words) as raised:
            drive(connection, lambda: False)
        assert "s3cret" not in repr((raised.value, connection)) + str(raised.value)
        assert (connection.state, connection.fileno()) == (ConnectionState.CLOSED, -1)


def test_questions_of_the_camera_are_answered():
    asked = b"OPTIONS * RTSP/1.0\r\nCSeq: 41\r\n\r\nRECORD * RTSP/1.0\r\nCSeq: 42\r\n\r\n"
    replies = []
    with ScriptedCamera(STREAM, media=asked + video(STREAM)) as camera:
        camera._reply = lambda text, reply=camera._reply: b"" if replies.append(text) else _or_nothing(reply, text)
        watch(camera)[0].close()
        for _ in range(100):
            if len(replies) >= 6:
                break
            threading.Event().wait(0.02)
    assert replies[4:6] == ["RTSP/1.0 200 OK\r\nCSeq: 41", "RTSP/1.0 501 Not Implemented\r\nCSeq: 42"]


def _or_nothing(reply, text):
    return b"" if text.startswith("RTSP") else reply(text)


@pytest.mark.parametrize(
    ("public", "session", "method", "after_s"),
    [
        ("Public: GET_PARAMETER\r\n", "timeout=60", "GET_PARAMETER", 24),
        ("", "timeout=10", "OPTIONS", 4),
        ("Public: GET_PARAMETER\r\n", "timeout=0", "GET_PARAMETER", 1),
        ("", "timeout=soon", "OPTIONS", 24),
    ],
)
def test_the_session_is_kept_alive_well_before_it_ends(public, session, method, after_s):
    setup = answer(headers=f"Session: abc;{session}\r\n")
    with ScriptedCamera(STREAM, OPTIONS=answer(headers=public), SETUP=setup) as camera:
        connection, _ = watch(camera)
        playing_since = SystemClock().monotonic()
        connection.on_timer(Instant(playing_since + after_s * SECOND - 999_999))
        assert camera.methods()[-1] == "PLAY"
        connection.on_timer(Instant(playing_since + after_s * SECOND))
        drive(connection, lambda: len(camera.requests) == 5)
        assert (camera.methods()[-1], camera.requests[-1].headers["session"]) == (method, "abc")
        connection.close()


def test_a_keepalive_that_is_refused_is_sent_another_way():
    with ScriptedCamera(STREAM, GET_PARAMETER=answer("501 Not Implemented")) as camera:
        connection, _ = watch(camera)
        for seconds in (30, 60):
            connection.on_timer(Instant(SystemClock().monotonic() + seconds * SECOND))
            drive(connection, lambda: connection._dialogue._question is None)
        assert camera.methods()[-2:] == ["GET_PARAMETER", "OPTIONS"]
        connection.close()


def test_a_session_that_the_camera_forgot_ends():
    with ScriptedCamera(STREAM, GET_PARAMETER=answer("454 Session Not Found")) as camera:
        connection, _ = watch(camera)
        connection.on_timer(Instant(SystemClock().monotonic() + 30 * SECOND))
        with pytest.raises(CameraClosed, match="454"):
            drive(connection, lambda: False)


def redirect(target, status="302 Moved"):
    return answer(status, headers=f"Location: {target}\r\n")


def test_a_redirect_on_the_same_machine_is_followed_with_the_password():
    with ScriptedCamera(STREAM) as target:
        moved = redirect(target.url("/new"))
        with ScriptedCamera(STREAM, DESCRIBE=moved) as camera:
            connection, sink = watch(camera, url=camera.url(secret="admin:pw@"), pictures=30)
            assert sink.samples == samples()
            assert (connection._url.user, connection._url.password) == ("admin", "pw")
            connection.close()
        assert target.requests[1].url == target.url("/new")


def test_a_redirect_to_another_machine_does_not_take_the_password():
    with ScriptedCamera(STREAM) as target:
        moved = redirect(target.url(host="localhost"))
        with ScriptedCamera(STREAM, OPTIONS=answer(), DESCRIBE=moved) as camera:
            connection, _ = watch(camera, url=camera.url(secret="admin:pw@"))
            assert (connection._url.host, connection._url.user, connection._url.password) == ("localhost", "", "")
            connection.close()


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("rtsp://169.254.169.254/latest", AddressRefused),
        ("rtsp://[::ffff:169.254.169.254]/latest", AddressRefused),
        ("http://127.0.0.1/", CameraUnreachable),
        ("nothing", MalformedUrl),
    ],
)
def test_S05_a_redirect_leads_nowhere_it_should_not(target, error):
    with ScriptedCamera(STREAM, DESCRIBE=redirect(target)) as camera, pytest.raises(error):
        drive(connect(camera.url()), lambda: False)


def test_S05_a_redirect_to_loopback_is_refused_where_cameras_may_not_live_there():
    policy = AddressPolicy(allow_loopback=True)
    with ScriptedCamera(STREAM, DESCRIBE=redirect("rtsp://127.0.0.1/")) as camera:
        connection = connect(camera.url(), policy=policy)
        connection._policy = AddressPolicy()
        with pytest.raises(AddressRefused):
            drive(connection, lambda: False)


def test_redirects_in_a_circle_end():
    with ScriptedCamera(STREAM) as camera:
        camera._script["DESCRIBE"] = redirect(camera.url())
        with pytest.raises(CameraUnreachable, match="chuyển hướng"):
            drive(connect(camera.url()), lambda: False)
        assert camera.methods().count("DESCRIBE") == 4


def test_a_name_is_resolved_once_and_its_addresses_are_tried_in_turn():
    asked = []

    def resolver(host, port):
        asked.append((host, port))
        return ["127.0.0.2", "127.0.0.1"]

    with ScriptedCamera(STREAM) as camera:
        policy = AddressPolicy(allow_loopback=True, resolver=resolver)
        watch(camera, url=camera.url(host="cam.example"), policy=policy)[0].close()
        assert asked == [("cam.example", camera.port)]


def test_S05_a_name_with_one_forbidden_address_is_refused():
    policy = AddressPolicy(resolver=lambda host, port: ["192.0.2.1", "127.0.0.1"])
    connection = connect("rtsp://cam.example/", policy=policy)
    assert connection.state is ConnectionState.RESOLVING
    with pytest.raises(AddressRefused):
        drive(connection, lambda: False)


def test_a_name_without_address_is_named():
    def resolver(host, port):
        raise OSError(-2, "Name or service not known")

    with pytest.raises(NameNotFound, match=r"cam\.example"):
        drive(connect("rtsp://cam.example/", policy=AddressPolicy(resolver=resolver)), lambda: False)


def test_an_answer_of_the_name_server_that_comes_too_late_is_dropped():
    release = threading.Event()

    def resolver(host, port):
        release.wait(5)
        return ["192.0.2.1"]

    connection = connect("rtsp://cam.example/", policy=AddressPolicy(resolver=resolver))
    with pytest.raises(RtspTimeout, match="DNS"):
        connection.on_timer(Instant(SystemClock().monotonic() + 11 * SECOND))
    release.set()
    assert connection.fileno() == -1


def test_a_closed_port_is_named():
    with ScriptedCamera(STREAM) as camera:
        port = camera.port
    with pytest.raises(CameraUnreachable, match=f"cổng {port}"):
        drive(connect(f"rtsp://127.0.0.1:{port}/"), lambda: False)


def test_a_network_that_cannot_be_reached_is_named():
    with pytest.raises(CameraUnreachable, match="mạng"):
        begin_connect("255.255.255.255", 554)
    with pytest.raises(CameraUnreachable, match="Lỗi mạng"):
        begin_connect("no address", 554)


def test_F06_a_camera_that_never_answers_times_out():
    with ScriptedCamera(STREAM, OPTIONS=b"") as camera:
        connection = connect(camera.url())
        drive(connection, lambda: camera.requests)
        connection.on_timer()
        with pytest.raises(RtspTimeout, match="không trả lời"):
            connection.on_timer(Instant(SystemClock().monotonic() + 11 * SECOND))


def test_other_protocols_are_no_matter_of_this_reader():
    with pytest.raises(MalformedUrl, match="http"):
        RtspConnection("http://camera/", Recorded(), clock=SystemClock(), address_policy=LOOPBACK)


def test_what_a_sink_raises_is_not_hidden():
    class Full(Recorded):
        def access_unit(self, unit):
            raise MemoryError("full")

    with ScriptedCamera(STREAM) as camera:
        connection = connect(camera.url(), Full())
        with pytest.raises(MemoryError):
            drive(connection, lambda: False)
        connection.close()


def test_nothing_of_the_url_secret_is_in_a_repr():
    connection = RtspConnection(
        "rtsp://admin:s3cret@192.0.2.7/x", Recorded(), clock=SystemClock(), address_policy=LOOPBACK
    )
    connection.on_timer()
    assert repr(connection) == "RtspConnection(rtsp://***@192.0.2.7/x, new)"
    assert issubclass(MalformedUrl, SourceError)


def test_more_than_one_buffer_full_is_drained_in_one_call(monkeypatch):
    monkeypatch.setattr(module._of_thread, "buffer", module.ReceiveBuffer(4096), raising=False)
    with ScriptedCamera(STREAM) as camera:
        connection, sink = watch(camera, pictures=30)
        assert sink.samples == samples()
        connection.close()


def test_being_driven_before_anything_is_ready_does_no_harm():
    release = threading.Event()

    def resolver(host, port):
        release.wait(5)
        return ["127.0.0.1"]

    with ScriptedCamera(STREAM) as camera:
        policy = AddressPolicy(allow_loopback=True, resolver=resolver)
        sink = Recorded()
        connection = connect(camera.url(host="cam.example"), sink, policy=policy)
        connection.on_readable()
        connection.on_writable()
        assert connection.state is ConnectionState.RESOLVING
        release.set()
        drive(connection, lambda: len(sink.units) == 30)
        connection.close()


def test_a_socket_that_is_not_yet_connected_is_not_written_to(monkeypatch):
    with ScriptedCamera(STREAM) as camera:
        sink = Recorded()
        connection = connect(camera.url(), sink)
        monkeypatch.setattr(type(connection), "_is_connected", lambda self: False)
        connection.on_writable()
        assert connection.state is ConnectionState.CONNECTING
        monkeypatch.undo()
        drive(connection, lambda: len(sink.units) == 30)
        connection.close()


def test_a_buffer_of_the_system_that_is_full_delays_a_question():
    with ScriptedCamera(STREAM) as camera:
        connection, _ = watch(camera)
        connection._dialogue.outgoing += b" " * (8 << 20)
        connection.on_writable()
        connection.on_writable()
        assert connection.wants_write
        connection.close()
