"""What must outlive this machine, and what must not: the journal of erasures, and which backups were taken.

A backup brings back what was erased after it was taken. So whatever a person or the law ordered to be erased is
noted in a journal that identifies nothing by itself, the journal travels to where the backups lie, and a restore
erases the same things again.
"""

JOURNAL_NAME = "binhyen.erasures"
"""The journal's file beside the backups."""
