"""What other modules use of this one; they import nothing else of it.

- **Looking**: `open_look` checks, logs and gives a ticket; `look_refusal` asks again; `end_look`.
- **Opening access from above**: `use_case_book(book)` (which cases are open) and `add_access_source(fn)` (which windows
  of which cameras an approved request opens to a person). Both are asked afresh on every check.
- **What a household agreed to**: `use_consent_book(book)`; `standing_of(code)`, `agreeing(codes, purpose)`.
- **Keeping footage**: `place_hold`, `place_holds`, `release_holds`; `held_footage()` for a backup.
- **Finding cameras**: `find_public_cameras_in(area)` and, in the background alone, `find_households_in(area)` for the
  request engine; `mapped_cameras(authority)` for a map of tiers 1 and 2; `shared_cameras(authority)` for a choice of
  them; `cameras_of(owner)` and `owned_codes(owner)` for an owner's pages.
- **How an owner answers**: `answers_by_upload(code)`, where nothing of the camera is recorded here.
- **Saying something of households**: `household_counts` and `household_total`, as of the end of last month, by the
  measures' rule; `map_layers` and `published_areas`, made once a week by `publish_map`. Nothing else is ever shown.
- **How cameras are**: `station_cameras(authority)`, `state_changes(…)`.
- **A camera's page**: `add_camera_panel(source)`; **where it may look**: `add_view_rule(rule)`.
- **Taking cameras in**: `check_stream_url`, `shown_address`; `bare_stream(camera)`, for the node alone.
- **Telling owners something**: `find_owners(codes)`, in the background alone.
- **Speaking of owners in the log**: pass `by=owner_alias(owner)` to `audit.record`, never the owner: officers read it.

A foreign key to a camera is written `"cameras.Camera"`.
"""

from django.db.models import QuerySet
from django.urls import reverse

from binhyen.contracts import Instant
from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Authority
from binhyen.modules.cameras.access import (
    Access,
    AccessSource,
    CaseBook,
    CaseChoice,
    Window,
    add_access_source,
    case_book,
    use_case_book,
)
from binhyen.modules.cameras.addresses import AddressRefused, check_stream_url
from binhyen.modules.cameras.addresses import shown as shown_address
from binhyen.modules.cameras.conditions import (
    CONDITIONS,
    StateChange,
    StationCamera,
    state_changes,
    station_cameras,
)
from binhyen.modules.cameras.consent import (
    DAY_MINUTES,
    ConsentBook,
    Hours,
    Standing,
    agreeing,
    find_accesses,
    standing_of,
    use_consent_book,
)
from binhyen.modules.cameras.domain import (
    add_camera,
    add_household_camera,
    bare_stream,
    place_hold,
    place_holds,
    release_holds,
)
from binhyen.modules.cameras.households import (
    answers_by_upload,
    cameras_of,
    find_owners,
    open_household,
    owner_alias,
    owner_key,
)
from binhyen.modules.cameras.looks import (
    OpenedLook,
    TicketRefused,
    end_look,
    find_camera,
    look_of,
    look_refusal,
    open_look,
    open_snapshot,
    use_ticket,
    window_of,
)
from binhyen.modules.cameras.menu import NETWORK_MENU
from binhyen.modules.cameras.models import HOUSEHOLD_NAME, Camera, Look, LookKind, Purpose, Tier
from binhyen.modules.cameras.network_map import MapArea, map_layers, publish_map, published_areas
from binhyen.modules.cameras.node import held_footage
from binhyen.modules.cameras.panels import CameraPanel, OwnPanel, add_camera_panel, add_own_panel
from binhyen.modules.cameras.places import FoundCamera, find_cameras_in, find_households_in, find_public_cameras_in
from binhyen.modules.cameras.queries import (
    HouseholdCount,
    MappedCamera,
    household_counts,
    household_total,
    mapped_cameras,
)
from binhyen.modules.cameras.rules import REGISTRARS
from binhyen.modules.cameras.views import ViewRefused, add_view_rule


def shared_cameras(authority: Authority) -> "QuerySet[Camera]":
    """Cameras of tiers 1 and 2 in the units of `authority`: those that a register may name. Needs a unit scope."""
    return Camera.objects.filter(unit_id__in=authority.unit_ids(), tier__lt=Tier.HOUSEHOLD).order_by("code")


def camera_name(code: str, authority: Authority) -> str:
    """How `authority` may call the camera with `code`: its name, “Camera hộ gia đình”, or the code alone."""
    camera = find_camera(authority, code)
    return camera.name if camera is not None else code


def owned_codes(owner: User) -> list[str]:
    """Codes of the household cameras of `owner`."""
    return [camera.code for camera in cameras_of(owner)]


def is_owned_by(code: str, owner: User) -> bool:
    """Whether the household camera with `code` is of `owner`."""
    return code in owned_codes(owner)


def own_camera_name(code: str, owner: User) -> str:
    """The name that `owner` gave the own camera. Raises KeyError for a camera of somebody else."""
    for camera in cameras_of(owner):
        if camera.code == code:
            return open_household(camera).name
    raise KeyError(code)


def playback_url(code: str, *, at: Instant | None = None, case: str = "") -> str:
    """Address of the playback page of a camera, at a moment and under a case where given."""
    from urllib.parse import urlencode

    query = {"at": str(at) if at is not None else "", "case": case}
    asked = urlencode({name: value for name, value in query.items() if value})
    return reverse("camera_playback", args=[code]) + (f"?{asked}" if asked else "")


__all__ = [
    "CONDITIONS",
    "DAY_MINUTES",
    "HOUSEHOLD_NAME",
    "NETWORK_MENU",
    "REGISTRARS",
    "Access",
    "AccessSource",
    "AddressRefused",
    "Camera",
    "CameraPanel",
    "CaseBook",
    "CaseChoice",
    "ConsentBook",
    "FoundCamera",
    "Hours",
    "HouseholdCount",
    "Look",
    "LookKind",
    "MapArea",
    "MappedCamera",
    "OpenedLook",
    "OwnPanel",
    "Purpose",
    "Standing",
    "StateChange",
    "StationCamera",
    "TicketRefused",
    "Tier",
    "ViewRefused",
    "Window",
    "add_access_source",
    "add_camera",
    "add_camera_panel",
    "add_household_camera",
    "add_own_panel",
    "add_view_rule",
    "agreeing",
    "answers_by_upload",
    "bare_stream",
    "camera_name",
    "cameras_of",
    "case_book",
    "check_stream_url",
    "end_look",
    "find_accesses",
    "find_camera",
    "find_cameras_in",
    "find_households_in",
    "find_owners",
    "find_public_cameras_in",
    "held_footage",
    "household_counts",
    "household_total",
    "is_owned_by",
    "look_of",
    "look_refusal",
    "map_layers",
    "mapped_cameras",
    "open_look",
    "open_snapshot",
    "own_camera_name",
    "owned_codes",
    "owner_alias",
    "owner_key",
    "place_hold",
    "place_holds",
    "playback_url",
    "publish_map",
    "published_areas",
    "release_holds",
    "shared_cameras",
    "shown_address",
    "standing_of",
    "state_changes",
    "station_cameras",
    "use_case_book",
    "use_consent_book",
    "use_ticket",
    "window_of",
]
