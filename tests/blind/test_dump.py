"""T01: what a thief of the database has without the key is the map and no more."""

import pytest
from django.db import connection

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.roles import Role
from binhyen.kernel.vault import VaultError
from binhyen.modules.cameras.households import NOWHERE, key_of, open_household, shown_in
from binhyen.modules.cameras.models import HouseholdSeal
from binhyen.modules.cameras.network_map import publish_map
from binhyen.modules.cameras.retention import _erase
from tests.blind.secrets import WORDS, add_sentinel, found_in

pytestmark = pytest.mark.usefixtures("all_units")


def dump():
    """Every row of every table as text, and what is bytes once more as it would read."""
    rows = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [(table, row[0]) for row in cursor.fetchall()]
    return rows


def hidden_in(rows):
    as_bytes = [each.encode().hex() for each in WORDS.values()]
    return [
        (table, fact)
        for table, text in rows
        for fact in [*found_in(text, decimals=3), *(each for each in as_bytes if each in text)]
    ]


def test_T01_a_dump_without_the_key_has_neither_words_nor_place_nor_cell(world):
    add_sentinel(world.commune_a)
    publish_map()
    rows = [(table, text) for table, text in dump() if table != User._meta.db_table]
    assert hidden_in(rows) == []  # that somebody has an account tells nothing of a camera


def test_T01_nothing_in_a_dump_ties_the_owner_s_account_to_the_camera(world):
    camera, owner = add_sentinel(world.commune_a)
    rows = [
        text
        for table, text in dump()
        if table.startswith("cameras_") and (camera.code in text or table == "cameras_householdseal")
    ]
    ids = {str(owner.pk), owner.username}
    assert [text for text in rows if ids & set(text.strip("()").replace('"', "").split(",")[1:])] == []


def test_T01_rows_swapped_in_the_database_open_nothing(world):
    camera, _ = add_sentinel(world.commune_a)
    other, _ = add_sentinel_of(world, "khac")
    mine, theirs = (HouseholdSeal.objects.get(camera=each) for each in (camera, other))
    HouseholdSeal.objects.filter(pk=theirs.pk).update(person_sealed=mine.person_sealed, key_wrapped=mine.key_wrapped)
    with pytest.raises(VaultError):
        open_household(other)


def add_sentinel_of(world, username):
    from binhyen.kernel.testing.world import make_person
    from binhyen.modules.cameras.public import add_household_camera

    owner = make_person(username, "Người Khác", Role.CAMERA_OWNER, world.commune_a)
    return add_household_camera(by=None, owner=owner, unit=world.commune_a, name="Cổng", url="rtsp://10.0.0.1/1"), owner


def test_T04_values_of_an_erased_household_open_no_more_without_its_key(world):
    camera, _ = add_sentinel(world.commune_a)
    copied = HouseholdSeal.objects.get(camera=camera)
    assert shown_in(copied, camera.code) == NOWHERE
    _erase(camera)
    copied.key_wrapped = b""  # the key is in the row alone, and the row is gone
    with pytest.raises(VaultError):
        key_of(copied, camera.code)
    assert hidden_in([row for row in dump() if row[0] != User._meta.db_table]) == []
