"""The proof of a published sum: coins in a Merkle sum tree. Needs the standard library only.

`coins` splits gifts, `tree` sums and hashes, `publication` is the public file, `receipt` the donor's.
"""
