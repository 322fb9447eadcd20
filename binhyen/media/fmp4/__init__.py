"""Fragmented MP4 (ISO/IEC 14496-12 and -15): written as it arrives, read back up to the last whole byte."""

from binhyen.media.fmp4.fragment import Fragmenter, Sample, decode_times, fragment, fragment_header
from binhyen.media.fmp4.init import init_segment
from binhyen.media.fmp4.retime import retime
from binhyen.media.fmp4.scan import (
    Box,
    FragmentError,
    Scan,
    ScannedFragment,
    ScannedSample,
    payload_is_sound,
    read_boxes,
    scan,
    scan_file,
)
from binhyen.media.fmp4.wall_clock import instant_from_ntp, ntp_from_instant

__all__ = [
    "Box",
    "FragmentError",
    "Fragmenter",
    "Sample",
    "Scan",
    "ScannedFragment",
    "ScannedSample",
    "decode_times",
    "fragment",
    "fragment_header",
    "init_segment",
    "instant_from_ntp",
    "ntp_from_instant",
    "payload_is_sound",
    "read_boxes",
    "retime",
    "scan",
    "scan_file",
]
