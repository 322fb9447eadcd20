"""Where one installation keeps its things, read from the environment. Imports no Django: every process uses it."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SECRET_BYTES = 48


def data_folder() -> Path:
    """The folder that holds this installation: `BINHYEN_DATA`, or `data` in the current folder."""
    return Path(os.environ.get("BINHYEN_DATA", "data")).absolute()


def secret(path: Path) -> str:
    """A random secret of this installation, made at first use, readable by its owner alone."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = secrets.token_urlsafe(SECRET_BYTES)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(made)
        os.link(beside, path)  # fails where another process was first: both then read the same secret
    except FileExistsError:
        return path.read_text().strip()
    finally:
        beside.unlink()
    return made


def secret_setting(name: str) -> str:
    """A secret given by the environment: `name` itself, or the file that `name`_FILE says (so that no listing of
    processes shows it); empty where neither is set. Raises OSError where the file cannot be read."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else os.environ.get(name, "")


def database_settings() -> dict[str, Any]:
    """Django's settings for `DATABASE_URL` (postgresql://user:password@host:port/name?option=value)."""
    url = urlsplit(os.environ.get("DATABASE_URL", "postgresql:///binhyen"))
    if url.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"DATABASE_URL phải bắt đầu bằng postgresql://, không phải {url.scheme!r}://")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": str(url.port or query.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # connections that a restarted server dropped are not handed out
        # A page that waits longer than this says that the database is away.
        "OPTIONS": {**query, "pool": {"min_size": 1, "max_size": 20, "timeout": 5}},
        "TEST": {"NAME": "test_" + unquote(url.path.lstrip("/"))},
    }
