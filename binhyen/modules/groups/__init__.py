"""Self-managed groups: who belongs to them, whose turn it is, what a patrol met.

Groups and members are registers; a rota is worked out by `rota` (a pure function), published and swapped; a patrol is
kept on a phone that may be offline and handed to the station once (`offline`).
"""
