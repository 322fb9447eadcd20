"""What modules above say about access: which cases are open, which windows a request opened.

They register here once; every check asks them again, so a closed case or a withdrawn consent ends access at once.
Nothing registered means nothing granted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from binhyen.contracts import Instant
from binhyen.kernel.units.authority import Authority, Refusal


@dataclass(frozen=True)
class Window:
    """[start, end) in microseconds UTC."""

    start: Instant
    end: Instant

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies in it."""
        return self.end <= self.start

    def within(self, other: "Window") -> "Window":
        """The part that also lies in `other`."""
        return Window(max(self.start, other.start), min(self.end, other.end))


@dataclass(frozen=True)
class Access:
    """A window of one camera that is open to the person asked about, and the case that opened it.

    `purpose` is what the case serves, as a code of `Purpose`: a household may agree to some purposes alone.
    """

    camera: str
    window: Window
    case: str
    purpose: str = ""


@dataclass(frozen=True)
class CaseChoice:
    """An open case that a person may look under."""

    number: str
    title: str


class CaseBook(Protocol):
    """What the module of cases answers. Every method is asked afresh on each check; none may cache."""

    def refusal(self, authority: Authority, number: str) -> Refusal | None:
        """None where case `number` is open and lies in the units where `authority` works; else why not."""
        ...

    def open_cases(self, authority: Authority) -> Iterable[CaseChoice]:
        """The cases that `authority` may look under now."""
        ...

    def is_embargoed(self, number: str) -> bool:
        """Whether the owner of a camera may not yet learn of looks made for case `number`."""
        ...


class _NoCases:
    def refusal(self, authority: Authority, number: str) -> Refusal | None:
        return Refusal(f"Không có vụ việc {number} đang mở.", code="case_unknown")

    def open_cases(self, authority: Authority) -> Iterable[CaseChoice]:
        return ()

    def is_embargoed(self, number: str) -> bool:
        return True


AccessSource = Callable[[Authority, str], Iterable[Access]]

_case_book: CaseBook = _NoCases()
_access_sources: list[AccessSource] = []


def use_case_book(book: CaseBook) -> None:
    """Let `book` answer for cases from now on (the module of cases calls this once, when its app is ready)."""
    global _case_book  # one book per process, set at start
    _case_book = book


def case_book() -> CaseBook:
    """Who answers for cases."""
    return _case_book


def add_access_source(source: AccessSource) -> AccessSource:
    """Register `(authority, camera code) -> accesses open now`; usable as a decorator."""
    _access_sources.append(source)
    return source


def granted_accesses(authority: Authority, camera_code: str) -> list[Access]:
    """Every window of the camera that something above opens to `authority` now; `consent.find_accesses` says what is
    left of it where a household has a say."""
    return [access for source in _access_sources for access in source(authority, camera_code)]
