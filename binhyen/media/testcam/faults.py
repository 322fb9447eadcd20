"""What can be wrong with a simulated camera, switched while it runs."""

from enum import StrEnum


class Fault(StrEnum):
    """One way in which a camera misbehaves."""

    NONE = "none"
    SILENT = "silent"  # connected, answers, sends no picture
    DEAD = "dead"  # takes the connection and never answers
    GARBAGE = "garbage"  # bytes that are no RTSP and no RTP
    NOISE = "noise"  # well-formed RTP whose contents are random
    FLAP = "flap"  # hangs up every three seconds
    REFUSE = "refuse"  # 503 to every request; running sessions are cut
    LOSS = "loss"  # one packet in five never arrives
    PARAMETER_CHANGE = "parameter_change"  # another size from the next key picture on, in the same session
    BAD_PASSWORD = "bad_password"  # noqa: S105 - the name of a fault: every password is wrong
