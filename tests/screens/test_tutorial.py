"""The tutorial is a module that works: its blocks are taken out of the page, migrated and tested."""

import os
import re
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.architecture.house import ROOT

PAGE = ROOT / "docs" / "howto" / "a-module-in-150-lines.md"
BLOCK = re.compile(r"^### `(?P<path>[\w/.]+)`\n(?P<words>.*?)^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
SETTINGS = 'from binhyen.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, "radios"]\n'


def blocks():
    return {found["path"]: found["code"] for found in BLOCK.finditer(PAGE.read_text())}


@pytest.fixture
def package(tmp_path):
    for path, code in blocks().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code)
    for folder in ("radios", "radios/migrations"):
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "tutorial_settings.py").write_text(SETTINGS)
    return tmp_path


def run(package, *arguments):
    """A Python process that has the package, on a database of its own of the same server."""
    url = urlsplit(os.environ["DATABASE_URL"])
    own = {
        "PYTHONPATH": f"{package}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tutorial_settings",
        "DATABASE_URL": urlunsplit(url._replace(path="/tutorial")),
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | own
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)


def test_the_module_has_150_lines():
    written = [line for code in blocks().values() for line in code.splitlines() if line.strip()]
    assert len(written) <= 150


def run_tests(package, *files):
    """pytest in a process that has the package."""
    return run(package, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--create-db",
               "--ds=tutorial_settings", *files)  # fmt: skip


def test_its_own_tests_and_every_contract_hold_for_it(package):
    own = str(package / "radios" / "tests.py")
    on_it = ("tests/screens/on_radios.py", "tests/screens/on_radios_at_the_edges.py")
    contracts = ("tests/screens/test_every_register.py", "tests/measures/test_every_measure.py")
    # The product's own registers and measures are tried where they are; here they would be tried once more each.
    done = run_tests(package, "-k", "radio or bo-dam", own, *contracts, *on_it)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.slow
def test_S02_S06_no_harm_comes_to_it_by_what_is_sent(package):
    done = run_tests(package, "-k", "radio", "tests/screens/test_harm_to_registers.py")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_F14_its_long_lists_are_written_behind(package):
    done = run_tests(package, "tests/screens/on_long_lists.py")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.browser
def test_its_pages_work_in_a_browser_on_a_desk_and_on_a_phone(package):
    done = run_tests(package, "tests/screens/in_browser.py")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_its_migration_is_the_one_that_its_model_needs(package):
    code = "import django; django.setup(); from django.core.management import call_command; "
    code += "call_command('makemigrations', 'radios', check=True, dry_run=True, skip_checks=True)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": f"{package}{os.pathsep}{ROOT}", "DJANGO_SETTINGS_MODULE": "tutorial_settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
