"""Work in the background: plans whose day has come."""

from procrastinate.contrib.django import app

from binhyen.modules.places.domain import apply_due_plans


@app.periodic(cron="*/10 * * * *")
@app.task(name="places.apply_due_plans", queueing_lock="places.apply_due_plans")
def apply_plans(timestamp: int) -> None:
    """Soon after midnight, and whenever a station that was switched off comes back. A plan is applied once."""
    apply_due_plans()
