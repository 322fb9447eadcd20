import subprocess
import sys

from tests.architecture.house import ROOT, broken_rules


def test_the_house_rules_hold():
    assert list(broken_rules()) == []


def test_the_import_contracts_hold():
    linter = ROOT / ".venv" / "bin" / "lint-imports"
    command = [str(linter)] if linter.exists() else [sys.executable, "-m", "importlinter.cli"]
    done = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stdout
