"""What a message says, sealed at rest."""

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.models import Message
from binhyen.kernel.vault import open_sealed, pseudonym, seal

SUBJECT_MAX = 140


@dataclass(frozen=True)
class Content:
    """`subject` and `lines` may leave the station; `body` is shown after signing in only. `url` is a path of ours."""

    recipient: int
    subject: str
    body: str
    url: str
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.subject.strip() or len(self.subject) > SUBJECT_MAX or not self.subject.isprintable():
            raise ValueError(f"a subject is one printable line of at most {SUBJECT_MAX} characters")
        if not self.url.startswith("/") or self.url.startswith("//") or "\\" in self.url:
            raise ValueError("a message leads to a page of this station: its url begins with one slash")

    def __repr__(self) -> str:
        return "Content(…)"  # so that no log line or error page shows it


def recipient_key(user: User) -> str:
    """The pseudonym under which messages to `user` are found."""
    return pseudonym(str(user.pk), purpose="notify-recipient")


def dedupe_pseudonym(topic: str, key: str) -> str:
    """`key` as it is stored: it may name a case or an ask. Empty stays empty."""
    return pseudonym(f"{topic}\0{key}", purpose="notify-dedupe") if key else ""


def seal_content(content: Content, message_id: UUID) -> bytes:
    """`content` sealed for the message with `message_id`."""
    return seal(json.dumps(asdict(content), ensure_ascii=False).encode(), context=_context(message_id))


def open_content(message: Message) -> Content:
    """What `message` says. Raises VaultError without the key."""
    stored = json.loads(open_sealed(bytes(message.sealed), context=_context(message.pk)))
    return Content(**{**stored, "lines": tuple(stored["lines"])})


def _context(message_id: UUID) -> str:
    return f"notify.message:{message_id}"
