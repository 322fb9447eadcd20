"""The other way round: parameter sets made by hand, for what no encoder at hand writes."""


class BitWriter:
    def __init__(self):
        self.text = ""

    def bits(self, count, value):
        self.text += f"{value:0{count}b}" if count else ""
        return self

    def ue(self, *values):
        for value in values:
            code = f"{value + 1:b}"
            self.text += "0" * (len(code) - 1) + code
        return self

    def se(self, *values):
        return self.ue(*(2 * value - 1 if value > 0 else -2 * value for value in values))

    def payload(self):
        text = self.text + "1"
        text += "0" * (-len(text) % 8)
        return escape(int(text, 2).to_bytes(len(text) // 8, "big"))


def escape(payload):
    out, zeros = bytearray(), 0
    for byte in payload:
        if zeros == 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def write_h264_sps(
    *, profile=77, constraints=0, level=31, sps_id=0, chroma=1, scaling=False, order_type=0, columns=80, rows=45,
    frames_only=True, crop=None, vui=None,
):  # fmt: skip
    w = BitWriter().ue(sps_id)
    if profile in (100, 122, 244):
        w.ue(chroma)
        if chroma == 3:
            w.bits(1, 0)
        w.ue(0, 0).bits(1, 0).bits(1, int(scaling))
        if scaling:
            w.bits(1, 1).se(*[1] * 16).bits(1, 1).se(-8).bits(10 if chroma == 3 else 6, 0)
    w.ue(0, order_type)
    if order_type == 0:
        w.ue(4)
    elif order_type == 1:
        w.bits(1, 0).se(-1, 2).ue(2).se(3, -4)
    w.ue(2).bits(1, 0).ue(columns - 1, rows - 1).bits(1, int(frames_only))
    if not frames_only:
        w.bits(1, 0)
    w.bits(1, 1).bits(1, int(crop is not None))
    if crop is not None:
        w.ue(*crop)
    w.bits(1, int(vui is not None))
    if vui is not None:
        vui(w)
    return bytes((0x67, profile, constraints, level)) + w.payload()


def full_vui(reorder):
    """Everything the VUI can hold, so that each field is skipped right."""

    def write(w):
        w.bits(1, 1).bits(8, 255).bits(32, 0x00010001)  # extended aspect ratio
        w.bits(1, 1).bits(1, 0)  # overscan
        w.bits(1, 1).bits(4, 11).bits(1, 1).bits(24, 0x010101)  # video signal, colour
        w.bits(1, 1).ue(0, 0)  # chroma location
        w.bits(1, 1).bits(32, 1).bits(32, 30).bits(1, 1)  # timing
        for _ in range(2):  # NAL and VCL reference decoders
            w.bits(1, 1).ue(0).bits(8, 0).ue(100, 200).bits(1, 0).bits(20, 0)
        w.bits(1, 0).bits(1, 0)  # low delay, picture structure
        w.bits(1, 1).bits(1, 1).ue(0, 0, 9, 9, reorder, 4)

    return write


def silent_vui(w):
    w.bits(8, 0).bits(1, 0)


PPS = b"\x68\xce\x3c\x80"
