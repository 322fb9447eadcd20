"""The readable table of who gets what answer: one row per method, route and thing, one column per role."""

from dataclasses import dataclass
from pathlib import Path

from binhyen.kernel.units.roles import Role

FILE = Path(__file__).with_name("table.txt")
COLUMNS = ("anonymous", *(role.value for role in Role))
_SHORT = ("nobody", "duty", "commune", "invest", "chief", "owner", "auditor", "it", "leader", "member")
SHORT = dict(zip(COLUMNS, _SHORT, strict=True))
HEAD = """\
# Who gets what answer from every address, tried by tests/access (S01). Written with BINHYEN_WRITE_ACCESS_TABLE=1,
# then read by a person. Everyone serves commune A: `own` belongs to it, `other` to commune B, `closed` to a unit that
# was closed (everyone served there too); `home` is a household's camera in A, not of the owner who asks unless
# the address is under /camera-cua-toi/. POST is an empty form, POST:word one as people send it (examples.py).
#
# ok page or done · login to the sign-in page · no 403 with its reason · 404 as if it were not there ·
# 405 wrong method · bad 400, 409 or 422 · 401, 429, 503 as they are
"""


@dataclass(frozen=True, order=True)
class Row:
    """What is asked: `thing` is whose it is, `-` where the address names nothing."""

    address: str
    thing: str
    method: str


Table = dict[Row, dict[str, str]]


def read() -> Table:
    """The table as it stands."""
    found: Table = {}
    if not FILE.exists():
        return found
    for line in FILE.read_text().splitlines():
        if not line.strip() or line.startswith(("#", "address")):
            continue
        address, thing, method, *outcomes = line.split()
        found[Row(address, thing, method)] = dict(zip(COLUMNS, outcomes, strict=True))
    return found


def write(table: Table) -> None:
    """Replace the table."""
    width = max((len(row.address) for row in table), default=10) + 2
    titles = "".join(f"{SHORT[column]:<9}" for column in COLUMNS)
    lines = [HEAD, f"{'address':<{width}}{'thing':<8}{'method':<15}{titles}".rstrip()]
    for row in sorted(table):
        cells = "".join(f"{table[row][column]:<9}" for column in COLUMNS)
        lines.append(f"{row.address:<{width}}{row.thing:<8}{row.method:<15}{cells}".rstrip())
    FILE.write_text("\n".join(lines) + "\n")
