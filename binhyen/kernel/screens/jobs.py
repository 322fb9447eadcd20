"""Files too long for one answer: checked, taken, undone and written by a worker."""

from datetime import UTC, datetime, timedelta

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from binhyen.kernel.screens import taking_in, taking_out
from binhyen.kernel.screens.models import Export, Import

UNAGREED_DAYS = 7
EXPORTS_KEPT = timedelta(days=1)
ATTEMPTS_MAX = 3
LINES_AT_ONCE_MAX = 300
"""A file of so many lines is worked on while the person waits."""
_STEPS = {
    Import.State.CHECKING: taking_in.check,
    Import.State.TAKING: taking_in.take,
    Import.State.UNDOING: taking_in.undo,
}


@app.task(name="screens.work_on", queue="imports", retry=RetryStrategy(max_attempts=ATTEMPTS_MAX, wait=5))
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


@app.task(
    name="screens.build_export",
    queue="exports",
    retry=RetryStrategy(max_attempts=ATTEMPTS_MAX, wait=5),
    pass_context=True,
)
def build_export(context: JobContext, export_id: int) -> None:
    """See `taking_out.build`. One that fails to the last says so on its page."""
    export = Export.objects.select_related("by").get(pk=export_id)
    if export.state != Export.State.WORKING:
        return
    try:
        taking_out.build(export)
    except Exception:
        if context.job.attempts + 1 >= ATTEMPTS_MAX:
            taking_out.fail(export, "Không lập được tệp. Hãy thử lại, hoặc báo quản trị kỹ thuật nếu vẫn lỗi.")
        raise


@app.periodic(cron="20 2 * * *")
@app.task(name="screens.forget_files", queueing_lock="screens.forget_files")
def forget_files(timestamp: int) -> None:
    """A file that nobody agreed to for a week goes, with all the lines that it brought."""
    left = Import.objects.filter(state__in=[Import.State.CHECKING, Import.State.READY])
    left.filter(at__lt=datetime.fromtimestamp(timestamp, UTC) - timedelta(days=UNAGREED_DAYS)).delete()


@app.periodic(cron="10 * * * *")
@app.task(name="screens.forget_exports", queueing_lock="screens.forget_exports")
def forget_exports(timestamp: int) -> None:
    """A list that was written for somebody goes after a day, from the disk as well."""
    for export in Export.objects.filter(at__lt=datetime.fromtimestamp(timestamp, UTC) - EXPORTS_KEPT):
        taking_out.remove_files(export)
        export.delete()
