"""What other modules use of this one; they import nothing else of it.

- **The security checklist**: `record_check(camera_code, item, outcome, by=…)` keeps what came of trying one item at a
  camera of tier 1 or 2; `DEFAULT_PASSWORD` is the item “no default password”; outcomes are of `CheckOutcome`.
- **Tables**: `CameraSite`, `CameraCluster`, `NetworkDevice`, `NetworkLine`, for foreign keys (`"network.CameraSite"`).
- **Menu**: entries of the network stand under `MENU`.
"""

from binhyen.modules.cameras.public import NETWORK_MENU as MENU
from binhyen.modules.network.checklist import DEFAULT_PASSWORD, Item, items, items_on
from binhyen.modules.network.domain import record_check
from binhyen.modules.network.models import CameraCluster, CameraSite, NetworkDevice, NetworkLine, SecurityCheck

CheckOutcome = SecurityCheck.Outcome

__all__ = [
    "DEFAULT_PASSWORD",
    "MENU",
    "CameraCluster",
    "CameraSite",
    "CheckOutcome",
    "Item",
    "NetworkDevice",
    "NetworkLine",
    "items",
    "items_on",
    "record_check",
]
