"""Moving a stored fragment in time without touching its pictures: for playback that joins pieces of many files."""

import struct

from binhyen.media.fmp4.scan import FragmentError, read_boxes


def retime(fragment: bytearray | memoryview, *, sequence: int, decode_offset: int) -> memoryview:
    """Give `fragment` (from its `moof` or `prft`) another sequence number and move its times by `decode_offset` ticks.

    It is changed where it lies; what is returned is the part of it to be sent. The `prft` is left out: its media time
    would no longer be true. Raises FragmentError.
    """
    boxes = {each.kind: each for each in read_boxes(fragment)}
    if b"moof" not in boxes or b"mdat" not in boxes:
        raise FragmentError("a fragment needs moof and mdat")
    moof = boxes[b"moof"]
    inside = {each.kind: each for each in read_boxes(fragment, moof.body, moof.end)}
    try:
        traf = inside[b"traf"]
        tfdt = next(each for each in read_boxes(fragment, traf.body, traf.end) if each.kind == b"tfdt")
        struct.pack_into(">I", fragment, inside[b"mfhd"].body + 4, sequence)
        (decode_time,) = struct.unpack_from(">Q", fragment, tfdt.body + 4)
        struct.pack_into(">Q", fragment, tfdt.body + 4, decode_time + decode_offset)
    except (KeyError, StopIteration, struct.error) as error:
        raise FragmentError("the header of a fragment is incomplete") from error
    return memoryview(fragment)[moof.start :]
