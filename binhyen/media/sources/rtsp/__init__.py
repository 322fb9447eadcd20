"""RTSP 1.0 over TCP (RFC 2326), our own: ten times lighter than a process per camera."""

from binhyen.media.sources.rtsp.connection import ConnectionState, ReceiveBuffer, RtspConnection

__all__ = ["ConnectionState", "ReceiveBuffer", "RtspConnection"]
