"""`binhyen bench measures`: figures of a country of 3,321 communes, beside a plain GROUP BY over the same rows.

Forty measures, one row of each in every commune in each of 24 months: as hard as it gets for cells, which save the more
the more rows they sum. Embedded PostgreSQL with the product's own configuration, caches warm.
"""

import argparse
import json
import statistics
import time

from binhyen.bench.cameras import scratch
from binhyen.bench.lists import database

SIZES = (100, 600, 3321)
"""Communes; the last is how many the country has since 2025-07-01."""
ROUNDS = 5


def register(parser: argparse.ArgumentParser) -> None:
    """How many communes."""
    parser.add_argument("--communes", type=int, default=SIZES[-1], help="số xã lớn nhất (mặc định 3.321)")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; exit status 0 whatever they are."""
    started = time.monotonic()
    with scratch() as folder, database(folder, "binhyen.bench.tallied.settings"):
        from binhyen.bench.tallied.country import MONTHS, Country  # Django is set up when the database is there

        country = Country()
        growth = {}
        for size in sorted({min(size, arguments.communes) for size in SIZES}):
            country.grow_to(size)
            ours = country.measured(country.questions(), ROUNDS)
            growth[size] = p95(ours)
        plain = country.measured(country.group_bys(), 2)
        cells = country.cells()
        changed = [country.change_seconds() for _ in range(20)]
        writes = country.write_ms()
    both = [name for name in plain if name in ours]
    report = {
        "communes": size,
        "measures": len(country.measures),
        "months": MONTHS,
        "cells": cells,
        "page_p95_ms": p95(ours),
        "page_p50_ms": round(statistics.median(every(ours)), 1),
        "change_seconds": round(max(changed), 4),
        "vs_group_by": round(sum(map(median, pick(ours, both))) / sum(map(median, pick(plain, both))), 4),
        "growth_p95_ms": growth,
        "pages_ms": {name: round(max(times), 1) for name, times in ours.items()},
        "group_by_ms": {name: round(max(times), 1) for name, times in plain.items()},
        **writes,
        "bench_seconds": round(time.monotonic() - started),
    }
    print(json.dumps(report, ensure_ascii=False))
    return 0


median = statistics.median


def pick(taken: dict[str, list[float]], names: list[str]) -> list[list[float]]:
    """The measurements with these names."""
    return [taken[name] for name in names]


def every(taken: dict[str, list[float]]) -> list[float]:
    """All measurements together."""
    return [each for times in taken.values() for each in times]


def p95(taken: dict[str, list[float]]) -> float:
    """The 95th percentile of all."""
    return round(statistics.quantiles(every(taken), n=20)[-1], 1)
