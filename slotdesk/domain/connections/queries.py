"""Reading connections, and tickets through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from slotdesk.domain.connections.models import Board, Calendar, Connection, ExternalLink, PresetStatus
from slotdesk.domain.connections.registry import PROMPT, open_psa
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.scope import all_accounts
from slotdesk.ports.errors import NotFound
from slotdesk.ports.psa import Contact, Named, Ticket, TicketRef, Viewer


def find_psa() -> Connection | None:
    """The active account's PSA, if it has one."""
    return Connection.objects.select_related("account").order_by("id").first()


def get_connection(public_id: str) -> Connection:
    """Return a connection of the active account. Raises Connection.DoesNotExist."""
    return Connection.objects.select_related("account").get(public_id=public_id)


def find_connection_anywhere(public_id: str) -> Connection | None:
    """Return a connection by the unguessable id that the vendor's calls carry, before any account is active."""
    with all_accounts():  # the id is what tells the account
        return Connection.objects.select_related("account").filter(public_id=public_id).first()


def read_ticket(connection: Connection, ref: TicketRef) -> Ticket:
    """Ask the PSA for the ticket, now. Raises ports.errors.PortError."""
    return open_psa(connection, seconds=PROMPT).get_ticket(ref)


def search_tickets(connection: Connection, text: str) -> Sequence[Ticket]:
    """Ask the PSA for the ticket of this number and for open ones with these words. Raises ports.errors.PortError."""
    return open_psa(connection, seconds=PROMPT).search_tickets(text)


def read_contacts(connection: Connection, *, company_id: str, search: str = "") -> Sequence[Contact]:
    """Ask the PSA for a company's contacts. Raises ports.errors.PortError."""
    return open_psa(connection, seconds=PROMPT).list_contacts(company_id=company_id, search=search)


def search_contacts(connection: Connection, text: str) -> Sequence[Contact]:
    """Ask the PSA for contacts of any company with this in their name or address. Raises ports.errors.PortError."""
    return open_psa(connection, seconds=PROMPT).list_contacts(company_id="", search=text)


def find_contact(connection: Connection, *, email: str, contact_id: str = "") -> Contact | None:
    """
    Ask the PSA who has exactly this address: the contact of this id, else the oldest one.

    Raises ports.errors.PortError.
    """
    found = open_psa(connection, seconds=PROMPT).find_contacts_by_email(email)
    return next((each for each in found if each.id == contact_id), found[0] if found else None)


def search_companies(connection: Connection, text: str) -> Sequence[Named]:
    """Ask the PSA for companies with these words in their name. Raises ports.errors.PortError."""
    return open_psa(connection, seconds=PROMPT).search_companies(text)


def read_company(connection: Connection, company_id: str) -> Named:
    """Ask the PSA for the company, now. Raises NotFound, ports.errors.PortError."""
    return open_psa(connection, seconds=PROMPT).get_company(company_id)


def find_link(connection: Connection, *, kind: str, subject: str) -> ExternalLink | None:
    return ExternalLink.objects.filter(connection=connection, kind=kind, subject=subject).first()


def find_board(connection: Connection, board_id: str) -> Board | None:
    return Board.objects.filter(connection=connection, external_id=board_id).first()


def find_preset(board: Board, moment: str) -> str:
    """The id of the status that the board's tickets take at the moment; empty when none is chosen."""
    preset = PresetStatus.objects.filter(board=board, moment=moment).first()
    return preset.status_id if preset else ""


def list_primary_calendars() -> QuerySet[Calendar]:
    """The calendar that each agent's appointments are written to."""
    return Calendar.objects.filter(is_primary=True).select_related("connection")


def find_agent_of_member(connection: Connection, member_id: str) -> Agent | None:
    """The agent whose calendar is the vendor's member, if the member has been read already."""
    calendar = (
        Calendar.objects.select_related("agent__membership__user")
        .filter(connection=connection, external_id=member_id)
        .first()
    )
    return calendar.agent if calendar else None


def find_member_id(connection: Connection, agent: Agent) -> str:
    """Which of the vendor's members the agent is; empty when they are none."""
    calendar = Calendar.objects.filter(connection=connection, agent=agent).order_by("-is_primary", "id").first()
    return calendar.external_id if calendar else ""


def list_boards(connection: Connection) -> QuerySet[Board]:
    """Boards with the statuses chosen for them, by name."""
    return Board.objects.filter(connection=connection).prefetch_related("presets").order_by("name", "id")


def read_ticket_by_id(connection: Connection, ticket_id: str) -> Ticket:
    """Ask the PSA for the ticket with this id, of whichever kind. Raises ports.errors.PortError."""
    adapter = open_psa(connection, seconds=PROMPT)
    try:
        return adapter.get_ticket(TicketRef("service_ticket", ticket_id))
    except NotFound:
        return adapter.get_ticket(TicketRef("project_ticket", ticket_id))


def prove_viewer(connection: Connection, claims: Mapping[str, str]) -> Viewer:
    """Ask the PSA who sent these claims. Raises ports.errors.PortError, NotAuthorized when they prove nothing."""
    return open_psa(connection, seconds=PROMPT).prove_viewer(claims)
