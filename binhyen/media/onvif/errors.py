"""Why a camera cannot be asked over ONVIF, each with a sentence for the person who has to mend it."""

from binhyen.media.sources.errors import SourceError


class OnvifError(SourceError):
    """Asking a camera over ONVIF came to nothing. `str()` is a Vietnamese sentence without any password."""


class OnvifUnreachable(OnvifError):
    """No connection, or none in time."""


class OnvifGarbage(OnvifError):
    """What the camera answers is not SOAP, is too large, or is not what was asked for."""


class OnvifNotAuthorised(OnvifError):
    """The camera does not accept the user name and password, or asks for them and there are none."""


class OnvifLocked(OnvifNotAuthorised):
    """The camera refuses everybody for a while, after too many wrong passwords."""


class OnvifUnsupported(OnvifError):
    """The camera does not offer this operation."""


class OnvifFault(OnvifError):
    """The camera refused the operation with another fault."""


class OnvifElsewhere(OnvifError):
    """The camera points to another host; nobody goes there (RELIABILITY S05)."""
