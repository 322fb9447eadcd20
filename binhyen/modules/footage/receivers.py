"""Answers the module of cameras: which windows a request opens to whom. Asked afresh on every check."""

from collections.abc import Iterator

from binhyen.kernel.units.authority import Authority, across_units
from binhyen.modules.cameras.public import Access, add_access_source
from binhyen.modules.cases.public import OPEN_STATES, may_read
from binhyen.modules.footage.models import Clip


@add_access_source
def windows_of_requests(authority: Authority, camera_code: str) -> Iterator[Access]:
    """Open clips of open requests of open cases in the person's units."""
    with across_units():
        clips = list(
            Clip.objects.filter(
                camera=camera_code, ended_at=None, request__state="open", request__case__state__in=OPEN_STATES
            ).select_related("request__case__unit")
        )
    for clip in clips:
        if may_read(authority, clip.request.case) is None:
            yield Access(camera_code, clip.window, clip.request.case_number, clip.request.case.purpose)
