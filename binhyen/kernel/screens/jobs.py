"""Files too long for one answer: checked, taken and undone by a worker."""

from datetime import UTC, datetime, timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from binhyen.kernel.screens import taking_in
from binhyen.kernel.screens.models import Import

UNAGREED_DAYS = 7
LINES_AT_ONCE_MAX = 300
"""A file of so many lines is worked on while the person waits."""
_STEPS = {
    Import.State.CHECKING: taking_in.check,
    Import.State.TAKING: taking_in.take,
    Import.State.UNDOING: taking_in.undo,
}


@app.task(name="screens.work_on", queue="imports", retry=RetryStrategy(max_attempts=3, wait=5))
def work_on(import_id: int) -> None:
    """Do the step that the file is in, from the line where it is."""
    taken = Import.objects.select_related("by").get(pk=import_id)
    step = _STEPS.get(Import.State(taken.state))
    if step is not None:
        step(taken)


def go_on(taken: Import) -> None:
    """Now for a short file, by a worker for a long one; one worker at a time."""
    if taken.line_count <= LINES_AT_ONCE_MAX:
        work_on(taken.pk)
    else:
        work_on.configure(lock=taken.batch).defer(import_id=taken.pk)


@app.periodic(cron="20 2 * * *")
@app.task(name="screens.forget_files", queueing_lock="screens.forget_files")
def forget_files(timestamp: int) -> None:
    """A file that nobody agreed to for a week goes, with all the lines that it brought."""
    left = Import.objects.filter(state__in=[Import.State.CHECKING, Import.State.READY])
    left.filter(at__lt=datetime.fromtimestamp(timestamp, UTC) - timedelta(days=UNAGREED_DAYS)).delete()
