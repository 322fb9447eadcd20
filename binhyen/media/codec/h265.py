"""H.265 parameter sets (ITU-T H.265 clause 7.3.2): only what a recorder must know."""

from dataclasses import dataclass

from binhyen.media.codec.bits import BitReader, BitstreamError, unescape

VPS = 32
SPS = 33
PPS = 34

_PROFILE_BYTES = 12  # general_profile_space … general_level_idc
_MAX_SIDE = 16_888  # 8 * sqrt(MaxLumaPs) of level 6.2, clause A.4.1


@dataclass(frozen=True, slots=True)
class H265Sps:
    """A sequence parameter set. `width` and `height` in pixels after cropping.

    `profile_tier_level` are the twelve bytes that an hvcC box repeats (ISO/IEC 14496-15 clause 8.3.3).
    """

    id: int
    profile_tier_level: bytes
    temporal_layers: int
    temporal_nesting: bool
    chroma_format: int
    luma_bits: int
    chroma_bits: int
    width: int
    height: int
    reorder_frames: int

    @property
    def mime(self) -> str:
        """RFC 6381 name by ISO/IEC 14496-15 annex E, e.g. "hvc1.1.6.L93.B0"."""
        head, level = self.profile_tier_level[0], self.profile_tier_level[11]
        space = ("", "A", "B", "C")[head >> 6]
        compatibility = int(f"{int.from_bytes(self.profile_tier_level[1:5], 'big'):032b}"[::-1], 2)
        tier = "H" if head & 0x20 else "L"
        constraints = self.profile_tier_level[5:11].rstrip(b"\0")
        parts = [f"hvc1.{space}{head & 31}", f"{compatibility:X}", f"{tier}{level}", *(f"{b:X}" for b in constraints)]
        return ".".join(parts)


def parse_sps(nal: bytes) -> H265Sps:
    """The sequence parameter set in `nal` (with its two header bytes); BitstreamError if it is none."""
    _expect_type(nal, SPS, "sequence")
    bits = BitReader(unescape(nal[2:]))
    bits.bits(4)  # sps_video_parameter_set_id
    sub_layers = bits.bits(3)
    nesting = bits.flag()
    profile_tier_level = _read_profile_tier_level(bits, sub_layers)
    sps_id = bits.unsigned_up_to(15, "sps_seq_parameter_set_id")
    chroma_format = bits.unsigned_up_to(3, "chroma_format_idc")
    separate = chroma_format == 3 and bits.flag()
    width = bits.unsigned_up_to(_MAX_SIDE, "pic_width_in_luma_samples")
    height = bits.unsigned_up_to(_MAX_SIDE, "pic_height_in_luma_samples")
    width, height = _cropped(bits, width, height, 0 if separate else chroma_format)
    luma = 8 + bits.unsigned_up_to(8, "bit_depth_luma_minus8")
    chroma = 8 + bits.unsigned_up_to(8, "bit_depth_chroma_minus8")
    bits.unsigned_up_to(12, "log2_max_pic_order_cnt_lsb_minus4")
    reorder = _read_reorder_frames(bits, sub_layers)
    return H265Sps(
        sps_id, profile_tier_level, sub_layers + 1, nesting, chroma_format, luma, chroma, width, height, reorder
    )


def find_vps_id(nal: bytes) -> int:
    """The identifier of the video parameter set in `nal`; BitstreamError if it is none."""
    _expect_type(nal, VPS, "video")
    return nal[2] >> 4


def find_pps_id(nal: bytes) -> int:
    """The identifier of the picture parameter set in `nal`; BitstreamError if it is none."""
    _expect_type(nal, PPS, "picture")
    return BitReader(unescape(nal[2:16])).unsigned_up_to(63, "pps_pic_parameter_set_id")


def _expect_type(nal: bytes, kind: int, what: str) -> None:
    if len(nal) < 3 or nal[0] & 0x80 or (nal[0] >> 1) & 63 != kind:
        raise BitstreamError(f"not an H.265 {what} parameter set")


def _read_profile_tier_level(bits: BitReader, sub_layers: int) -> bytes:
    """The general part as it stands; those of sub-layers are skipped (clause 7.3.3)."""
    general = bits.bits(8 * _PROFILE_BYTES).to_bytes(_PROFILE_BYTES, "big")
    present = [(bits.flag(), bits.flag()) for _ in range(sub_layers)]
    if sub_layers:
        bits.bits(2 * (8 - sub_layers))
    for has_profile, has_level in present:
        bits.bits(88 * has_profile + 8 * has_level)
    return general


def _cropped(bits: BitReader, width: int, height: int, planes: int) -> tuple[int, int]:
    if bits.flag():
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
        width -= (2 if planes in (1, 2) else 1) * (left + right)
        height -= (2 if planes == 1 else 1) * (top + bottom)
    if width <= 0 or height <= 0:
        raise BitstreamError("cropping leaves no picture")
    return width, height


def _read_reorder_frames(bits: BitReader, sub_layers: int) -> int:
    """sps_max_num_reorder_pics of the highest sub-layer."""
    reorder = 0
    for _ in range(sub_layers + 1 if bits.flag() else 1):
        bits.unsigned()  # sps_max_dec_pic_buffering_minus1
        reorder = bits.unsigned_up_to(16, "sps_max_num_reorder_pics")
        bits.unsigned()  # sps_max_latency_increase_plus1
    return reorder
