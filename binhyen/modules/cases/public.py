"""What the modules above use of cases."""

from binhyen.modules.cases.domain import (
    CaseFacts,
    add_eraser,
    add_note,
    add_person,
    erase_due_cases,
    open_case,
    refuse,
    take_step,
)
from binhyen.modules.cases.forms import MomentInput, StationForm
from binhyen.modules.cases.models import Case
from binhyen.modules.cases.notices import tell_of_deadlines
from binhyen.modules.cases.panels import Panel, add_case_panel
from binhyen.modules.cases.queries import visible_cases
from binhyen.modules.cases.rules import local, may_read, may_work_on, must_be_open
from binhyen.modules.cases.workflow import CASE_STAFF, OPEN_STATES

__all__ = [
    "CASE_STAFF",
    "OPEN_STATES",
    "Case",
    "CaseFacts",
    "MomentInput",
    "Panel",
    "StationForm",
    "add_case_panel",
    "add_eraser",
    "add_note",
    "add_person",
    "erase_due_cases",
    "local",
    "may_read",
    "may_work_on",
    "must_be_open",
    "open_case",
    "refuse",
    "take_step",
    "tell_of_deadlines",
    "visible_cases",
]
