"""How large a table may be that somebody sends in, and what reading it may cost."""

UPLOAD_BYTES_MAX = 10_000_000
ROWS_MAX = 50_000
COLUMNS_MAX = 100
CELL_CHARS_MAX = 10_000
UNZIPPED_BYTES_MAX = 200_000_000
"""Of all parts of an XLSX together; a zip bomb says itself how large it becomes."""
CHILD_MEMORY_BYTES = 1_000_000_000
CHILD_CPU_S = 60
