"""Refusals of documents."""


class Unreadable(ValueError):
    """A document that cannot be read; the message says why and what to do, for a person."""
