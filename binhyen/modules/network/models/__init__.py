"""Tables of the network around the cameras."""

from binhyen.modules.network.models.outages import FoldedTo, Outage
from binhyen.modules.network.models.sites import CameraCluster, CameraSite, SiteDonor
from binhyen.modules.network.models.upkeep import CameraCertificate, SecurityCheck
from binhyen.modules.network.models.wires import CameraPort, NetworkDevice, NetworkLine, NetworkService

__all__ = [
    "CameraCertificate", "CameraCluster", "CameraPort", "CameraSite", "FoldedTo", "NetworkDevice", "NetworkLine",
    "NetworkService", "Outage", "SecurityCheck", "SiteDonor",
]  # fmt: skip
