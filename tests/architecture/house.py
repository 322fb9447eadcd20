"""House rules that no linter knows: sizes, reasons for exceptions, what the repository must not carry.

`python -m tests.architecture.house` prints what breaks them.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 500
LONGEST_FUNCTION_P90 = 30
CODE = {".py", ".js", ".css", ".html", ".typ"}
EXCUSE_WITHOUT_REASON = re.compile(r"# (noqa(: [A-Z0-9, ]+)?|type: ignore(\[[a-z, -]+\])?)\s*$")
FORBIDDEN = {
    "an address of a package registry": re.compile(r"registry\.npmjs\.org|files\.pythonhosted\.org|pypi\.org"),
    "an identity of one machine": re.compile(r"(?<![\w.])/(work|root|home/[a-z]+)/[a-z]"),
    "a biometric library": re.compile(
        r"^\s*(import|from) (face_recognition|insightface|deepface|facenet)", re.MULTILINE
    ),
}


def tracked_files() -> list[Path]:
    """Files that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def function_lengths(source: str) -> Iterator[int]:
    """Lines of every function, docstring and signature included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def broken_rules() -> Iterator[str]:
    """A sentence for each place that breaks a rule."""
    lengths: list[int] = []
    for path in tracked_files():
        name = path.relative_to(ROOT)
        if path.suffix in {".png", ".woff2", ".pdf"} or name.name.endswith("lock.json") or path.suffix == ".lock":
            continue
        text = path.read_text()
        is_read_by_people = path.suffix in CODE and path.parent.name != "migrations"  # those Django writes
        if is_read_by_people and text.count("\n") > LONGEST_FILE:
            yield f"{name}: {text.count(chr(10))} lines, more than {LONGEST_FILE}"
        if path.suffix == ".py":
            lengths.extend(function_lengths(text))
            for number, line in enumerate(text.splitlines(), 1):
                if EXCUSE_WITHOUT_REASON.search(line):
                    yield f"{name}:{number}: an exception without its reason"
        if path != Path(__file__):
            yield from (f"{name}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(text))
    p90 = sorted(lengths)[int(len(lengths) * 0.9)]
    if p90 > LONGEST_FUNCTION_P90:
        yield f"the 90th percentile of function lengths is {p90} lines, more than {LONGEST_FUNCTION_P90}"


if __name__ == "__main__":
    found = list(broken_rules())
    print("\n".join(found))
    sys.exit(1 if found else 0)
