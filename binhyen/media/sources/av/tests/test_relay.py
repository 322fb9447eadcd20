import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from binhyen.media.codec.tests.encoded import encoded
from binhyen.media.sources.av import relay as module
from binhyen.media.sources.av.relay import Relay
from binhyen.media.sources.av.tests.test_av_source import ended
from binhyen.media.sources.errors import CameraUnreachable, RtspTimeout, SourceUnreadable
from binhyen.media.sources.rtsp.tests.scripted import ScriptedCamera, answer

STREAM = encoded()


@pytest.fixture
def certificate(tmp_path):
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    path = tmp_path / "camera.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize("scheme", ["rtsp+udp", "rtsps"])
def test_S05_rtsp_redirects_are_not_followed(scheme, certificate):
    def moved(request):
        return answer("302 Moved", f"Location: {target.url()}\r\n", number=request.headers["cseq"])

    with ScriptedCamera(STREAM) as target, ScriptedCamera(STREAM, OPTIONS=moved, DESCRIBE=moved) as camera:
        port = tls_in_front(camera, certificate) if scheme == "rtsps" else camera.port
        sink, error = ended(f"{scheme}://127.0.0.1:{port}/")
        assert (sink.units, type(error), target.requests) == ([], SourceUnreadable, [])
        assert camera.requests != []


def tls_in_front(camera, certificate):
    """A TLS port of the scripted camera."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener, listener.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as peer:
            camera.peers.append(peer)
            camera._talk(peer)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def test_rtsp_over_tls_is_read(certificate):
    with ScriptedCamera(STREAM) as camera:
        port = tls_in_front(camera, certificate)
        relay = Relay("127.0.0.1", port, tls=True)
        with socket.create_connection(("127.0.0.1", relay.port)) as client:
            client.sendall(b"PLAY x RTSP/1.0\r\nCSeq: 1\r\n\r\n")
            received = b""
            while len(received) < len(camera._media):
                received += client.recv(65536)
        relay.close()
    assert received.endswith(camera._media)


def test_what_does_not_speak_tls_is_named():
    with ScriptedCamera(STREAM, media=b"") as camera:
        camera._reply = lambda text: b"RTSP/1.0 400 Bad Request\r\n\r\n"
        threading.Timer(0.2, lambda: [peer.shutdown(socket.SHUT_RDWR) for peer in camera.peers]).start()
        with pytest.raises(CameraUnreachable):
            Relay("127.0.0.1", camera.port, tls=True)


def test_a_camera_that_does_not_shake_hands_times_out(monkeypatch):
    monkeypatch.setattr(module, "CONNECT_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(RtspTimeout):
        Relay("127.0.0.1", silent.getsockname()[1], tls=True)


def test_a_relay_that_nobody_used_closes_at_once():
    with ScriptedCamera(STREAM) as camera:
        relay = Relay("127.0.0.1", camera.port, tls=False)
        relay.close()
        assert not relay._thread.is_alive()
