"""What a simulated camera says of itself (SDP, RFC 4566; RFC 6184 §8.2.1, RFC 7798 §7.1)."""

import base64

from binhyen.media.packets import Codec
from binhyen.media.testcam.clip import Clip, nal_type
from binhyen.media.testcam.rtp import PAYLOAD_TYPE


def session_description(clip: Clip) -> bytes:
    """SDP of one video track."""
    lines = [
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        f"s={clip.name}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {'H264' if clip.codec is Codec.H264 else 'H265'}/90000",
        f"a=fmtp:{PAYLOAD_TYPE} {_format(clip)}",
        "a=control:trackID=0",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def _format(clip: Clip) -> str:
    sets = clip.parameter_sets
    if clip.codec is Codec.H264:
        texts = ",".join(base64.b64encode(each).decode() for each in sets)
        return f"packetization-mode=1;profile-level-id={sets[0][1:4].hex()};sprop-parameter-sets={texts}"
    names = {32: "sprop-vps", 33: "sprop-sps", 34: "sprop-pps"}
    by_name: dict[str, list[str]] = {}
    for each in sets:
        by_name.setdefault(names[nal_type(clip.codec, each)], []).append(base64.b64encode(each).decode())
    return ";".join(f"{name}={','.join(texts)}" for name, texts in by_name.items())
