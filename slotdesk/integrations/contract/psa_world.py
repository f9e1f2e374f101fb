"""A PSA as the contract suite needs it: the adapter on one side, the vendor's own records on the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from slotdesk.ports.psa import Psa, TicketRef

# Far from whatever the stand-in's own schedules hold.
NINE = datetime(2031, 3, 4, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
ELEVEN = NINE + timedelta(hours=2)


class Fault(StrEnum):
    """What may befall a call."""

    LOST_ANSWER = "carried out, and the connection dropped before the answer"
    DROPPED = "the connection dropped, nothing carried out"
    BROKEN = "a server error, nothing carried out"
    BUSY = "too many requests, with a time to wait that is longer than any deadline"
    SILENT = "no answer at all"
    REFUSED = "credentials refused"


@dataclass(frozen=True, slots=True)
class Panel:
    """An installed panel: the address with the vendor's own tokens in it, and whether people see it."""

    url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Hook:
    """A registration for changes."""

    kind: str
    url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A call that the vendor made to one of its hooks."""

    headers: Mapping[str, str]
    body: bytes


class World(ABC):
    """
    One vendor's stand-in, running.

    Everything but the three `open…` methods goes past the adapter, straight to the vendor's records.

    member_id         an active technician with working hours and a zone
    other_member_id   another one
    secrets           what no error message may ever hold
    """

    member_id: str
    other_member_id: str
    secrets: Sequence[str]

    @abstractmethod
    def open(self, *, seconds: float = 10.0) -> Psa:
        """An adapter with good credentials that allow everything."""

    @abstractmethod
    def open_with_wrong_keys(self) -> Psa:
        """An adapter whose credentials the vendor does not know."""

    @abstractmethod
    def open_with_few_rights(self) -> Psa:
        """An adapter whose credentials may read tickets and little else."""

    @abstractmethod
    def failing(self, fault: Fault, *, method: str = "", of: str = "", skip: int = 0) -> AbstractContextManager[None]:
        """
        Let calls fail inside the block.

        method   only calls of this HTTP method
        of       only those about "entries", "notes", "tickets", "ticket list", "contacts", "companies" or "activities"
        skip     so many calls go through, then one fails; 0 = every call fails, for LOST_ANSWER the first
        """

    @abstractmethod
    def make_ticket(self, kind: str = "service_ticket") -> TicketRef:
        """A fresh ticket with a contact, on a board with several statuses, without entries and notes."""

    @abstractmethod
    def statuses_of(self, ticket: TicketRef) -> tuple[str, Sequence[str], str]:
        """The id of the ticket's status, those of all statuses of its board, and that of a status of another board."""

    @abstractmethod
    def close_ticket(self, ticket: TicketRef) -> None:
        """Give the ticket a closed status behind our back."""

    @abstractmethod
    def owner_of(self, ticket: TicketRef) -> str:
        """The member's id, or nothing."""

    @abstractmethod
    def crowd(self, member_id: str, *, starts_at: datetime) -> int:
        """
        Fill the member's schedule from that instant with more half-hour entries than fit on one page; return how many.

        The entries touch each other.
        """

    @abstractmethod
    def entries_on(self, ticket: TicketRef) -> Sequence[tuple[str, str, datetime, datetime]]:
        """Every schedule entry on the ticket: id, member id, start, end."""

    @abstractmethod
    def notes_on(self, ticket: TicketRef) -> Sequence[tuple[str, bool]]:
        """Every note on the ticket: its text, and whether the client is kept from seeing it."""

    @abstractmethod
    def delete_entry(self, entry_id: str) -> None:
        """Delete an entry behind our back."""

    @abstractmethod
    def make_contact(self, *phones: str, email: str = "") -> str:
        """A fresh contact at a company, with these phone numbers, the first of them preferred."""

    @abstractmethod
    def companies_called(self, name: str) -> Sequence[str]:
        """The ids of all companies of this name."""

    @abstractmethod
    def kind_and_status_of(self, company_id: str) -> tuple[str, str]:
        """The ids of the company's type and status."""

    @abstractmethod
    def activities_of(self, contact_id: str) -> Sequence[tuple[str, str, datetime, datetime]]:
        """The contact's activities: id, member id, start, end."""

    @abstractmethod
    def phones_of(self, contact_id: str) -> Sequence[str]:
        """The contact's phone numbers, the preferred one first."""

    @abstractmethod
    def panels(self) -> Sequence[Panel]: ...

    @abstractmethod
    def hooks(self) -> Sequence[Hook]: ...

    @abstractmethod
    def switch_hooks_off(self) -> None:
        """As a vendor does whose calls failed for days."""

    @abstractmethod
    def message_about(self, ticket: TicketRef) -> Message:
        """What the vendor sends to a hook when this ticket has changed."""

    @abstractmethod
    def claims_of(self, member_id: str) -> dict[str, str]:
        """What the vendor's page hands to the panel when this member looks."""
