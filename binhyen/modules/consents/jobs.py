"""Work in the background: reminders."""

from procrastinate.contrib.django import app

from binhyen.modules.consents.notices import remind


@app.periodic(cron="15 8 * * *")
@app.task(name="consents.remind", queueing_lock="consents.remind")
def remind_owners(timestamp: int) -> None:
    """See `notices.remind`. Run twice it tells once."""
    remind()
