"""States as a table: a workflow lists its steps (`table`), `advance` takes one.

Guard, lock, history, deadline and log line are in one place, so that a module states only its table.
"""
