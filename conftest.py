"""Fixtures for every test, and a budget of time for the slow proofs."""

import time

import pytest

pytest_plugins = ["binhyen.kernel.testing.fixtures", "tests.browser"]

_started_at = time.monotonic()


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option: the budget of time."""
    parser.addoption(
        "--budget-minutes",
        type=float,
        default=None,
        help="begin no further test after so many minutes; what was left out is reported as skipped, by name",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what no longer fits."""
    budget = item.config.getoption("--budget-minutes")
    if budget is not None and time.monotonic() - _started_at > budget * 60:
        pytest.skip(f"left out: the budget of {budget:.0f} minutes is used up")
