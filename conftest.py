"""Fixtures for every test."""

pytest_plugins = ["binhyen.kernel.testing.fixtures", "tests.browser"]
