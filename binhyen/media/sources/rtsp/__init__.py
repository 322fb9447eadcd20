"""RTSP 1.0 over TCP (RFC 2326), our own: ten times lighter than a process per camera."""

from binhyen.media.sources.rtsp.connection import ConnectionState, RtspConnection
from binhyen.media.sources.rtsp.rtp import ReceiveBuffer

__all__ = ["ConnectionState", "ReceiveBuffer", "RtspConnection"]
