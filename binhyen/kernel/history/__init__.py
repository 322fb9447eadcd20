"""Who changed what: every insert, update and delete of a table is kept by a trigger, whoever makes it and however.

A model says `triggers = [KeepHistory()]`; requests, jobs and commands say who acts with `acting`; `undo` gives back
what was deleted and takes back what one batch did.
"""

from binhyen.kernel.history.acting import acting
from binhyen.kernel.history.trigger import KeepHistory

__all__ = ["KeepHistory", "acting"]
