"""What stands on an owner's page of the own camera."""

from binhyen.modules.cameras.public import Camera, OwnPanel, add_own_panel
from binhyen.modules.consents.domain import consent_of


@add_own_panel
def consent_panel(camera: Camera) -> OwnPanel:
    """The consent in one look."""
    return OwnPanel("consents/_panel.html", {"consent": consent_of(camera), "code": camera.code})
