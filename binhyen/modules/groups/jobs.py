"""Work in the background: forgetting what is past its time."""

from procrastinate.contrib.django import app

from binhyen.modules.groups.retention import forget


@app.periodic(cron="50 2 * * *")
@app.task(name="groups.forget", queueing_lock="groups.forget")
def forget_daily(timestamp: int) -> None:
    """See `retention.forget`. Run twice it does the same as once."""
    forget()
