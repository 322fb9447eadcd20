"""Sources that are read by FFmpeg's libraries."""

from binhyen.media.sources.av.source import SCHEMES, AvSource

__all__ = ["SCHEMES", "AvSource"]
