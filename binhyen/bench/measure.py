"""What processes cost, from /proc: processor time to the tick, memory as the share that is theirs (PSS)."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """User plus system seconds; proportional set size in bytes."""

    cpu_s: float
    pss_bytes: int


def cost_of(pids: Iterable[int]) -> Cost:
    """The sum over `pids`, all their threads included. ProcessLookupError when one has ended."""
    pids = tuple(pids)
    return Cost(sum(map(cpu_seconds, pids)), sum(map(pss_bytes, pids)))


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads of a process, those that ended included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        raise ProcessLookupError(pid) from None
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND


def pss_bytes(pid: int) -> int:
    """Private memory plus a fair share of what is shared."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
