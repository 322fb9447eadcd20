"""What every page's frame needs."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from binhyen import __version__
from binhyen.kernel.notify.reading import unread_count
from binhyen.kernel.screens import MenuEntry, menu_for
from binhyen.kernel.units.authority import NOBODY, Authority
from binhyen.kernel.units.models import Membership

MENU_FLAT_MAX = 8
"""So many entries stand side by side on a desktop; where a person has more, those of one subject fold into one."""
PRODUCT_NAME = "Hệ thống camera và hồ sơ"


@dataclass(frozen=True)
class MenuLine:
    """One entry as it is drawn; with `lines`, a subject that opens them and has no address of its own."""

    label: str
    icon: str
    url: str
    is_here: bool
    lines: tuple["MenuLine", ...] = ()


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: the menu of this person, who they are, and whether this is the made-up commune."""
    authority: Authority = getattr(request, "authority", NOBODY)
    memberships: list[Membership] = SimpleLazyObject(lambda: memberships_of(authority))  # type: ignore[assignment]  # read once, where a page shows it
    return {
        "authority": authority,
        "menu": menu_lines(authority, request.path) if authority.user else [],
        "my_memberships": memberships,
        "station_name": SimpleLazyObject(lambda: station_name(memberships)),
        "unread_count": SimpleLazyObject(lambda: unread_count(authority.user) if authority.user else 0),
        "is_demo": settings.BINHYEN_DEMO,
        "is_signing_in": request.path == settings.LOGIN_URL,
        "version": __version__,
    }


def menu_lines(authority: Authority, path: str) -> list[MenuLine]:
    """The menu of `authority`; the entry with the longest address that `path` lies under is the current one."""
    found = [(entry, _address(entry.url_name)) for entry in menu_for(authority)]
    under = [url for _, url in found if url and path.startswith(url)]
    here = max(under, key=len, default=None)
    lines = [(entry, MenuLine(entry.label, entry.icon, url, url == here)) for entry, url in found if url]
    return _folded(lines) if len(lines) > MENU_FLAT_MAX else [line for _, line in lines]


def _folded(lines: list[tuple[MenuEntry, MenuLine]]) -> list[MenuLine]:
    """`lines`, those of one subject under its name where it has more than one."""
    of_group: dict[object, list[MenuLine]] = {}
    for entry, line in lines:
        of_group.setdefault(entry.group or entry, []).append(line)
    groups = {entry.group or entry: entry.group for entry, _ in lines}
    return [
        MenuLine(group.label, group.icon, "", any(line.is_here for line in theirs), tuple(theirs))
        if (group := groups[key]) and len(theirs) > 1
        else theirs[0]
        for key, theirs in of_group.items()
    ]


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""  # the module's pages are not installed


def memberships_of(authority: Authority) -> list[Membership]:
    """What the person serves as today, in the order of the tree."""
    if authority.user is None:
        return []
    valid = Membership.objects.valid_on().filter(user=authority.user)
    return list(valid.select_related("unit").order_by("unit__path", "role"))


def station_name(memberships: list[Membership]) -> str:
    """The unit that the header names: the person's first one."""
    return memberships[0].unit.name if memberships else PRODUCT_NAME
