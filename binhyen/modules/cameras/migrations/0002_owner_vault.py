"""The owner vault: each household under a key of its own, place and person apart."""

import json
import math
from struct import Struct

from django.db import migrations, models

from binhyen.kernel.vault import new_row_key, open_row_key, open_sealed, seal

PLACE = Struct("<dd")
STEP = 512
FIELDS = ("key_wrapped", "place_sealed", "person_sealed", "shown_sealed")


def move_into_the_vault(apps, schema_editor):
    for row in apps.get_model("cameras", "HouseholdSeal")._base_manager.select_related("camera").order_by("owner_key"):
        context = f"cameras.household:{row.camera.code}"
        told = json.loads(open_sealed(bytes(row.sealed), context=context))
        place = [math.nan if told[name] is None else told[name] for name in ("latitude", "longitude")]
        person = {"name": told["name"], "address": told["address"], "owner": told["owner"], "contact": ""}
        text = json.dumps(person, ensure_ascii=False).encode()
        row.key_wrapped, key = new_row_key(context)
        row.place_sealed = key.seal(PLACE.pack(*place), field="place")
        row.person_sealed = key.seal(text.ljust(-(-len(text) // STEP) * STEP), field="person")
        row.shown_sealed = key.seal(bytes(16), field="shown")
        row.save(update_fields=FIELDS)


def move_out_of_the_vault(apps, schema_editor):
    for row in apps.get_model("cameras", "HouseholdSeal")._base_manager.select_related("camera").order_by("owner_key"):
        context = f"cameras.household:{row.camera.code}"
        key = open_row_key(bytes(row.key_wrapped), context)
        place = PLACE.unpack(key.open(bytes(row.place_sealed), field="place"))
        person = json.loads(key.open(bytes(row.person_sealed), field="person"))
        told = {name: person[name] for name in ("name", "address", "owner")}
        told |= {
            name: None if math.isnan(value) else value
            for name, value in zip(("latitude", "longitude"), place, strict=True)
        }
        row.sealed = seal(json.dumps(told, ensure_ascii=False).encode(), context=context)
        row.save(update_fields=["sealed"])


class Migration(migrations.Migration):
    dependencies = [("cameras", "0001_initial")]

    operations = [
        *(
            migrations.AddField("householdseal", name, models.BinaryField(default=b""), preserve_default=False)
            for name in FIELDS
        ),
        migrations.AlterField(
            "householdseal", "sealed", models.BinaryField(null=True)
        ),  # so that the way back has a start
        migrations.RunPython(move_into_the_vault, move_out_of_the_vault),
        migrations.RemoveField("householdseal", "sealed"),
    ]
