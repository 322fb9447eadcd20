"""H.264 parameter sets (ITU-T H.264 clause 7.3.2): only what a recorder must know."""

from dataclasses import dataclass

from binhyen.media.codec.bits import BitReader, BitstreamError, unescape

SPS = 7
PPS = 8

_PROFILES_WITH_CHROMA = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_INTRA_ONLY_WITH_SET3 = frozenset({44, 86, 100, 110, 122, 244})
_EXTENDED_SAR = 255
_MAX_MACROBLOCKS = 139_264  # MaxFS of level 6.2, table A-1
_MAX_DPB_MACROBLOCKS = {  # table A-1: MaxDpbMbs by level_idc
    9: 396, 10: 396, 11: 900, 12: 2376, 13: 2376, 20: 2376, 21: 4752, 22: 8100, 30: 8100, 31: 18000, 32: 20480,
    40: 32768, 41: 32768, 42: 34816, 50: 110400, 51: 184320, 52: 184320, 60: 696320, 61: 696320, 62: 696320,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class H264Sps:
    """A sequence parameter set. `width` and `height` in pixels after cropping."""

    id: int
    profile: int
    constraints: int
    level: int
    chroma_format: int
    luma_bits: int
    chroma_bits: int
    width: int
    height: int
    reorder_frames: int

    @property
    def mime(self) -> str:
        """RFC 6381 name, e.g. "avc1.64001f"."""
        return f"avc1.{self.profile:02x}{self.constraints:02x}{self.level:02x}"


@dataclass(frozen=True, slots=True)
class _Chroma:
    format: int = 1
    luma_bits: int = 8
    chroma_bits: int = 8
    separate_planes: bool = False


def parse_sps(nal: bytes) -> H264Sps:
    """The sequence parameter set in `nal` (with its header byte); BitstreamError if it is none."""
    if len(nal) < 5 or nal[0] & 0x9F != SPS:
        raise BitstreamError("not an H.264 sequence parameter set")
    profile, constraints, level = nal[1:4]
    bits = BitReader(unescape(nal[4:]))
    sps_id = bits.unsigned_up_to(31, "seq_parameter_set_id")
    chroma = _read_chroma(bits) if profile in _PROFILES_WITH_CHROMA else _Chroma()
    order_type = _read_picture_order(bits)
    bits.unsigned_up_to(16, "max_num_ref_frames")
    bits.flag()  # gaps_in_frame_num_value_allowed_flag
    columns, map_rows = bits.unsigned() + 1, bits.unsigned() + 1
    frames_only = bits.flag()
    if not frames_only:
        bits.flag()  # mb_adaptive_frame_field_flag
    bits.flag()  # direct_8x8_inference_flag
    rows = map_rows * (1 if frames_only else 2)
    if columns * rows > _MAX_MACROBLOCKS:
        raise BitstreamError(f"picture of {columns}x{rows} macroblocks is larger than any level allows")
    width, height = _cropped(bits, columns * 16, rows * 16, chroma, frames_only)
    never_reorders = profile == 66 or order_type == 2 or (profile in _INTRA_ONLY_WITH_SET3 and bool(constraints & 16))
    told = _read_reorder_frames(bits) if bits.flag() else None
    largest = _largest_reorder(level, columns * rows)
    return H264Sps(
        sps_id, profile, constraints, level, chroma.format, chroma.luma_bits, chroma.chroma_bits, width, height,
        0 if never_reorders else largest if told is None else told,
    )  # fmt: skip


def find_pps_id(nal: bytes) -> int:
    """The identifier of the picture parameter set in `nal`; BitstreamError if it is none."""
    if len(nal) < 2 or nal[0] & 0x9F != PPS:
        raise BitstreamError("not an H.264 picture parameter set")
    return BitReader(unescape(nal[1:16])).unsigned_up_to(255, "pic_parameter_set_id")


def _read_chroma(bits: BitReader) -> _Chroma:
    chroma_format = bits.unsigned_up_to(3, "chroma_format_idc")
    separate = chroma_format == 3 and bits.flag()
    luma = 8 + bits.unsigned_up_to(6, "bit_depth_luma_minus8")
    chroma = 8 + bits.unsigned_up_to(6, "bit_depth_chroma_minus8")
    bits.flag()  # qpprime_y_zero_transform_bypass_flag
    if bits.flag():
        for index in range(12 if chroma_format == 3 else 8):
            if bits.flag():
                _skip_scaling_list(bits, 16 if index < 6 else 64)
    return _Chroma(chroma_format, luma, chroma, separate)


def _skip_scaling_list(bits: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _read_picture_order(bits: BitReader) -> int:
    bits.unsigned_up_to(12, "log2_max_frame_num_minus4")
    order_type = bits.unsigned_up_to(2, "pic_order_cnt_type")
    if order_type == 0:
        bits.unsigned_up_to(12, "log2_max_pic_order_cnt_lsb_minus4")
    elif order_type == 1:
        bits.flag()
        bits.signed()
        bits.signed()
        for _ in range(bits.unsigned_up_to(255, "num_ref_frames_in_pic_order_cnt_cycle")):
            bits.signed()
    return order_type


def _cropped(bits: BitReader, width: int, height: int, chroma: _Chroma, frames_only: bool) -> tuple[int, int]:
    if not bits.flag():
        return width, height
    left, right, top, bottom = (bits.unsigned() for _ in range(4))
    planes = 0 if chroma.separate_planes else chroma.format
    across = 2 if planes in (1, 2) else 1
    down = (2 if planes == 1 else 1) * (1 if frames_only else 2)
    width, height = width - across * (left + right), height - down * (top + bottom)
    if width <= 0 or height <= 0:
        raise BitstreamError("cropping leaves no picture")
    return width, height


def _read_reorder_frames(bits: BitReader) -> int | None:
    """max_num_reorder_frames of the VUI (clause E.1.1), or None where it is absent or cut off.

    Some cameras write a VUI that ends too early; the picture size before it is still right.
    """
    try:
        _skip_vui_head(bits)
        if not bits.flag():
            return None
        bits.flag()  # motion_vectors_over_pic_boundaries_flag
        for _ in range(4):
            bits.unsigned()
        return bits.unsigned_up_to(16, "max_num_reorder_frames")
    except BitstreamError:
        return None


def _skip_vui_head(bits: BitReader) -> None:
    if bits.flag() and bits.bits(8) == _EXTENDED_SAR:
        bits.bits(32)
    if bits.flag():
        bits.flag()  # overscan_appropriate_flag
    if bits.flag():
        bits.bits(4)  # video_format, video_full_range_flag
        if bits.flag():
            bits.bits(24)
    if bits.flag():
        bits.unsigned()
        bits.unsigned()
    if bits.flag():
        bits.bits(65)  # num_units_in_tick, time_scale, fixed_frame_rate_flag
    nal_hrd = bits.flag()
    if nal_hrd:
        _skip_hrd(bits)
    vcl_hrd = bits.flag()
    if vcl_hrd:
        _skip_hrd(bits)
    if nal_hrd or vcl_hrd:
        bits.flag()  # low_delay_hrd_flag
    bits.flag()  # pic_struct_present_flag


def _skip_hrd(bits: BitReader) -> None:
    count = bits.unsigned_up_to(31, "cpb_cnt_minus1") + 1
    bits.bits(8)
    for _ in range(count):
        bits.unsigned()
        bits.unsigned()
        bits.flag()
    bits.bits(20)


def _largest_reorder(level: int, macroblocks: int) -> int:
    """MaxDpbFrames (clause A.3.1), which bounds reordering when the VUI is silent."""
    return min(_MAX_DPB_MACROBLOCKS.get(level, 696320) // macroblocks, 16)
