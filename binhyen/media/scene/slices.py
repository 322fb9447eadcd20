"""A band of the picture coded by hand, so that it can show what was not known when the clip was encoded.

The encoder gives the top band of every picture a slice of its own. Slices are decoded without regard to their
neighbours, so that slice can be replaced when the picture is sent: macroblocks that changed are sent as
raw samples (I_PCM), the others are skipped or predicted from their flat neighbour. What lies below never
points into the band: the encoder saw noise there (see `encode.py`), which no motion search prefers.

Needs CAVLC, frame coding, no deblocking, no weighted prediction (H.264 §7.3.3, §7.3.4, §7.3.5, §9.2.1).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from binhyen.media.scene.bits import BitReader, BitWriter, escaped, unescaped

Band = NDArray[np.uint8]
"""Luma samples of the band, rows × columns; both are multiples of 16. Chroma is always neutral grey."""

MACROBLOCK = 16
INTRA_PCM = 25
INTRA_16X16_DC = 3  # Intra_16x16, DC prediction, no coefficients
INTRA_IN_P = 5  # mb_type of intra macroblocks in P slices starts here
NEUTRAL_CHROMA = bytes((128,)) * 128
_FIRST_BITS = 8  # the NAL header


class BandError(ValueError):
    """The clip was not encoded in a way that lets its top band be replaced."""


@dataclass(frozen=True, slots=True)
class CodingTools:
    """What the parameter sets say and a slice header needs."""

    frame_number_bits: int
    order_type: int
    order_bits: int
    deblocking_in_header: bool

    @classmethod
    def of(cls, sps: bytes, pps: bytes) -> "CodingTools":
        """Raises BandError where the stream uses what this module cannot write."""
        number_bits, order_type, order_bits = _read_sequence(BitReader(unescaped(sps)))
        return cls(number_bits, order_type, order_bits, _read_picture(BitReader(unescaped(pps))))


@dataclass(frozen=True, slots=True)
class SliceHeader:
    """The header of the encoder's own slice, kept bit by bit. `intra` tells an I slice from a P slice."""

    nal_header: int
    bits: int
    width: int
    intra: bool

    @classmethod
    def read(cls, nal: bytes, tools: CodingTools) -> "SliceHeader":
        payload = unescaped(nal[:64])
        reader = BitReader(payload)
        reader.at = _FIRST_BITS
        intra = _skip_slice_header(reader, nal[0], tools)
        end = reader.at
        value = int.from_bytes(payload, "big") >> (len(payload) * 8 - end)
        return cls(nal[0], value & ((1 << (end - _FIRST_BITS)) - 1), end - _FIRST_BITS, intra)

    def writer(self) -> BitWriter:
        writer = BitWriter()
        writer.unsigned(self.nal_header, 8)
        writer.unsigned(self.bits, self.width)
        return writer


def whole_band(header: SliceHeader, band: Band, flat: int) -> bytes:
    """An I slice with all of `band`; macroblocks of the even tone `flat` cost a few bits."""
    writer = header.writer()
    pcm: set[tuple[int, int]] = set()
    rows, columns = band.shape[0] // MACROBLOCK, band.shape[1] // MACROBLOCK
    for row in range(rows):
        for column in range(columns):
            if _follows_from_neighbours(band, row, column, flat):
                writer.golomb(INTRA_16X16_DC)
                writer.golomb(0)  # intra_chroma_pred_mode: DC
                writer.golomb(0)  # mb_qp_delta
                _no_coefficients(writer, (row, column - 1) in pcm, (row - 1, column) in pcm, row > 0 and column > 0)
            else:
                pcm.add((row, column))
                _raw_macroblock(writer, band, row, column, INTRA_PCM)
    return escaped(writer.finish())


def changed_band(header: SliceHeader, band: Band, before: Band) -> bytes:
    """A P slice that repeats `before` except for the macroblocks in which `band` differs."""
    writer, skipped = header.writer(), 0
    rows, columns = band.shape[0] // MACROBLOCK, band.shape[1] // MACROBLOCK
    blocks = (band != before).reshape(rows, MACROBLOCK, columns, MACROBLOCK).any(axis=(1, 3))
    for row in range(rows):
        for column in range(columns):
            if not blocks[row, column]:
                skipped += 1
                continue
            writer.golomb(skipped)
            skipped = 0
            _raw_macroblock(writer, band, row, column, INTRA_IN_P + INTRA_PCM)
    if skipped:
        writer.golomb(skipped)
    return escaped(writer.finish())


def _raw_macroblock(writer: BitWriter, band: Band, row: int, column: int, mb_type: int) -> None:
    y, x = row * MACROBLOCK, column * MACROBLOCK
    writer.golomb(mb_type)
    writer.align()
    writer.raw(band[y : y + MACROBLOCK, x : x + MACROBLOCK].tobytes() + NEUTRAL_CHROMA)


def _follows_from_neighbours(band: Band, row: int, column: int, flat: int) -> bool:
    """DC prediction gives `flat` exactly: some neighbour exists and every sample it predicts from is flat."""
    if not (row or column):
        return False
    y, x = row * MACROBLOCK, column * MACROBLOCK
    seen = band[max(y - 1, 0) : y + MACROBLOCK, max(x - 1, 0) : x + MACROBLOCK]
    return bool((seen == flat).all())


def _no_coefficients(writer: BitWriter, left_raw: bool, above_raw: bool, both: bool) -> None:
    """coeff_token for 0 coefficients; its table depends on the neighbours, and raw ones count 16 (§9.2.1)."""
    total = 16 * (left_raw + above_raw)
    count = (total + 1) >> 1 if both else total
    writer.unsigned(0b000011, 6) if count >= 8 else writer.unsigned(1, 1)


def _read_sequence(reader: BitReader) -> tuple[int, int, int]:
    reader.at = _FIRST_BITS
    profile = reader.unsigned(8)
    if profile not in (66, 77, 88):
        raise BandError(f"profile {profile} carries fields this module does not read")
    reader.unsigned(16)
    reader.golomb()  # seq_parameter_set_id
    number_bits = reader.golomb() + 4
    order_type = reader.golomb()
    if order_type == 1:
        raise BandError("picture order count type 1")
    order_bits = reader.golomb() + 4 if order_type == 0 else 0
    reader.golomb()  # max_num_ref_frames
    reader.bit()
    reader.golomb()
    reader.golomb()
    if not reader.bit():
        raise BandError("field coding")
    return number_bits, order_type, order_bits


def _read_picture(reader: BitReader) -> bool:
    reader.at = _FIRST_BITS
    reader.golomb()
    reader.golomb()
    if reader.bit():
        raise BandError("CABAC")
    if reader.bit():
        raise BandError("bottom field order in slice headers")
    if reader.golomb():
        raise BandError("slice groups")
    reader.golomb()
    reader.golomb()
    if reader.bit() or reader.unsigned(2):
        raise BandError("weighted prediction")
    for _ in range(3):
        reader.signed_golomb()
    return bool(reader.bit())


def _skip_slice_header(reader: BitReader, nal_header: int, tools: CodingTools) -> bool:
    """Move `reader` behind the header (§7.3.3); whether it is an I slice."""
    kind = nal_header & 31
    if reader.golomb() != 0:
        raise BandError("the first slice does not start the picture")
    intra = reader.golomb() % 5 == 2
    reader.golomb()
    reader.unsigned(tools.frame_number_bits)
    if kind == 5:
        reader.golomb()
    reader.unsigned(tools.order_bits)
    if not intra:
        if reader.bit():
            reader.golomb()
        if reader.bit():
            raise BandError("reference lists are reordered")
    if nal_header & 0x60:
        _skip_marking(reader, kind)
    reader.signed_golomb()
    if not tools.deblocking_in_header or reader.golomb() != 1:
        raise BandError("deblocking is on")
    return intra


def _skip_marking(reader: BitReader, kind: int) -> None:
    if kind == 5:
        reader.unsigned(2)
    elif reader.bit():
        raise BandError("adaptive reference marking")
