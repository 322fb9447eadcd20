"""ParameterSets from what a camera sent."""

from collections.abc import Iterable

from binhyen.media.codec import h264, h265
from binhyen.media.codec.bits import BitstreamError
from binhyen.media.packets import Codec, ParameterSets


def build_parameter_sets(
    codec: Codec, *, sps: Iterable[bytes], pps: Iterable[bytes], vps: Iterable[bytes] = ()
) -> ParameterSets:
    """What a decoder must know, with size and name from the first sequence parameter set.

    Raises BitstreamError where one is missing or cannot be parsed.
    """
    vps, sps, pps = tuple(vps), tuple(sps), tuple(pps)
    if not sps or not pps or (codec is Codec.H265 and not vps):
        raise BitstreamError("a parameter set is missing")
    for nal in (*vps, *pps):
        parameter_set_key(codec, nal)
    parsed: h264.H264Sps | h265.H265Sps
    parsed = h264.parse_sps(sps[0]) if codec is Codec.H264 else h265.parse_sps(sps[0])
    return ParameterSets(codec, vps, sps, pps, parsed.mime, parsed.width, parsed.height, parsed.reorder_frames)


def parameter_set_key(codec: Codec, nal: bytes) -> tuple[int, int]:
    """(NAL unit type, identifier): a later set with the same key replaces the earlier one."""
    if not nal:
        raise BitstreamError("an empty parameter set")
    if codec is Codec.H264:
        if nal[0] & 31 == h264.SPS:
            return h264.SPS, h264.parse_sps(nal).id
        return h264.PPS, h264.find_pps_id(nal)
    kind = nal[0] >> 1 & 63
    if kind == h265.VPS:
        return kind, h265.find_vps_id(nal)
    if kind == h265.SPS:
        return kind, h265.parse_sps(nal).id
    return h265.PPS, h265.find_pps_id(nal)


class ParameterSetStore:
    """The parameter sets in force, as they arrive one by one. `changed` until whoever announces them says otherwise."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.changed = True
        self._by_key: dict[tuple[int, int], bytes] = {}
        self._known: set[bytes] = set()

    def take(self, nal: bytes) -> bool:
        """Keep `nal`; true if it is news. Raises BitstreamError."""
        if nal in self._known:
            return False
        key = parameter_set_key(self.codec, nal)
        self._by_key[key] = nal
        self._known = set(self._by_key.values())
        self.changed = True
        return True

    def current(self) -> ParameterSets:
        """The sets in force; raises BitstreamError while one is missing."""
        by_type: dict[int, list[bytes]] = {}
        for (kind, _), nal in sorted(self._by_key.items()):
            by_type.setdefault(kind, []).append(nal)
        numbers = h264 if self.codec is Codec.H264 else h265
        return build_parameter_sets(
            self.codec,
            sps=by_type.get(numbers.SPS, ()),
            pps=by_type.get(numbers.PPS, ()),
            vps=by_type.get(h265.VPS, ()),
        )
