"""What the store hands out: plain values, times in UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    KEPT = "kept"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Message:
    """A mail in one mailbox. `sender`, `recipients` and `subject` are the headers' words, `envelope_from` is SMTP's."""

    id: int
    mailbox: str
    received_at: datetime
    envelope_from: str
    message_id: str
    sender: str
    recipients: str
    subject: str
    snippet: str
    size: int
    attachment_count: int
    has_invitation: bool
    is_unread: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver to one mailbox; `message` is the id of the mail shown for it, None when none is."""

    id: int
    at: datetime
    mailbox: str
    envelope_from: str
    message_id: str
    subject: str
    size: int
    outcome: Outcome
    message: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    address: str
    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class Filter:
    """
    Which messages. mailbox: exact, any case. subject: contained, any case. words: each of them somewhere in the mail.
    since: arrived then or later. after: a message id; only later ones.
    """

    mailbox: str = ""
    subject: str = ""
    words: str = ""
    since: datetime | None = None
    after: int = 0
    only_unread: bool = False


class MessageNotFound(LookupError):
    """There is no such message, or no longer."""
