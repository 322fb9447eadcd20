"""What time alone brings about in workflows."""

from procrastinate.contrib.django import app

from binhyen.kernel.workflow import escalation


@app.periodic(cron="* * * * *")
@app.task(name="workflow.escalate_overdue", queueing_lock="workflow.escalate_overdue", queue="deadlines")
def escalate_overdue(timestamp: int) -> None:
    """See `escalation.escalate_overdue`."""
    escalation.escalate_overdue()
