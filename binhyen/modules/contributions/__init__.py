"""Contributions in money and in kind: a ledger in whole đồng that only grows, and a public proof of its sum.

Anybody can add up what is published; a donor finds the own gift in it; nobody sees another's. How, and against
whom: docs/design/contributions.md. `proof/` knows no Django, so that a stranger can read and run it.
"""
