"""Fixtures for every test, and a budget of time for the slow proofs."""

import asyncio
import os
import time
from collections.abc import Iterator

import pytest
from django.db import connection

pytest.register_assert_rewrite("binhyen.kernel.testing")  # contract tests tell what differed, as others do
pytest_plugins = ["binhyen.kernel.testing.fixtures", "tests.browser", "tests.promises.noting"]

_started_at = time.monotonic()


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option: the budget of time."""
    parser.addoption(
        "--budget-minutes",
        type=float,
        default=None,
        help="begin no further test after so many minutes; what was left out is reported as skipped, by name",
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A worker's database begins as a copy of one that has been migrated, where the run has its own server."""
    template = os.environ.get("BINHYEN_TEST_TEMPLATE")
    if template:
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(autouse=True)
def no_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright's loop stays marked as running in its thread for as long as the browser lives; a test that has
    nothing to do with a browser must be able to run a loop of its own."""
    running = asyncio._get_running_loop()
    if running is None or request.node.get_closest_marker("browser") is not None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what no longer fits."""
    budget = item.config.getoption("--budget-minutes")
    if budget is not None and time.monotonic() - _started_at > budget * 60:
        pytest.skip(f"left out: the budget of {budget:.0f} minutes is used up")
