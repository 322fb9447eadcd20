"""Work in the background: forgetting what is past its time."""

from procrastinate.contrib.django import app

from binhyen.modules.cameras.retention import forget


@app.periodic(cron="20 2 * * *")
@app.task(name="cameras.forget", queueing_lock="cameras.forget")
def forget_daily(timestamp: int) -> None:
    """See `retention.forget`. Run twice it does the same as once."""
    forget()
