"""Bringing the database's schema to this version, or saying why not."""

import subprocess
import sys
from collections.abc import Callable, Mapping

NEWER, FAILED = 3, 1


class SchemaError(Exception):
    """The schema cannot be used by this version; the message is a sentence for the person at the console."""


def prepare_database(environment: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Apply what is missing. Raises SchemaError for a database of a newer version, which stays untouched.

    In a process of its own, so that the supervisor itself stays small and free of Django.
    """
    done = subprocess.run(
        [sys.executable, "-m", "binhyen.supervisor.migrate"],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        say(line)
    if done.returncode == NEWER:
        raise SchemaError(done.stderr.strip().splitlines()[-1])
    if done.returncode:
        raise SchemaError(f"Không chuẩn bị được cơ sở dữ liệu: {done.stderr.strip()[-600:]}")
