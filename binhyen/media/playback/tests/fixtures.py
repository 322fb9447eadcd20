"""Clips that tests of live pictures and playback share; encoded once per session."""

import pytest

from binhyen.media.playback.tests.pictures import encode_clip


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="session")
def street(clips):
    """Four seconds of H.264 at 15 frames/s, a key frame every two seconds."""
    return encode_clip(clips / "street.mp4")


@pytest.fixture(scope="session")
def small(clips):
    """The same, smaller and of another colour."""
    return encode_clip(clips / "small.mp4", size=(320, 180), hue=120)


@pytest.fixture(scope="session")
def reordered(clips):
    """H.264 with B frames."""
    return encode_clip(clips / "reordered.mp4", bframes=2)


@pytest.fixture(scope="session")
def high_efficiency(clips):
    """H.265, which Debian's Chromium does not play."""
    return encode_clip(clips / "h265.mp4", codec="libx265", seconds=1.5, gop=10, size=(160, 96))
