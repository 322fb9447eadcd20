"""What households told before the owner vault is in it afterwards."""

import json
from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from binhyen.kernel.vault import seal
from binhyen.modules.cameras.households import NOWHERE, Household, open_household, shown_in
from binhyen.modules.cameras.models import Camera, HouseholdSeal

BEFORE, AFTER = [("cameras", "0001_initial")], [("cameras", "0002_owner_vault")]
TOLD = {"name": "Cổng", "address": "Ngõ 7", "latitude": 21.07, "longitude": 105.81, "owner": "Phạm Thị Lụa"}


def migrate(target):
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return executor.loader.project_state(target).apps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_T01_households_of_before_move_into_the_vault(all_units, world):
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    apps = migrate(BEFORE)
    try:
        camera = apps.get_model("cameras", "Camera")._base_manager.create(
            code="HG-ABCDEFGHJK", name="Camera hộ gia đình", unit_id=world.commune_a.pk, tier=3, url_sealed=b"",
            active_from=date(2026, 1, 1),
        )  # fmt: skip
        sealed = seal(json.dumps(TOLD).encode(), context=f"cameras.household:{camera.code}")
        apps.get_model("cameras", "HouseholdSeal")._base_manager.create(camera=camera, owner_key="k", sealed=sealed)
        migrate(AFTER)
    finally:
        migrate(newest)
    kept = Camera.objects.get(code=camera.code)
    assert open_household(kept) == Household("Cổng", "Ngõ 7", 21.07, 105.81, "Phạm Thị Lụa")
    row = HouseholdSeal.objects.get(camera=kept)
    assert (row.owner_key, shown_in(row, kept.code)) == ("k", NOWHERE)
