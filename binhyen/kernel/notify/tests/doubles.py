"""What lies outside the machine, on loopback: a mail server, an SMS gateway, a push service."""

import datetime
import ipaddress
import json
import socket
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from binhyen.kernel.notify.channels.webpush.encryption import decoded, encoded


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# --- certificates --------------------------------------------------------------------------------------------------
def make_certificate(folder):
    """A self-signed certificate for `localhost` and `push.example`: paths of certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.DNSName("push.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1))
        .not_valid_after(datetime.datetime(2100, 1, 1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


def serving_tls(folder):
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


# --- mail ----------------------------------------------------------------------------------------------------------
class MailServer(socketserver.ThreadingTCPServer):
    """RFC 5321, as much as a client of one recipient needs. `answers` are replies to RCPT, one a conversation."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), _MailConversation)
        self.mails, self.answers, self.tls = [], [], tls
        self.may_take, self.has_data, self.keeps_cut_off = threading.Event(), threading.Event(), True
        self.may_take.set()

    @property
    def port(self):
        return self.server_address[1]

    def get_request(self):
        connection, address = super().get_request()
        return (self.tls.wrap_socket(connection, server_side=True) if self.tls else connection), address

    def handle_error(self, request, client_address):
        """A client that was killed is what a test wants."""


class _MailConversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 mail.example")
        while line := self.rfile.readline():
            word = line.decode().split(" ")[0].strip().upper()
            if word == "DATA":
                self.take()
            elif word == "QUIT":
                self.say("221 bye")
                return
            elif word == "RCPT" and self.server.answers:
                self.say(self.server.answers.pop(0))
            else:
                self.say("250 mail.example" if word in ("EHLO", "HELO", "MAIL", "RCPT", "RSET") else "502 no")

    def take(self):
        self.say("354 go on")
        body = b""
        while (line := self.rfile.readline()) != b".\r\n":
            body += line.removeprefix(b".")
        mail = message_from_bytes(body, policy=default)
        if self.server.keeps_cut_off:
            self.server.mails.append(mail)
        self.server.has_data.set()
        self.server.may_take.wait(20)
        self.say("250 taken")
        if not self.server.keeps_cut_off and self.is_heard():
            self.server.mails.append(mail)

    def is_heard(self):
        """Whether the client is still there to go on."""
        try:
            return self.connection.recv(1, socket.MSG_PEEK) != b""
        except OSError:
            return False

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()


# --- SMS -----------------------------------------------------------------------------------------------------------
@dataclass
class Gateway:
    """What was asked of the SMS gateway, and how it answers: a list of statuses, then 200."""

    url: str = ""
    asked: list = field(default_factory=list)
    statuses: list = field(default_factory=list)


@contextmanager
def sms_gateway():
    gateway = Gateway()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = "json" in self.headers["Content-Type"]
            fields = json.loads(body) if is_json else {name: values[0] for name, values in parse_qs(body).items()}
            gateway.asked.append((self.path, dict(self.headers), fields))
            status = gateway.statuses.pop(0) if gateway.statuses else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://169.254.169.254/latest/")
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Asked)) as server:
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send?from=BINHYEN"
        yield gateway


# --- push ----------------------------------------------------------------------------------------------------------
class Browser:
    """A browser's side of RFC 8291: its keys, and reading what was encrypted for it. Written apart from the sender."""

    def __init__(self, endpoint):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.auth, self.endpoint = b"0123456789abcdef", endpoint

    @property
    def told(self):
        return {"endpoint": self.endpoint, "keys": {"p256dh": encoded(self.point), "auth": encoded(self.auth)}}

    def read(self, body):
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(body) <= size == 4096
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        secret = HKDF(SHA256(), 32, self.auth, b"WebPush: info\0" + self.point + theirs).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        padded = AESGCM(key).decrypt(nonce, sealed, None)
        return json.loads(padded.rstrip(b"\0").removesuffix(b"\x02"))


@dataclass
class PushService:
    """`posted` by path: headers and body; `statuses` by path, 201 otherwise."""

    origin: str
    port: int
    trusting: ssl.SSLContext
    posted: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)


@contextmanager
def push_service(folder):
    tls, certificate = serving_tls(folder)
    trusting = ssl.create_default_context(cafile=certificate)

    class Posted(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.posted.append((self.path, dict(self.headers), body))
            self.send_response(service.statuses.get(self.path, 201))
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Posted)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    service = PushService(f"https://push.example:{port}", port, trusting)
    with running(server):
        yield service


__all__ = [
    "Browser",
    "MailServer",
    "decoded",
    "make_certificate",
    "push_service",
    "running",
    "serving_tls",
    "sms_gateway",
]
