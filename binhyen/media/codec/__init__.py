"""H.264 and H.265 as far as a recorder must read them: parameter sets and NAL units, never pictures."""

from binhyen.media.codec.bits import BitstreamError
from binhyen.media.codec.nal import SYNTAX, NalSyntax, Packing, Role, annex_b_units, length_prefixed_units
from binhyen.media.codec.parameters import ParameterSetStore, build_parameter_sets

__all__ = [
    "SYNTAX",
    "BitstreamError",
    "NalSyntax",
    "Packing",
    "ParameterSetStore",
    "Role",
    "annex_b_units",
    "build_parameter_sets",
    "length_prefixed_units",
]
