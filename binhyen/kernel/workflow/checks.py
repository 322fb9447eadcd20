"""What Django checks before the station starts: the calendar can be read, and no two workflows share an address."""

from collections import Counter
from typing import Any

from django.core.checks import CheckMessage, Error, register

from binhyen.kernel.workflow.calendar import CalendarError
from binhyen.kernel.workflow.registry import workflows
from binhyen.kernel.workflow.working_time import vietnam


@register()
def check_calendar(**options: Any) -> list[CheckMessage]:
    """A file of the installation that cannot be read would make every deadline wrong."""
    try:
        vietnam()
    except CalendarError as error:
        return [Error(str(error), hint="Hãy sửa tệp này hoặc bỏ nó đi rồi khởi động lại.", id="workflow.E001")]
    return []


@register()
def check_addresses(**options: Any) -> list[CheckMessage]:
    """Two models of one name would share a page."""
    shared = [slug for slug, count in Counter(each.slug for each in workflows()).items() if count > 1]
    return [Error(f"two workflows are named {slug!r}", id="workflow.E002") for slug in shared]
