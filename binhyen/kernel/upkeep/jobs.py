"""Work in the background: the journal of erasures travels to where the backups lie."""

from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from binhyen.kernel.upkeep import JOURNAL_NAME
from binhyen.kernel.upkeep.erasing import read_journal
from binhyen.kernel.upkeep.journal import text_of, write_journal
from binhyen.kernel.upkeep.taken import folders


@app.periodic(cron="*/10 * * * *")
@app.task(name="upkeep.carry_journal", queueing_lock="upkeep.carry_journal")
def carry_journal(timestamp: int) -> None:
    """Write the journal beside the backups where it has changed: what a disk that dies takes along is then ten
    minutes of it at most."""
    carry(Path(settings.BINHYEN_DATA))


def carry(data: Path) -> int:
    """To how many folders it was written."""
    journal, written = read_journal(), 0
    for folder in folders(data):
        path = folder / JOURNAL_NAME
        if not path.exists() or path.read_text(encoding="utf-8") != text_of(journal):
            write_journal(path, journal)
            written += 1
    return written
