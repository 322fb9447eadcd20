"""Reading of the bit syntax that H.264 and H.265 share (ITU-T H.264 clause 7.2 and 9.1)."""

MAX_PARAMETER_SET_BYTES = 4096
"""Real ones have some dozens of bytes; a bound keeps a hostile camera from costing time."""


class BitstreamError(ValueError):
    """What a camera sent as a parameter set or a NAL unit is not one."""


def unescape(payload: bytes) -> bytes:
    """`payload` of a NAL unit without the emulation prevention bytes (H.264 clause 7.4.1)."""
    if b"\0\0\3" not in payload:
        return payload
    plain = bytearray()
    zeros = 0
    for byte in payload:
        if zeros >= 2 and byte == 3:
            zeros = 0
            continue
        plain.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(plain)


class BitReader:
    """Reads fixed-length and Exp-Golomb codes from the left; BitstreamError past the end."""

    __slots__ = ("_left", "_value")

    def __init__(self, payload: bytes) -> None:
        if len(payload) > MAX_PARAMETER_SET_BYTES:
            raise BitstreamError(f"parameter set of {len(payload)} bytes; at most {MAX_PARAMETER_SET_BYTES}")
        self._value = int.from_bytes(payload, "big")
        self._left = len(payload) * 8

    def bits(self, count: int) -> int:
        """The next `count` bits, u(n)."""
        if count > self._left:
            raise BitstreamError("parameter set ends too early")
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def flag(self) -> bool:
        """One bit as a truth value."""
        return self.bits(1) == 1

    def unsigned(self) -> int:
        """An Exp-Golomb code, ue(v)."""
        rest = self._value & ((1 << self._left) - 1)
        zeros = self._left - rest.bit_length()
        if zeros > 32 or 2 * zeros + 1 > self._left:
            raise BitstreamError("Exp-Golomb code runs past the end of the parameter set")
        self._left -= 2 * zeros + 1
        return (rest >> self._left) - 1

    def signed(self) -> int:
        """A signed Exp-Golomb code, se(v)."""
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)

    def unsigned_up_to(self, most: int, what: str) -> int:
        """An Exp-Golomb code that the standard bounds by `most`."""
        code = self.unsigned()
        if code > most:
            raise BitstreamError(f"{what} is {code}; at most {most}")
        return code
