"""Menu entry."""

from binhyen.kernel.screens import MenuEntry, add_menu_entry
from binhyen.modules.consents.invitations import INVITERS

add_menu_entry(MenuEntry("Mời hộ gia đình", "invitations", "qrcode", 14, INVITERS))
