"""Under which name entries of the network stand together in the menu."""

from binhyen.kernel.screens import MenuGroup

MENU = MenuGroup("Mạng camera", "topology-star-3")
