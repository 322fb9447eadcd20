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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: the browser's own event loop stays in the thread once it has run."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what no longer fits."""
    budget = item.config.getoption("--budget-minutes")
    if budget is not None and time.monotonic() - _started_at > budget * 60:
        pytest.skip(f"left out: the budget of {budget:.0f} minutes is used up")
