"""
What we ask of a PSA.

Ids are the vendor's, as text. Instants are aware datetimes in UTC. Every method raises ports.errors only, within the
deadline that the adapter was made with. Methods named `ensure_` are safe to run twice: they find what an earlier,
interrupted run left behind and change it to what is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from slotdesk.availability.values import BusyKind, WeeklyRange


@dataclass(frozen=True, slots=True)
class Named:
    """A thing the PSA refers to by id and shows by name: a board, a status, a company, a priority."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TicketRef:
    """
    A ticket, named.

    kind    service_ticket | project_ticket
    id      the vendor's id
    """

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Contact:
    """An end user at a client company. `email` and `phone` are the preferred ones, empty when there are none."""

    id: str
    name: str
    email: str
    phone: str = ""
    company: Named | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """
    A ticket as the panel and the workflow need it.

    number   as people write it ("48213"); url opens it in the PSA
    contact  None when the ticket has none; contact.id is empty when the ticket only carries a name and an address
    """

    ref: TicketRef
    number: str
    summary: str
    board: Named
    status: Named
    is_closed: bool
    url: str
    company: Named | None = None
    contact: Contact | None = None
    priority: Named | None = None
    type: Named | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A ticket status, which belongs to one board."""

    id: str
    name: str
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A board (or queue) with the statuses that its tickets may have, in the board's order."""

    id: str
    name: str
    statuses: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """
    A group of technicians as the PSA keeps it.

    id          unique among the PSA's teams of every sort, at most 60 characters
    place       what it belongs to there, such as a board's name; the same name may be in several places
    member_ids  in the vendor's order
    """

    id: str
    name: str
    place: str
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Teams:
    """
    The teams that could be read.

    unread    how the ids begin of teams that could not be, since a right is missing; what is known of them stays
    missing   those rights, in the words of the vendor's screens
    """

    teams: tuple[Team, ...]
    unread: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """
    A technician.

    zone               IANA name, or empty when the PSA names a zone that we cannot map (zone_label says which)
    hours              None when the PSA gives the member no working hours
    holiday_list_id    empty when the member has none
    """

    id: str
    identifier: str
    name: str
    email: str
    is_active: bool
    zone: str
    zone_label: str = ""
    hours: tuple[WeeklyRange, ...] | None = None
    holiday_list_id: str = ""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day, or with `start` and `end` (minutes since local midnight) a part of one, on which nobody works."""

    date: date
    name: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A stretch of a member's schedule.

    title is empty for a private entry. ticket is the ticket it belongs to, if any.
    """

    id: str
    member_id: str
    starts_at: datetime
    ends_at: datetime
    kind: BusyKind
    title: str
    is_private: bool = False
    ticket: TicketRef | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of a credential test: what was reached, and which rights are missing (empty = all well)."""

    label: str
    version: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the ticket panel, proved by the PSA itself."""

    member_id: str
    identifier: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Change:
    """
    The PSA says that something changed; what it is now must be read again.

    kind        ticket | schedule
    id          the vendor's id
    member_id   whose schedule, when the message says so
    """

    kind: str
    id: str
    is_deleted: bool = False
    member_id: str = ""


class Psa(Protocol):
    """A connected PSA. An adapter is made per use with the account's settings and a deadline; it keeps no state."""

    def check(self) -> Check:
        """Call every endpoint we depend on once. Raises NotAuthorized when the keys are refused."""

    def list_members(self) -> Iterable[Member]:
        """Every technician, inactive ones too, in the vendor's order; pages are read as the caller goes on."""

    def list_boards(self) -> Sequence[Board]:
        """Every active board with its statuses."""

    def list_teams(self) -> Teams:
        """
        The teams of every active board, those of project boards too; none where the PSA has no teams.

        A right that is missing leaves out the teams it is about, and no others.
        """

    def list_holidays(self, list_id: str) -> Sequence[Holiday]:
        """The holidays of one list, earliest first."""

    def get_ticket(self, ref: TicketRef) -> Ticket:
        """The ticket as it is now. Raises NotFound."""

    def find_ticket(self, number: str) -> Ticket | None:
        """The ticket that people call by this number, with or without a leading '#', of whichever kind."""

    def search_tickets(self, text: str, *, limit: int = 20) -> Sequence[Ticket]:
        """
        The ticket of this number, whatever its state, then open ones whose summary has every word, newest first.

        Tickets of either kind. A contact's address may be left out where the ticket itself does not carry it. Nothing
        for an empty text.
        """

    def list_ticket_types(self, board_id: str) -> Sequence[Named]:
        """What a ticket of this board may be about, by name. Raises NotFound when there is no such board."""

    def list_priorities(self) -> Sequence[Named]:
        """The priorities that a ticket may have, in the vendor's order."""

    def list_contacts(self, *, company_id: str, search: str = "", limit: int = 20) -> Sequence[Contact]:
        """
        Active contacts of a company whose name or address contains `search`, by name.

        An empty company_id = of any company; then there are none for an empty search.
        """

    def find_contacts_by_email(self, email: str) -> Sequence[Contact]:
        """Active contacts of any company who have exactly this address, however it is spelt, the oldest first."""

    def find_company_by_domain(self, domain: str) -> Named | None:
        """
        The company most of whose active contacts have addresses at this domain; of several alike, the oldest.

        Addresses at its subdomains do not count. Up to 250 contacts are looked at.
        """

    def search_companies(self, text: str, *, limit: int = 20) -> Sequence[Named]:
        """Companies whose name has every word, by name; deleted ones are left out. Nothing for an empty text."""

    def get_company(self, company_id: str) -> Named:
        """Raises NotFound, also for one that was deleted."""

    def list_company_types(self) -> Sequence[Named]:
        """By name."""

    def list_company_statuses(self) -> Sequence[Named]:
        """Those that a company may be given, by name."""

    def list_activity_types(self) -> Sequence[Named]:
        """What an activity may be, by name."""

    def list_entries(self, member_id: str, starts_at: datetime, ends_at: datetime) -> Sequence[Entry]:
        """Every entry that overlaps the period, earliest first, all pages. Raises rather than leave one out."""

    def ensure_entry(
        self,
        *,
        uid: str,
        known_id: str,
        ticket: TicketRef,
        member_id: str,
        starts_at: datetime,
        ends_at: datetime,
        title: str,
    ) -> str:
        """
        Make the member's schedule entry on the ticket be this one and return its id.

        uid is ours and stable over retries; known_id is what an earlier call returned, or empty. With a known id the
        entry is moved; when it is gone, or none is known, an equal entry is looked for before one is made.
        """

    def remove_entry(self, entry_id: str) -> None:
        """Delete the entry; one that is gone already is no error."""

    def ensure_note(self, *, uid: str, ticket: TicketRef, text: str, is_internal: bool = True) -> str:
        """Add a note to the ticket, unless the note with this uid is there, and return its id."""

    def set_status(self, ticket: TicketRef, status_id: str) -> None:
        """Give the ticket this status. Raises Rejected when the ticket's board does not have it."""

    def ensure_ticket(
        self,
        *,
        uid: str,
        board_id: str,
        summary: str,
        description: str,
        company_id: str,
        contact_id: str = "",
        type_id: str = "",
        status_id: str = "",
        priority_id: str = "",
    ) -> Ticket:
        """
        Make a service ticket, unless the one with this uid is there, and return it.

        description is what the client reads first in it. What is left empty is the board's own default. A ticket that
        is there is returned as it is, whatever has become of it.
        """

    def set_owner(self, ticket: TicketRef, member_id: str) -> None:
        """Make the member responsible for the ticket. Raises Rejected when the PSA keeps somebody else."""

    def ensure_activity(
        self,
        *,
        uid: str,
        known_id: str,
        member_id: str,
        starts_at: datetime,
        ends_at: datetime,
        title: str,
        notes: str,
        company_id: str = "",
        contact_id: str = "",
        type_id: str = "",
    ) -> str:
        """
        Make the member's activity with the client be this one and return its id.

        An activity is an appointment without a ticket; it takes the member's time in their schedule. uid and known_id
        as for ensure_entry. Contact, company and type are those of its beginning; the rest follows what is asked.
        """

    def remove_activity(self, activity_id: str) -> None:
        """Delete the activity and its time in the schedule; one that is gone already is no error."""

    def ensure_company(self, *, uid: str, name: str, type_id: str = "", status_id: str = "") -> Named:
        """Make a company, unless the one with this uid is there, and return it. What is left empty is the default."""

    def ensure_contact(self, *, name: str, email: str, company_id: str, phone: str = "") -> Contact:
        """
        Return the company's contact with this address, made if there is none.

        The address is the key: asked twice, also at once, callers get the same contact. phone is in E.164 form or
        empty, and is only used for a new one.
        """

    def update_contact_phone(self, contact_id: str, number: str) -> str:
        """
        Make this the number at which the contact is called first, and return which one that was before.

        number is in E.164 form ("+16145550123"). A number that the contact has already is left where it is, and
        returned as the vendor writes it; empty = there was none. Raises NotFound when the contact is gone.
        """

    def prove_viewer(self, claims: Mapping[str, str]) -> Viewer:
        """
        Ask the PSA itself who sent these claims, on the configured site only.

        claims is what the PSA's page handed to our panel. Raises NotAuthorized when they prove nothing.
        """

    def ensure_panel(self, *, url: str) -> None:
        """Install our panel in the PSA's ticket screens, or move it to this address."""

    def ensure_hooks(self, *, url: str) -> None:
        """Have the PSA tell this address of changed tickets and schedules; switched-off registrations are revived."""

    def read_hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Change]:
        """What an inbound call says, its signature verified. Raises NotAuthorized when the signature is wrong."""
