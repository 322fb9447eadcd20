"""Work in the background: forgetting what is past its time, and the weekly map of households."""

from procrastinate.contrib.django import app

from binhyen.modules.cameras.network_map import publish_map
from binhyen.modules.cameras.openings import tell_owners_of_openings
from binhyen.modules.cameras.retention import forget


@app.periodic(cron="20 2 * * *")
@app.task(name="cameras.forget", queueing_lock="cameras.forget")
def forget_daily(timestamp: int) -> None:
    """See `retention.forget`. Run twice it does the same as once."""
    forget()


@app.periodic(cron="40 2 * * 1")
@app.task(name="cameras.publish_map", queueing_lock="cameras.publish_map")
def publish_map_weekly(timestamp: int) -> None:
    """See `network_map.publish_map`. Run twice it publishes once."""
    publish_map()


@app.periodic(cron="*/10 * * * *")
@app.task(name="cameras.tell_of_openings", queueing_lock="cameras.tell_of_openings")
def tell_of_openings(timestamp: int) -> None:
    """See `openings.tell_owners_of_openings`."""
    tell_owners_of_openings()
