from binhyen.media.playback.tests.fixtures import clips, high_efficiency, reordered, small, street

__all__ = ["clips", "high_efficiency", "reordered", "small", "street"]
