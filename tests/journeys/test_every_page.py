"""Every page that somebody may open, on a phone and on an office screen: it fits, and the browser has nothing to
complain of (a script that fails, something that the content security policy forbids, a file that is missing)."""

import pytest

from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from tests.access import table
from tests.access.examples import make_stage, things_for
from tests.access.test_access import EITHER, QUICK

pytestmark = pytest.mark.browser

NO_PAGES = ("/api/", "/dang-xuat/", "/suc-khoe/", "/tai-khoan/hai-lop/recovery-codes/download/")
VISITORS = (Role.CHIEF, Role.CAMERA_OWNER, Role.AUDITOR, Role.IT_ADMIN, Role.GROUP_LEADER)


@pytest.fixture
def stage(world):
    with across_units():
        return make_stage(world)


def pages_for(role, stage, routes):
    """Addresses of the pages that the access table opens to `role`."""
    known = table.read()
    for route in routes:
        if route.address.startswith(NO_PAGES) or route.address.endswith(
            (".json", ".csv", ".xlsx", ".pdf", ".txt", ".minisig", ".pub", ".html", ".js", ".webmanifest", "tai/")
        ):
            continue
        for thing, values in things_for(route.name, route.parameters, stage).items():
            if known.get(table.Row(route.address, thing, "GET"), {}).get(role.value) == "ok":
                yield route.url(values), route.address


def file_name(address):
    return address.strip("/").replace("/", "_").replace("<", "").replace(">", "") or "goc"


def on_a(size, role):
    """The one who opens most pages stands for the others, and on a phone the one who has nothing else."""
    is_quick = role is Role.CHIEF or (size == "phone" and role is Role.CAMERA_OWNER)
    return pytest.param(size, role, id=f"{size}-{role.value}", marks=() if is_quick else pytest.mark.slow)


@pytest.mark.parametrize(("size", "role"), [on_a(size, role) for size in ("phone", "desktop") for role in VISITORS])
@pytest.mark.parametrize("routes", EITHER)
def test_every_page_fits_and_leaves_the_browser_without_complaint(role, size, routes, live_station, stage, request):
    visitor = request.getfixturevalue(size).sign_in(stage.people[role])
    too_wide, unhappy = {}, {}
    for url, address in pages_for(role, stage, routes):
        visitor.open(url)
        visitor.screenshot(f"{role.value}-{file_name(address)}")
        too_wide[address] = visitor.overflow_px()
        if visitor.complaints:
            unhappy[address] = list(visitor.complaints)
            visitor.complaints.clear()
    assert {address: px for address, px in too_wide.items() if px} == {}
    assert unhappy == {}
    assert len(too_wide) > 3 or routes is not QUICK  # not everybody has a register beyond the first of its shape
