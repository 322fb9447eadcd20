"""Bits of H.264 headers: Exp-Golomb codes, emulation prevention (H.264 §7.3.1, §9.1)."""

import re

_EMULATION = re.compile(rb"\0\0([\0-\3])")


def unescaped(nal: bytes) -> bytes:
    """The raw byte sequence payload inside a NAL unit, its header byte included."""
    return nal.replace(b"\0\0\3", b"\0\0")


def escaped(payload: bytes) -> bytes:
    """A NAL unit from its header byte and raw byte sequence payload."""
    out, start, zeros = bytearray(), 0, 0
    if not _EMULATION.search(payload):
        return payload
    for at, byte in enumerate(payload):
        if zeros == 2 and byte <= 3:
            out += payload[start:at] + b"\3"
            start, zeros = at, 0
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out + payload[start:])


class BitReader:
    """Reads a payload bit by bit; raises IndexError past its end."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self.at = 0

    def bit(self) -> int:
        byte = self._payload[self.at >> 3]
        value = byte >> (7 - (self.at & 7)) & 1
        self.at += 1
        return value

    def unsigned(self, width: int) -> int:
        value = 0
        for _ in range(width):
            value = value << 1 | self.bit()
        return value

    def golomb(self) -> int:
        """ue(v)."""
        zeros = 0
        while not self.bit():
            zeros += 1
        return (1 << zeros) - 1 + self.unsigned(zeros)

    def signed_golomb(self) -> int:
        """se(v)."""
        code = self.golomb()
        return (code + 1) // 2 if code & 1 else -(code // 2)


class BitWriter:
    """Builds a payload; whole bytes are moved out as soon as they are complete."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._value = 0
        self._width = 0

    def unsigned(self, value: int, width: int) -> None:
        self._value = self._value << width | value
        self._width += width
        if self._width >= 8:
            rest = self._width & 7
            self._bytes += (self._value >> rest).to_bytes((self._width - rest) // 8, "big")
            self._value &= (1 << rest) - 1
            self._width = rest

    def golomb(self, value: int) -> None:
        """ue(v)."""
        width = (value + 1).bit_length()
        self.unsigned(value + 1, 2 * width - 1)

    def align(self) -> None:
        """Zero bits up to the next whole byte."""
        self.unsigned(0, -self._width % 8)

    def raw(self, content: bytes) -> None:
        """Whole bytes; the position must be aligned."""
        self._bytes += content

    def finish(self) -> bytes:
        """The payload with its stop bit and padding."""
        self.unsigned(1, 1)
        self.align()
        return bytes(self._bytes)
