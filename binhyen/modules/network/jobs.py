"""Work in the background: outages from the news of nodes, reminders of certificates."""

from procrastinate.contrib.django import app

from binhyen.modules.network.notices import tell_of_certificates
from binhyen.modules.network.outages import fold


@app.periodic(cron="* * * * *")
@app.task(name="network.outages", queueing_lock="network.outages")
def fold_outages(timestamp: int) -> None:
    """See `outages.fold`. Run twice it does the same as once."""
    fold()


@app.periodic(cron="10 7 * * *")
@app.task(name="network.certificates", queueing_lock="network.certificates")
def remind_of_certificates(timestamp: int) -> None:
    """See `notices.tell_of_certificates`. Run twice it does the same as once."""
    tell_of_certificates()
