"""Work in the background: trying the cameras of a file, forgetting what nobody went on with."""

from datetime import timedelta

from django.utils.timezone import now
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from binhyen.modules.onboarding import batches
from binhyen.modules.onboarding.devices import DRAFT_LIVES
from binhyen.modules.onboarding.models import Batch, Draft
from binhyen.modules.onboarding.node import own_node

BATCH_LIVES = timedelta(days=14)


@app.task(name="onboarding.check", queue="imports", retry=RetryStrategy(max_attempts=3, wait=5))
def check_batch(batch_id: str) -> None:
    """Try the rows that wait; run again it goes on with those that are left."""
    batch = Batch.objects.filter(pk=batch_id, state=Batch.State.CHECKING).first()
    if batch is not None:
        batches.check(batch, node=own_node())


def go_on(batch: Batch) -> None:
    """By a worker, one at a time for a file."""
    check_batch.configure(lock=f"onboarding:{batch.pk}").defer(batch_id=str(batch.pk))


@app.periodic(cron="35 * * * *")
@app.task(name="onboarding.forget", queueing_lock="onboarding.forget")
def forget(timestamp: int) -> None:
    """Drafts after an hour, files after two weeks, with every password that they still hold."""
    Draft.objects.filter(at__lt=now() - DRAFT_LIVES).delete()
    Batch.objects.filter(at__lt=now() - BATCH_LIVES).delete()
