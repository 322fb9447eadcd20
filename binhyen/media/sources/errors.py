"""Why a camera cannot be read, each with a sentence for the person who has to mend it.

No message ever holds a password: they are built from codes and from the camera's own words, never from a URL.
"""

from binhyen.contracts import GapReason

_MOST_WORDS = 120


def quoted(words: str) -> str:
    """What a camera said, printable and short, safe to show and to log."""
    printable = "".join(letter if letter.isprintable() else " " for letter in words).strip()
    return printable[:_MOST_WORDS] + ("…" if len(printable) > _MOST_WORDS else "")


class SourceError(Exception):
    """A camera source gave up. `str()` is a Vietnamese sentence; `gap_reason` is what the recording notes."""

    gap_reason = GapReason.CONNECTION


class MalformedUrl(SourceError):
    """The address of a camera cannot be understood."""


class AddressRefused(SourceError):
    """The address of a camera is one that this product never connects to (RELIABILITY S05)."""


class NameNotFound(SourceError):
    """The name of a camera has no address."""


class CameraUnreachable(SourceError):
    """No connection, or it broke."""


class CameraClosed(SourceError):
    """The camera ended the connection or its stream."""


class RtspTimeout(SourceError):
    """The camera did not answer in time."""


class RtspAuthenticationFailed(SourceError):
    """The camera does not accept the user name and password, or asks for them and there are none."""


class RtspRefused(SourceError):
    """The camera answered with an error."""


class RtspUnsupported(SourceError):
    """The camera offers nothing that can be recorded this way."""


class RtspGarbage(SourceError):
    """What arrives is not RTSP or not video."""

    gap_reason = GapReason.GARBAGE


class SourceUnreadable(SourceError):
    """FFmpeg's libraries cannot open or read the source."""
