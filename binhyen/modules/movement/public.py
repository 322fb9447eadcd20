"""What other modules and the demo use of the movement."""

from binhyen.modules.movement.models import (
    Adoption,
    Dossier,
    EducationTurn,
    Exhibit,
    LessonCard,
    Meeting,
    MovementCase,
    Nomination,
    Sanction,
    Session,
    Task,
)
from binhyen.modules.movement.tasks import Wanted, give_tasks

__all__ = [
    "Adoption",
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
    "Wanted",
    "give_tasks",
]
