"""Keys never lie beside the data in clear: the folder `keys` is sealed with a passphrase before it enters a backup."""

import base64
import io
import json
import os
import secrets
import tarfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from binhyen.backups.faults import BackupError

LETTERS_MIN = 12
SCRYPT_N = 2**17  # 128 MiB and about half a second for each guess
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32


def check_passphrase(passphrase: str) -> str:
    """The passphrase, if it can protect anything. Raises BackupError."""
    if len(passphrase) < LETTERS_MIN:
        raise BackupError(
            f"Cụm mật khẩu có {len(passphrase)} ký tự, cần ít nhất {LETTERS_MIN}. "
            "Hãy dùng bốn, năm từ không liên quan tới nhau."
        )
    return passphrase


def seal_keys(folder: Path, passphrase: str, *, manifest_sha256: str, n: int = SCRYPT_N) -> bytes:
    """All files of `folder`, sealed and bound to one manifest."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(passphrase, salt, n)).encrypt(nonce, _packed(folder), manifest_sha256.encode())
    told = {"kdf": "scrypt", "n": n, "salt": salt, "nonce": nonce, "sealed": sealed}
    text = {name: base64.b64encode(each).decode() if isinstance(each, bytes) else each for name, each in told.items()}
    return json.dumps(text).encode()


def open_keys(sealed: bytes, passphrase: str, *, manifest_sha256: str) -> dict[str, bytes]:
    """The files of the folder `keys` by name. Raises BackupError for another passphrase or a changed manifest."""
    try:
        told = json.loads(sealed)
        salt, nonce, body = (base64.b64decode(told[name]) for name in ("salt", "nonce", "sealed"))
        n = int(told["n"])
        if n > SCRYPT_N * 8 or n & (n - 1):
            raise ValueError("cost of the key derivation out of bounds")
        packed = AESGCM(_key(passphrase, salt, n)).decrypt(nonce, body, manifest_sha256.encode())
    except InvalidTag as error:
        raise BackupError(
            "Cụm mật khẩu không đúng, hoặc danh mục của bản sao lưu đã bị sửa. Chưa có gì bị thay đổi."
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError("Phần khóa trong bản sao lưu bị hỏng. Hãy dùng bản sao lưu khác.") from error
    return _unpacked(packed)


def write_keys(folder: Path, files: dict[str, bytes]) -> None:
    """Put the files into `folder`, readable by their owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)


def read_keys(folder: Path) -> dict[str, bytes]:
    """The files of a folder of keys that somebody kept apart."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if _is_key(path)}


def _key(passphrase: str, salt: bytes, n: int) -> bytes:
    return Scrypt(salt=salt, length=_KEY_BYTES, n=n, r=8, p=1).derive(passphrase.encode())


def _packed(folder: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in read_keys(folder).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _unpacked(packed: bytes) -> dict[str, bytes]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None or Path(member.name).name != member.name:
                raise BackupError(f"Phần khóa có tên tệp không hợp lệ: {member.name}.")
            found[member.name] = content.read()
    return found


def _is_key(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")
