"""Which locked packages have a known vulnerability, from a copy of the OSV database that the operator brings.

    script/check-vulnerabilities all.zip …     files or folders: PyPI/all.zip and npm/all.zip as osv.dev gives them out

Nothing is asked over a network, and the repository ships no copy: it would be old. Format: OSV schema 1.x.
Exit status 0: none; 1: some; 2: the copy cannot be used, or is older than `OLD_AFTER`.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tests.architecture.house import ROOT
from tests.architecture.licences import requirements

OLD_AFTER = timedelta(days=31)
LOCKS = "requirements.lock", "requirements-test.lock"


class UnusableCopy(Exception):
    """There is nothing to compare with; the message is a sentence."""


Locked = tuple[str, str, str]
"""Ecosystem, name, version."""


@dataclass(frozen=True)
class Found:
    """A locked package that an entry concerns; `fixed` are versions that are no longer concerned."""

    ecosystem: str
    package: str
    version: str
    entry: str
    summary: str
    fixed: tuple[str, ...]


def locked() -> list[Locked]:
    """Everything that the lock files name, for whatever version of Python."""
    python = {
        ("PyPI", canonicalize_name(each.name), str(each.specifier).removeprefix("=="))
        for lock in LOCKS
        for each in requirements(lock)
    }
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return [
        *sorted(python),
        *(("npm", path.rpartition("node_modules/")[2], each["version"]) for path, each in packages.items() if path),
    ]


def entries(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Every entry in the files and folders. Raises UnusableCopy."""
    for path in paths:
        if path.is_dir():
            yield from entries(sorted(each for each in path.rglob("*") if each.suffix in (".json", ".zip")))
            continue
        try:
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        if name.endswith(".json"):
                            yield json.loads(archive.read(name))
            else:
                yield json.loads(path.read_bytes())
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise UnusableCopy(f"{path} cannot be read: {error}") from error


def check(paths: Iterable[Path], packages: list[Locked], *, at: datetime) -> list[Found]:
    """What of `packages` is concerned. Raises UnusableCopy for a copy that is empty or too old to say anything."""
    found, newest, count = [], "", 0
    for entry in entries(paths):
        count += 1
        newest = max(newest, str(entry.get("modified", "")))
        if "withdrawn" not in entry:
            found += list(concerned(entry, packages))
    if not count:
        raise UnusableCopy("no entry of the OSV database found")
    told = datetime.fromisoformat(newest.replace("Z", "+00:00"))
    if at - told > OLD_AFTER:
        raise UnusableCopy(f"the copy ends on {told:%Y-%m-%d}: bring a newer one")
    return found


def concerned(entry: dict[str, Any], packages: list[Locked]) -> Iterator[Found]:
    """The locked packages that `entry` is about."""
    for affected in entry.get("affected", ()):
        named = affected.get("package", {})
        ecosystem, name = named.get("ecosystem", ""), named.get("name", "")
        name = canonicalize_name(name) if ecosystem == "PyPI" else name
        for locked_one in packages:
            if locked_one[:2] != (ecosystem, name) or not is_affected(affected, locked_one[2]):
                continue
            events = [event for each in affected.get("ranges", ()) for event in each["events"]]
            fixed = tuple(event["fixed"] for event in events if "fixed" in event)
            yield Found(*locked_one, entry["id"], entry.get("summary", "")[:200], fixed)


def is_affected(affected: dict[str, Any], version: str) -> bool:
    """Whether the version is listed, or lies in one of the ranges (evaluated as the schema says)."""
    if version in affected.get("versions", ()):
        return True
    return any(
        within(each["events"], version)
        for each in affected.get("ranges", ())
        if each["type"] in ("ECOSYSTEM", "SEMVER")
    )


def within(events: list[dict[str, str]], version: str) -> bool:
    """Walk the events in the order of their versions up to `version`."""
    ours, inside = Version(version), False
    for kind, bound in sorted(((k, v) for event in events for k, v in event.items()), key=lambda pair: order(pair[1])):
        if kind == "introduced" and order(bound) <= ours:
            inside = True
        elif (kind == "fixed" and order(bound) <= ours) or (kind == "last_affected" and order(bound) < ours):
            inside = False
    return inside


def order(version: str) -> Version:
    """How versions compare; what is no version of Python's counts as the lowest: better one report too many."""
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0")


def main(arguments: list[str]) -> int:
    """Say what was found."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        found = check(map(Path, arguments), locked(), at=datetime.now(UTC))
    except UnusableCopy as error:
        print(error, file=sys.stderr)
        return 2
    for each in found:
        print(f"{each.ecosystem} {each.package} {each.version}: {each.entry} {each.summary} (fixed: {each.fixed})")
    print(f"{len(found)} known vulnerabilities in {len(locked())} locked packages of {ROOT.name}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
