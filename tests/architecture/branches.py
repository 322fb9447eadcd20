"""The share of branches that the tests took, package by package, from the coverage data of the last run.

`python -m tests.architecture.branches` prints it, with what was missed, and fails below the bound.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coverage import Coverage

LEAST_PERCENT = {"contracts": 95.0, "kernel": 95.0, "media": 95.0}
"""By package, without the tests in a browser."""


@dataclass(frozen=True)
class Share:
    """How many branches of a package there are and were taken; `missed` says in which files, most first."""

    package: str
    branches: int
    taken: int
    missed: dict[str, int]

    @property
    def percent(self) -> float:
        return 100 * self.taken / self.branches if self.branches else 100.0


def shares(report: dict[str, Any]) -> Iterator[Share]:
    """From the JSON that `coverage json` writes."""
    for package in LEAST_PERCENT:
        files = {
            name: each["summary"] for name, each in report["files"].items() if name.startswith(f"binhyen/{package}/")
        }
        missed = {name: found["missing_branches"] for name, found in files.items() if found["missing_branches"]}
        yield Share(
            package,
            sum(found["num_branches"] for found in files.values()),
            sum(found["covered_branches"] for found in files.values()),
            dict(sorted(missed.items(), key=lambda each: -each[1])),
        )


def main() -> int:
    """Exit status 1 where a package is below the bound, or has no branch at all: then nothing was measured."""
    coverage = Coverage()
    coverage.load()
    with TemporaryDirectory() as folder:
        written = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(written))
        found = list(shares(json.loads(written.read_text())))
    for share in found:
        print(f"{share.package}: {share.taken} of {share.branches} branches, {share.percent:.2f} %")
        for name, count in share.missed.items():
            print(f"  {count:3} {name}")
    return int(any(share.percent < LEAST_PERCENT[share.package] or not share.branches for share in found))


if __name__ == "__main__":
    sys.exit(main())
