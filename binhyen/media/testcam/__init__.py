"""Simulated cameras that speak real RTSP: for the demo, the tests and the benchmarks.

`TestCameraServer` plays clips (`load_clip`, or the rendered street scene) as H.264 or H.265 over TCP and UDP, with
passwords, sub-streams, own clocks, and faults that are switched while it runs.
"""

from binhyen.media.testcam.clip import Clip, ClipError, read_clip
from binhyen.media.testcam.faults import Fault
from binhyen.media.testcam.rtp import Packing
from binhyen.media.testcam.server import TestCameraServer

__all__ = ["Clip", "ClipError", "Fault", "Packing", "TestCameraServer", "read_clip"]
