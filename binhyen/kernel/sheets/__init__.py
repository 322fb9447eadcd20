"""Tables as files: CSV and XLSX, read within limits in a process of their own, written so that nothing in them runs.

Knows nothing of the database, so that the reading process starts in a moment and can be killed without harm.
"""

from binhyen.kernel.sheets.reading import Sheet, UnreadableSheet, read_sheet
from binhyen.kernel.sheets.writing import Cell, write_csv, write_xlsx

__all__ = ["Cell", "Sheet", "UnreadableSheet", "read_sheet", "write_csv", "write_xlsx"]
