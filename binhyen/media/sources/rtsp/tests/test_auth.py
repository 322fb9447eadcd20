import base64
import hashlib

import pytest

from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.sources.errors import RtspAuthenticationFailed
from binhyen.media.sources.rtsp.auth import Credentials, parse_challenge
from binhyen.media.sources.rtsp.tests.scripted import ScriptedCamera, answer, connect, drive, watch

STREAM = encoded()
RFC_NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
RFC_CHALLENGE = f'Digest realm="http-auth@example.org", qop="auth, auth-int", nonce="{RFC_NONCE}", opaque="FQhe"'


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_is_that_of_rfc_7616_section_3_9_1(algorithm, response):
    client_nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    credentials = Credentials("Mufasa", "Circle of Life", lambda: client_nonce)
    assert credentials.take([f"{RFC_CHALLENGE}, algorithm={algorithm}"])
    header = credentials.header("GET", "/dir/index.html")
    assert f'response="{response}"' in header
    assert header.endswith(f'opaque="FQhe", qop=auth, nc=00000001, cnonce="{client_nonce}", algorithm={algorithm}')
    assert "nc=00000002" in credentials.header("GET", "/dir/index.html")


def test_digest_without_quality_is_that_of_rfc_2069():
    credentials = Credentials("u", "p", lambda: "c")
    credentials.take(['Digest realm="r", nonce="n"'])
    md5 = lambda text: hashlib.md5(text.encode()).hexdigest()  # noqa: E731 - three words, used once
    expected = md5(f"{md5('u:r:p')}:n:{md5('PLAY:rtsp://c/')}")
    assert credentials.header("PLAY", "rtsp://c/") == (
        f'Digest username="u", realm="r", nonce="n", uri="rtsp://c/", response="{expected}"'
    )


def test_session_algorithms_mix_in_both_nonces():
    credentials = Credentials("u", "p", lambda: "c")
    credentials.take(['Digest realm="r", nonce="n", algorithm=MD5-sess'])
    md5 = lambda text: hashlib.md5(text.encode()).hexdigest()  # noqa: E731 - as above
    secret = md5(f"{md5('u:r:p')}:n:c")
    assert f'response="{md5(f"{secret}:n:" + md5("PLAY:x"))}"' in credentials.header("PLAY", "x")
    assert 'cnonce="c"' in credentials.header("PLAY", "x")


@pytest.mark.parametrize(
    ("offers", "chosen"),
    [
        (['Basic realm="r"', 'Digest realm="r", nonce="n"'], "Digest"),
        (['Digest realm="r", nonce="n"', 'Digest realm="r", nonce="n", algorithm=SHA-256'], "algorithm=SHA-256"),
        (['Digest realm="r", nonce="n", algorithm=SHA-512-256', "Basic"], "Basic"),
        (["Negotiate", 'Basic realm="r"'], "Basic"),
    ],
)
def test_the_strongest_way_that_is_understood_is_chosen(offers, chosen):
    credentials = Credentials("u", "p", lambda: "c")
    assert credentials.take(offers)
    assert chosen in credentials.header("PLAY", "x")


def test_ways_that_are_not_understood_are_not_taken():
    assert not Credentials("u", "p", lambda: "c").take(["Negotiate", 'Digest algorithm=MD4, nonce="n"'])
    assert not Credentials("u", "p", lambda: "c").take([])


def test_quotes_in_names_stay_one_parameter():
    credentials = Credentials('a"b\\c', "p", lambda: "c")
    credentials.take([r'Digest realm="say \"hi\"", nonce="n"'])
    header = parse_challenge(credentials.header("PLAY", "x"))
    assert (header.parameters["username"], header.parameters["realm"]) == ('a"b\\c', 'say "hi"')


def test_nothing_secret_is_in_a_repr():
    assert "p4ss" not in repr(Credentials("u", "p4ss", lambda: "c"))


class Guard:
    """Checks what a camera would check. `nonces` are given out one after the other."""

    def __init__(self, camera, challenge, *, password="p@ss", stale_after=1_000):
        self.camera, self.challenge, self.password = camera, challenge, password
        self.left = self.stale_after = stale_after
        self.number = 0

    def __call__(self, request):
        header = request.headers.get("authorization", "")
        if self.challenge == "Basic":
            wanted = "Basic " + base64.b64encode(f"admin:{self.password}".encode()).decode()
            return (
                self.camera.usual(request)
                if header == wanted
                else answer("401 Unauthorized", 'WWW-Authenticate: Basic realm="r"\r\n')
            )
        given = parse_challenge(header).parameters
        self.left -= 1
        if (
            given.get("nonce") == f"n{self.number}"
            and self.left > 0
            and given["response"] == self._wanted(given, request)
        ):
            return self.camera.usual(request)
        stale = ", stale=true" if self.left <= 0 else ""
        self.number, self.left = self.number + 1, self.stale_after
        return answer(
            "401 Unauthorized", f'WWW-Authenticate: Digest realm="r", nonce="n{self.number}", qop="auth"{stale}\r\n'
        )

    def _wanted(self, given, request):
        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()

        ours = md5(f"admin:r:{self.password}")
        return md5(
            f"{ours}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{md5(f'{request.method}:{request.url}')}"
        )


METHODS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER")


def guarded(challenge, *, methods=METHODS, **options):
    camera = ScriptedCamera(STREAM)
    guard = Guard(camera, challenge, **options)
    camera._script.update(dict.fromkeys(methods, guard))
    return camera


@pytest.mark.parametrize("challenge", ["Basic", "Digest"])
@pytest.mark.parametrize("methods", [METHODS, METHODS[1:], ("SETUP", "PLAY")])
def test_a_camera_that_asks_for_a_password_gets_it(challenge, methods):
    with guarded(challenge, methods=methods) as camera:
        connection, _ = watch(camera, url=camera.url(secret="admin:p%40ss@"))
        assert len(camera.requests) == 5
        connection.close()


def test_a_nonce_that_became_stale_is_replaced():
    with guarded("Digest", stale_after=3) as camera:
        connection, _ = watch(camera, url=camera.url(secret="admin:p@ss@"))
        for _ in range(4):
            connection._dialogue.keep_alive()
            drive(connection, lambda: connection._dialogue._question is None)
        connection.close()


@pytest.mark.parametrize("challenge", ["Basic", "Digest"])
def test_a_wrong_password_is_tried_once_and_named(challenge):
    with guarded(challenge) as camera:
        with pytest.raises(RtspAuthenticationFailed, match="không nhận tên hoặc mật khẩu"):
            drive(connect(camera.url(secret="admin:wr0ng@")), lambda: False)
        assert camera.methods() == ["OPTIONS", "OPTIONS"]


def test_a_camera_that_asks_for_a_password_where_there_is_none_is_named():
    with guarded("Basic") as camera, pytest.raises(RtspAuthenticationFailed, match="Hãy nhập tên và mật khẩu"):
        drive(connect(camera.url()), lambda: False)


def test_a_way_to_log_in_that_is_not_known_is_named():
    strange = answer("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n")
    with (
        ScriptedCamera(STREAM, DESCRIBE=strange) as camera,
        pytest.raises(RtspAuthenticationFailed, match="Basic hoặc Digest"),
    ):
        drive(connect(camera.url(secret="admin:p@ss@")), lambda: False)
