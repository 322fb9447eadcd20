"""Work in the background: asking households, building packages, and what falls due."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.utils.timezone import now
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from binhyen.kernel.audit.record import publish_due_roots
from binhyen.modules.cases.public import erase_due_cases, tell_of_deadlines
from binhyen.modules.footage import packages, requests, submitting
from binhyen.modules.footage.node import TryLater
from binhyen.modules.footage.uploads.checking import check_upload
from binhyen.modules.footage.uploads.keeping import forget_uploads

log = logging.getLogger(__name__)

JOBS_KEPT_HOURS = 72
STALLED_AFTER_S = 40  # a worker sends a heartbeat every 10 s
ATTEMPTS_MAX = 5
AGAIN = RetryStrategy(max_attempts=ATTEMPTS_MAX, exponential_wait=3)  # the last about four minutes after the first


@app.task(name="footage.ask_owners", queue="requests", retry=AGAIN)
def ask_owners(request_id: int) -> None:
    """See `requests.ask_owners`. Says nothing of what it found, in the job's row neither."""
    requests.ask_owners(request_id)


@app.task(name="footage.make_package", queue="evidence", retry=AGAIN, pass_context=True)
def make_package(context: JobContext, package_id: str) -> None:
    """See `packages.make_package`."""
    try:
        packages.make_package(package_id)
    except TryLater as error:
        if context.job.attempts < ATTEMPTS_MAX:
            raise
        packages.give_up(package_id, str(error))


@app.task(name="footage.check_upload", queue="evidence", retry=AGAIN)
def look_into_upload(upload_id: str) -> None:
    """See `uploads.checking.check_upload`."""
    check_upload(upload_id)


@app.task(name="footage.make_part", queue="evidence", retry=AGAIN)
def make_part(upload_id: str) -> None:
    """See `submitting.make_part`."""
    submitting.make_part(upload_id)


def check_upload_later(upload_id: str) -> object:
    """Queue the check of a file that is whole."""
    return look_into_upload.configure(lock=f"upload:{upload_id}").defer(upload_id=upload_id)


def make_part_later(upload_id: str) -> object:
    """Queue the cutting of what an owner shares."""
    return make_part.configure(lock=f"upload:{upload_id}").defer(upload_id=upload_id)


def ask_owners_later(request_id: int) -> object:
    """Queue `ask_owners` in the caller's transaction."""
    return ask_owners.defer(request_id=request_id)


def make_package_later(package_id: str) -> object:
    """Queue `make_package`; two builds of one package never run at once."""
    return make_package.configure(lock=f"package:{package_id}").defer(package_id=package_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="footage.fall_due", queueing_lock="footage.fall_due")
def fall_due(timestamp: int) -> None:
    """What time alone brings about. Each part stands for itself: one that fails keeps no other from its turn."""
    parts: tuple[Callable[[], object], ...] = (
        requests.end_due_asks,
        requests.close_clips_of_ended_cases,
        forget_uploads,
        erase_due_cases,
        tell_of_deadlines,
        publish_due_roots,
    )
    failed = [part.__name__ for part in parts if not _went_well(part)]
    if failed:
        raise RuntimeError(f"parts of fall_due failed: {', '.join(failed)}")  # so that the job's row says so


def _went_well(part: Callable[[], object]) -> bool:
    try:
        part()
    except Exception:
        log.exception("Việc định kỳ %s không thành công; sẽ thử lại sau 5 phút.", part.__name__)
        return False
    return True


@app.periodic(cron="17 3 * * *")
@app.task(name="footage.forget_old_jobs", queueing_lock="footage.forget_old_jobs")
async def forget_old_jobs(timestamp: int) -> None:
    """Remove jobs that ended long ago; what they did stands in the log."""
    await app.job_manager.delete_old_jobs(
        JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="* * * * *")
@app.task(name="footage.take_up_stalled", queueing_lock="footage.take_up_stalled", pass_context=False)
async def take_up_stalled(timestamp: int) -> None:
    """Put jobs of a worker that died back into their queue."""
    jobs = app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        await jobs.retry_job(job, retry_at=now() + timedelta(seconds=1))
