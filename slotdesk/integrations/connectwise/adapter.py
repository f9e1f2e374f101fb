"""The PSA port in terms of ConnectWise PSA. What it answers and why is in README.md."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from slotdesk.integrations.connectwise import activities, client, crm, models, people, tickets
from slotdesk.integrations.connectwise.callbacks import ensure_callbacks, read_callback
from slotdesk.integrations.connectwise.check import check_connection
from slotdesk.integrations.connectwise.hosted import prove_viewer
from slotdesk.integrations.connectwise.panel import ensure_panel
from slotdesk.integrations.connectwise.phones import update_phone
from slotdesk.integrations.connectwise.references import reference_of
from slotdesk.integrations.connectwise.session import Session
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.integrations.connectwise.teams import list_teams
from slotdesk.integrations.connectwise.translate import by_name, to_contact, to_entry, to_holiday, to_member, to_named
from slotdesk.lib.http import Door
from slotdesk.lib.remembered import Remembered
from slotdesk.ports.errors import NotFound, Rejected
from slotdesk.ports.psa import (
    Board,
    Change,
    Check,
    Contact,
    Entry,
    Holiday,
    Member,
    Named,
    Status,
    Teams,
    Ticket,
    TicketRef,
    Viewer,
)

_API_MEMBER = "A"  # licence class: a program's key ring, not a technician

_tentative_statuses: Remembered[tuple[str, str], frozenset[int]] = Remembered(seconds=600)


class Psa:
    """
    ConnectWise PSA behind ports.psa.Psa.

    The door's deadline is that of each method, however many calls it takes; list_members, which reads pages as
    the caller goes on, has it anew for every page.
    """

    def __init__(self, settings: Settings, *, door: Door) -> None:
        self._settings = settings
        self._door = door

    def check(self) -> Check:
        return check_connection(self._session(), self._settings)

    def list_members(self) -> Iterator[Member]:
        session = Session(self._settings, door=self._door)
        zones = {zone.id: zone for zone in client.list_time_zones(session)}
        calendars = {calendar.id: calendar for calendar in client.list_calendars(session)}
        for member in client.list_members(session):
            if member.license_class != _API_MEMBER:
                yield to_member(member, zones=zones, calendars=calendars)

    def list_boards(self) -> Sequence[Board]:
        session = self._session()
        boards = []
        for board in client.list_boards(session):
            statuses = [s for s in client.list_board_statuses(session, board.id) if not s.inactive]
            statuses.sort(key=lambda status: (status.sort_order, status.id))
            boards.append(
                Board(str(board.id), board.name, tuple(Status(str(s.id), s.name, s.closed_status) for s in statuses))
            )
        return boards

    def list_teams(self) -> Teams:
        return list_teams(self._session())

    def list_holidays(self, list_id: str) -> Sequence[Holiday]:
        holidays = [to_holiday(found) for found in client.list_holidays(self._session(), list_id)]
        return sorted(holidays, key=lambda holiday: (holiday.date, holiday.start or 0, holiday.name))

    def get_ticket(self, ref: TicketRef) -> Ticket:
        return tickets.get_ticket(self._session(), self._settings, ref)

    def find_ticket(self, number: str) -> Ticket | None:
        return tickets.find_ticket(self._session(), self._settings, number)

    def search_tickets(self, text: str, *, limit: int = 20) -> Sequence[Ticket]:
        return tickets.search_tickets(self._session(), self._settings, text, limit=limit)

    def list_ticket_types(self, board_id: str) -> Sequence[Named]:
        return by_name(kind for kind in client.list_board_types(self._session(), board_id) if not kind.inactive_flag)

    def list_priorities(self) -> Sequence[Named]:
        found = sorted(client.list_priorities(self._session()), key=lambda each: (each.sort_order, each.id))
        return [to_named(priority) for priority in found]

    def list_contacts(self, *, company_id: str, search: str = "", limit: int = 20) -> Sequence[Contact]:
        if not company_id and not search.strip():
            return []
        session = self._session()
        found = client.find_contacts_by_name(session, company_id, search, limit=limit)
        if search.strip():
            # The vendor joins the two kinds of condition by "and" only.
            found += client.find_contacts_by_email(session, company_id, search.strip(), limit=limit)
        contacts = {contact.id: to_contact(contact) for contact in found}
        return sorted(contacts.values(), key=lambda contact: (contact.name.casefold(), contact.id))[:limit]

    def find_contacts_by_email(self, email: str) -> Sequence[Contact]:
        return people.find_contacts(self._session(), email)

    def find_company_by_domain(self, domain: str) -> Named | None:
        return people.find_company_by_domain(self._session(), domain)

    def search_companies(self, text: str, *, limit: int = 20) -> Sequence[Named]:
        return by_name(crm.find_companies_by_name(self._session(), text, limit=limit))

    def get_company(self, company_id: str) -> Named:
        return people.get_company(self._session(), company_id)

    def list_company_types(self) -> Sequence[Named]:
        return by_name(crm.list_company_types(self._session()))

    def list_company_statuses(self) -> Sequence[Named]:
        return by_name(status for status in crm.list_company_statuses(self._session()) if not status.inactive_flag)

    def list_activity_types(self) -> Sequence[Named]:
        return by_name(kind for kind in crm.list_activity_types(self._session()) if not kind.inactive_flag)

    def list_entries(self, member_id: str, starts_at: datetime, ends_at: datetime) -> Sequence[Entry]:
        session = self._session()
        tentative = self._tentative(session)
        entries = [
            to_entry(found, tentative=tentative, ticket_type=self._settings.entry_type)
            for found in client.list_entries(session, member_id, starts_at, ends_at)
        ]
        return sorted((e for e in entries if e is not None), key=lambda entry: (entry.starts_at, int(entry.id)))

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
        session = self._session()
        entry = self._find_known(session, known_id, ticket)
        if entry is not None and str(entry.member.id) != member_id:
            # The vendor has no way to hand an entry to somebody else. The old one goes first: should we be
            # interrupted between the two, the next run finds neither and makes the new one.
            self.remove_entry(str(entry.id))
            entry = None
        if entry is None:
            same_place = client.list_ticket_entries(session, ticket.id, member_id)
            entry = next((e for e in same_place if self._is_at(e, ticket, starts_at, ends_at)), None)
        if entry is None:
            entry = client.create_entry(
                session,
                type_identifier=self._settings.entry_type,
                ticket=ticket,
                member_id=member_id,
                starts_at=starts_at,
                ends_at=ends_at,
                name=title,
            )
        elif not self._is_at(entry, ticket, starts_at, ends_at) or entry.name != title[:250]:
            client.move_entry(session, entry.id, starts_at=starts_at, ends_at=ends_at, name=title)
        kept = client.get_entry(session, str(entry.id))
        if str(kept.member.id) != member_id or not self._is_at(kept, ticket, starts_at, ends_at):
            raise Rejected("ConnectWise took the schedule entry, but keeps another time, member or ticket.")
        return str(kept.id)

    def remove_entry(self, entry_id: str) -> None:
        try:
            client.delete_entry(self._session(), entry_id)
        except NotFound:
            return

    def ensure_note(self, *, uid: str, ticket: TicketRef, text: str, is_internal: bool = True) -> str:
        session = self._session()
        reference = reference_of(uid)
        for note in client.list_notes(session, ticket):
            if note.text.rstrip().endswith(reference):
                return str(note.id)
        made = client.create_note(session, ticket, text=f"{text.rstrip()}\n\n{reference}", is_internal=is_internal)
        return str(client.get_note(session, ticket, made.id).id)

    def set_status(self, ticket: TicketRef, status_id: str) -> None:
        session = self._session()
        before = client.get_ticket(session, ticket)
        if str(before.status.id) == status_id:
            return
        statuses = {str(status.id): status for status in client.list_board_statuses(session, before.board.id)}
        if status_id not in statuses:
            raise Rejected(f"The board “{before.board.name}” does not have this status (id {status_id}).")
        wanted = statuses[status_id]
        client.set_ticket_status(session, ticket, wanted.id)
        after = client.get_ticket(session, ticket)
        # A workflow rule of the PSA may have moved the ticket on at once, and then that rule has the last word.
        if after.status.id == before.status.id:
            raise Rejected(f"ConnectWise left the ticket at “{before.status.name}” instead of “{wanted.name}”.")

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
        references = {
            "board": board_id,
            "company": company_id,
            "contact": contact_id,
            "type": type_id,
            "status": status_id,
            "priority": priority_id,
        }
        return tickets.ensure_ticket(
            self._session(), self._settings, uid=uid, summary=summary, description=description, references=references
        )

    def set_owner(self, ticket: TicketRef, member_id: str) -> None:
        tickets.set_owner(self._session(), ticket, member_id)

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
        return activities.ensure_activity(
            self._session(),
            uid=uid,
            known_id=known_id,
            wanted=activities.Wanted(member_id, starts_at, ends_at, title),
            notes=notes,
            references={"company": company_id, "contact": contact_id, "type": type_id},
        )

    def remove_activity(self, activity_id: str) -> None:
        with contextlib.suppress(NotFound):
            crm.delete_activity(self._session(), activity_id)

    def ensure_company(self, *, uid: str, name: str, type_id: str = "", status_id: str = "") -> Named:
        return people.ensure_company(self._session(), uid=uid, name=name, type_id=type_id, status_id=status_id)

    def ensure_contact(self, *, name: str, email: str, company_id: str, phone: str = "") -> Contact:
        return people.ensure_contact(self._session(), name=name, email=email, company_id=company_id, phone=phone)

    def update_contact_phone(self, contact_id: str, number: str) -> str:
        return update_phone(self._session(), contact_id, number)

    def prove_viewer(self, claims: Mapping[str, str]) -> Viewer:
        return prove_viewer(self._settings, claims, door=self._door, until=self._door.until())

    def ensure_panel(self, *, url: str) -> None:
        ensure_panel(self._session(), url=url, client_id=self._settings.client_id)

    def ensure_hooks(self, *, url: str) -> None:
        ensure_callbacks(self._session(), url=url)

    def read_hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Change]:
        return read_callback(self._settings, self._session(), headers, body)

    def _session(self) -> Session:
        return Session(self._settings, door=self._door, until=self._door.until())

    def _tentative(self, session: Session) -> frozenset[int]:
        def ask() -> frozenset[int]:
            return frozenset(s.id for s in client.list_schedule_statuses(session) if s.show_as_tentative_flag)

        return _tentative_statuses.get((self._settings.api_origin, self._settings.company_id), ask)

    def _find_known(self, session: Session, known_id: str, ticket: TicketRef) -> models.ScheduleEntry | None:
        """The entry of that id, if it is still there and still this ticket's: the vendor may use ids again."""
        if not known_id:
            return None
        try:
            entry = client.get_entry(session, known_id)
        except NotFound:
            return None
        return entry if self._is_on(entry, ticket) else None

    def _is_on(self, entry: models.ScheduleEntry, ticket: TicketRef) -> bool:
        return entry.type.identifier == self._settings.entry_type and str(entry.object_id) == ticket.id

    def _is_at(self, entry: models.ScheduleEntry, ticket: TicketRef, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the entry is on the ticket for exactly this period; the vendor keeps whole seconds."""
        period = (starts_at.replace(microsecond=0), ends_at.replace(microsecond=0))
        return self._is_on(entry, ticket) and (entry.date_start, entry.date_end) == period
