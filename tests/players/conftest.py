import pytest

from binhyen.media.playback.tests.fixtures import clips, high_efficiency, reordered, small, street

__all__ = ["clips", "high_efficiency", "reordered", "small", "street"]


@pytest.fixture(scope="package")
def browser(chromium):
    """The one Chromium of the test run; each page has a context of its own."""
    return chromium
