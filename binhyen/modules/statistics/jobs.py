"""Work in the background: reports whose day has come."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from binhyen.modules.statistics.planning import make_due_reports


@app.periodic(cron="35 0,6 * * *")
@app.task(name="statistics.make_due_reports", queueing_lock="statistics.make_due_reports")
def make_reports(timestamp: int) -> None:
    """Twice each morning, since a station may be switched off at night; a period's report is made once."""
    make_due_reports(datetime.fromtimestamp(timestamp, UTC))
