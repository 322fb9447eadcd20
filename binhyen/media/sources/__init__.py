"""Where video comes from: one folder per kind of source, all delivering into `packets.Sink`."""

from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.backoff import Backoff
from binhyen.media.sources.errors import SourceError
from binhyen.media.sources.rtsp import ConnectionState, RtspConnection
from binhyen.media.sources.urls import CameraUrl, parse_camera_url, redacted

__all__ = [
    "AddressPolicy",
    "Backoff",
    "CameraUrl",
    "ConnectionState",
    "RtspConnection",
    "SourceError",
    "parse_camera_url",
    "redacted",
]
