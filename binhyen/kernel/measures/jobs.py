"""What time alone brings about in figures."""

from procrastinate.contrib.django import app

from binhyen.kernel.measures import folding


@app.periodic(cron="* * * * *")
@app.task(name="measures.fold", queueing_lock="measures.fold", queue="deadlines")
def fold(timestamp: int) -> None:
    """See `folding.fold`."""
    folding.fold()
