"""Who we are to a push service: a signed token by RFC 8292, with a key that lies outside the database."""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from binhyen.kernel.notify.channels.webpush.encryption import encoded, point_of

VALID_FOR_S = 12 * 3600  # RFC 8292 §2: at most 24 hours


def load_or_create(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key in `path`, made at first use with mode 0600. A lost key means that every browser subscribes anew."""
    if not path.exists():
        _write_new(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"Tệp khóa {path} không phải khóa P-256. Hãy phục hồi tệp này từ bản sao lưu khóa.")
    return key


def authorization(endpoint: str, *, key: ec.EllipticCurvePrivateKey, contact: str, now_s: int) -> str:
    """The value of the header for a message to `endpoint`."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(endpoint))
    claims = {"aud": origin, "exp": now_s + VALID_FOR_S, "sub": contact}
    unsigned = ".".join(encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(unsigned.encode(), ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"vapid t={unsigned}.{encoded(signature)}, k={encoded(point_of(key.public_key()))}"


def _write_new(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        os.link(beside, path)  # fails where another process was first: both then read the same key
    except FileExistsError:
        return
    finally:
        beside.unlink()
