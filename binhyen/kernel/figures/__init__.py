"""The figure checker: what in a Vietnamese report does not add up, reads two ways, or was damaged on the way.

`check.check_text(text)` gives findings; each kind is a file of `checks/`, listed in one tuple. Digits are
never changed.
"""
