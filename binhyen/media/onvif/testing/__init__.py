"""Cameras that speak ONVIF over real sockets: for the tests, the benchmarks and whoever tries the product.

`OnvifDouble` is one device service (Device, Media, Media2) over HTTP; `DiscoveryDouble` answers WS-Discovery probes for
any number of them. What each does wrong is switched while it runs.
"""

from binhyen.media.onvif.testing.device import Misdeed, Offered, OnvifDouble
from binhyen.media.onvif.testing.discovery import DiscoveryDouble
from binhyen.media.onvif.testing.serving import OnvifCameras

__all__ = ["DiscoveryDouble", "Misdeed", "Offered", "OnvifCameras", "OnvifDouble"]
