"""What a check has found."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place that somebody should look at.

    `start` and `end` are character offsets into the text that was checked, `text` is what stands there. `found` is what
    is printed, `expected` what follows from the rest of the text, or empty where only a person can say.
    """

    start: int
    end: int
    kind: str
    text: str
    expected: str
    found: str
    sentence: str

    def as_json(self) -> dict[str, str | int]:
        """The keys of `--json`."""
        return asdict(self)
