"""Households that shared a camera before consents were kept had agreed in writing: twelve months from today, all day,
every purpose, as it was; their page says so and lets them limit it."""

from datetime import timedelta

from django.db import migrations
from django.utils.timezone import localdate

TIER_HOUSEHOLD = 3
PURPOSES = ["vu_viec", "giao_thong", "cuu_nan"]
TERMS = "2026-01"


def give(apps, schema_editor):
    camera, consent = apps.get_model("cameras", "Camera"), apps.get_model("consents", "Consent")
    today = localdate()
    shared = camera._base_manager.filter(tier=TIER_HOUSEHOLD)
    consent._base_manager.bulk_create(
        consent(
            camera=each,
            state="withdrawn" if each.active_until and each.active_until <= today else "given",
            purposes=PURPOSES,
            terms=TERMS,
            given_on=today,
            expires_on=today + timedelta(days=365),
        )
        for each in shared
    )


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
