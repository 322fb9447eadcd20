"""The initialisation segment: what a player must read before any fragment."""

import struct

from binhyen.media.codec import BitstreamError, h264, h265
from binhyen.media.fmp4.boxes import IDENTITY_MATRIX, box, full_box
from binhyen.media.packets import TICKS_PER_SECOND, Codec, ParameterSets

TRACK_ID = 1
_RESOLUTION_72_DPI = 0x480000
_UNDETERMINED_LANGUAGE = 0x55C4
_PROFILES_WITH_CHROMA = (100, 110, 122, 144)  # ISO/IEC 14496-15 clause 5.3.3.1.2


def init_segment(sets: ParameterSets) -> bytes:
    """`ftyp` and `moov` of one video track in 90 kHz ticks, `avc1` or `hvc1`."""
    brand = b"avc1" if sets.codec is Codec.H264 else b"hvc1"
    return box(b"ftyp", b"iso5\0\0\2\0iso5iso6mp41" + brand) + box(b"moov", _mvhd(), _trak(sets), _mvex())


def _mvhd() -> bytes:
    rate_and_volume = struct.pack(">IIIIIHH", 0, 0, 1000, 0, 0x10000, 0x100, 0)
    return full_box(
        b"mvhd", 0, 0, rate_and_volume, b"\0" * 8, IDENTITY_MATRIX, b"\0" * 24, struct.pack(">I", TRACK_ID + 1)
    )


def _mvex() -> bytes:
    return box(b"mvex", full_box(b"trex", 0, 0, struct.pack(">IIIII", TRACK_ID, 1, 0, 0, 0)))


def _trak(sets: ParameterSets) -> bytes:
    times = struct.pack(">IIIII", 0, 0, TRACK_ID, 0, 0)
    size = struct.pack(">II", sets.width << 16, sets.height << 16)
    tkhd = full_box(b"tkhd", 0, 3, times, b"\0" * 16, IDENTITY_MATRIX, size)
    mdhd = full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, TICKS_PER_SECOND, 0, _UNDETERMINED_LANGUAGE, 0))
    hdlr = full_box(b"hdlr", 0, 0, b"\0" * 4 + b"vide" + b"\0" * 12 + b"video\0")
    dinf = box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))
    minf = box(b"minf", full_box(b"vmhd", 0, 1, b"\0" * 8), dinf, _stbl(sets))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, minf))


def _stbl(sets: ParameterSets) -> bytes:
    stsd = full_box(b"stsd", 0, 0, struct.pack(">I", 1), _sample_entry(sets))
    empty = [full_box(kind, 0, 0, b"\0" * 4) for kind in (b"stts", b"stsc")]
    return box(b"stbl", stsd, *empty, full_box(b"stsz", 0, 0, b"\0" * 8), full_box(b"stco", 0, 0, b"\0" * 4))


def _sample_entry(sets: ParameterSets) -> bytes:
    resolution = struct.pack(">HHIIIH", sets.width, sets.height, _RESOLUTION_72_DPI, _RESOLUTION_72_DPI, 0, 1)
    fields = b"\0" * 6 + b"\0\1" + b"\0" * 16 + resolution + b"\0" * 32 + b"\0\x18\xff\xff"
    if sets.codec is Codec.H264:
        return box(b"avc1", fields, box(b"avcC", avc_configuration(sets)))
    return box(b"hvc1", fields, box(b"hvcC", hevc_configuration(sets)))


def avc_configuration(sets: ParameterSets) -> bytes:
    """AVCDecoderConfigurationRecord (ISO/IEC 14496-15 clause 5.3.3.1)."""
    sps = h264.parse_sps(sets.sps[0])
    record = [bytes((1, sps.profile, sps.constraints, sps.level, 0xFF, 0xE0 | len(sets.sps)))]
    record += [_with_length(nal) for nal in sets.sps]
    record.append(bytes((len(sets.pps),)))
    record += [_with_length(nal) for nal in sets.pps]
    if sps.profile in _PROFILES_WITH_CHROMA:
        record.append(bytes((0xFC | sps.chroma_format, 0xF8 | sps.luma_bits - 8, 0xF8 | sps.chroma_bits - 8, 0)))
    return b"".join(record)


def hevc_configuration(sets: ParameterSets) -> bytes:
    """HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 clause 8.3.3.1)."""
    sps = h265.parse_sps(sets.sps[0])
    layers = sps.temporal_layers << 3 | sps.temporal_nesting << 2 | 3
    record = [
        b"\1" + sps.profile_tier_level + b"\xf0\0\xfc",
        bytes((0xFC | sps.chroma_format, 0xF8 | sps.luma_bits - 8, 0xF8 | sps.chroma_bits - 8, 0, 0, layers, 3)),
    ]
    for kind, nals in ((h265.VPS, sets.vps), (h265.SPS, sets.sps), (h265.PPS, sets.pps)):
        record.append(struct.pack(">BH", 0x80 | kind, len(nals)))
        record += [_with_length(nal) for nal in nals]
    return b"".join(record)


def parse_avc_configuration(record: bytes) -> tuple[list[bytes], list[bytes]]:
    """(sequence, picture) parameter sets of an avcC box; BitstreamError if it is cut short."""
    try:
        sps, at = _read_sets(record, 6, record[5] & 31)
        pps, _ = _read_sets(record, at + 1, record[at])
    except IndexError as error:
        raise BitstreamError("avcC ends too early") from error
    return sps, pps


def parse_hevc_configuration(record: bytes) -> dict[int, list[bytes]]:
    """Parameter sets of an hvcC box by NAL unit type; BitstreamError if it is cut short."""
    found: dict[int, list[bytes]] = {}
    try:
        at = 23
        for _ in range(record[22]):
            kind, count = struct.unpack_from(">BH", record, at)
            nals, at = _read_sets(record, at + 3, count)
            found.setdefault(kind & 63, []).extend(nals)
    except (IndexError, struct.error) as error:
        raise BitstreamError("hvcC ends too early") from error
    return found


def _with_length(nal: bytes) -> bytes:
    return struct.pack(">H", len(nal)) + nal


def _read_sets(record: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    nals = []
    for _ in range(count):
        end = at + 2 + int.from_bytes(record[at : at + 2], "big")
        if at + 2 > len(record) or end > len(record):
            raise BitstreamError("a parameter set is longer than its box")
        nals.append(record[at + 2 : end])
        at = end
    return nals, at
