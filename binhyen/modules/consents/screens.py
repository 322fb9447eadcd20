"""Menu entry."""

from binhyen.kernel.screens import MenuEntry, add_menu_entry
from binhyen.modules.cameras.public import NETWORK_MENU
from binhyen.modules.consents.invitations import INVITERS

add_menu_entry(MenuEntry("Mời hộ gia đình", "invitations", "qrcode", 37, INVITERS, NETWORK_MENU))
