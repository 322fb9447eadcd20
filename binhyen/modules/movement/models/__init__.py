"""Tables of the movement: what is recorded day by day, meetings and their tasks, nominations and lessons."""

from binhyen.modules.movement.models.lessons import Adoption, LessonCard
from binhyen.modules.movement.models.meetings import Meeting, Task
from binhyen.modules.movement.models.nominations import Citation, Nomination
from binhyen.modules.movement.models.records import Dossier, EducationTurn, Exhibit, MovementCase, Sanction, Session

__all__ = [
    "Adoption",
    "Citation",
    "Dossier",
    "EducationTurn",
    "Exhibit",
    "LessonCard",
    "Meeting",
    "MovementCase",
    "Nomination",
    "Sanction",
    "Session",
    "Task",
]
