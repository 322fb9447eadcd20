"""A small world for tests: named units and people. Modules build on it in their own tests."""
