"""Units as a person meets them: looking one up by an old name, bringing the country's list in, and plans that merge,
split, rename, move and close units, tried before they are approved.

What a change does to units and their rows is `kernel/units`; here it is written down, rehearsed, approved by two people
and applied on its day.
"""
