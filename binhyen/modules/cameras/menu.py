"""Under which name what belongs to the network of cameras stands together in the menu."""

from binhyen.kernel.screens import MenuGroup

NETWORK_MENU = MenuGroup("Mạng camera", "topology-star-3")
