"""Units as a tree with validity dates, who belongs to them in which role, and who may do what.

Units merge, split and close (two-tier local government since 2025-07-01): a closed unit stays as a
row, for old case numbers and reports go on naming it.
"""
