"""The activity log: who did and looked at what, when, why, for which case. Hash-chained.

Each line carries the hash of the line before it, so that a line changed, removed, inserted or moved
breaks the chain; the root of each day is published, so that even a chain computed anew is found out
by whoever kept yesterday's root.
"""
