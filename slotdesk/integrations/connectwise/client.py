"""
The vendor's REST API, one function per call.

Paths and fields: https://developer.connectwise.com/Products/ConnectWise_PSA/REST (module and resource as in the path).
Instants are aware and in UTC. Every function raises ports.errors only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from slotdesk.integrations.connectwise import models
from slotdesk.integrations.connectwise.conditions import instant, number, plain, quoted
from slotdesk.integrations.connectwise.session import Session
from slotdesk.ports.psa import TicketRef

_TICKETS = {"service_ticket": "/service/tickets", "project_ticket": "/project/tickets"}


def get_ticket(session: Session, ref: TicketRef) -> models.Ticket:
    """REST: service/Tickets, project/Tickets. A ticket of the other kind is NotFound."""
    return session.get(_ticket_path(ref), models.Ticket)


def set_ticket_status(session: Session, ref: TicketRef, status_id: int) -> models.Ticket:
    """REST: service/Tickets, project/Tickets, PATCH. The answer need not show the new status."""
    return session.replace(_ticket_path(ref), {"status": {"id": status_id}}, models.Ticket)


def set_ticket_owner(session: Session, ref: TicketRef, member_id: int) -> models.Ticket:
    """REST: service/Tickets, project/Tickets, PATCH."""
    return session.replace(_ticket_path(ref), {"owner": {"id": member_id}}, models.Ticket)


def create_ticket(session: Session, values: Mapping[str, Any]) -> models.Ticket:
    """REST: service/Tickets, POST."""
    return session.post("/service/tickets", values, models.Ticket)


def find_tickets(session: Session, kind: str, words: str, *, limit: int) -> list[models.Ticket]:
    """REST: service/Tickets, project/Tickets: open ones whose summary contains every word, newest first."""
    wanted = [f"summary contains {quoted(word)}" for word in words.split() if plain(word)]
    if not wanted:
        return []
    params = {"conditions": " and ".join(["closedFlag=false", *wanted]), "orderBy": "id desc"}
    return session.get_some(_TICKETS[kind], models.Ticket, params, limit=limit)


def find_tickets_by_mark(session: Session, mark: str) -> list[models.Ticket]:
    """REST: service/Tickets: those with this external reference."""
    params = {"conditions": f"externalXRef={quoted(mark)}"}
    return session.get_some("/service/tickets", models.Ticket, params, limit=2)


def list_board_types(session: Session, board_id: str) -> Iterator[models.BoardType]:
    """REST: service/BoardTypes, inactive ones too."""
    return session.get_all(f"/service/boards/{number(board_id)}/types", models.BoardType)


def list_priorities(session: Session) -> Iterator[models.Priority]:
    """REST: service/Priorities."""
    return session.get_all("/service/priorities", models.Priority)


def list_notes(session: Session, ref: TicketRef) -> Iterator[models.Note]:
    """REST: service/TicketNotes, project/TicketNotes."""
    return session.get_all(f"{_ticket_path(ref)}/notes", models.Note)


def get_note(session: Session, ref: TicketRef, note_id: int) -> models.Note:
    """REST: service/TicketNotes, project/TicketNotes."""
    return session.get(f"{_ticket_path(ref)}/notes/{note_id}", models.Note)


def create_note(session: Session, ref: TicketRef, *, text: str, is_internal: bool) -> models.Note:
    """REST: service/TicketNotes, project/TicketNotes, POST. Internal notes are not shown to the client."""
    body = {
        "text": text,
        "detailDescriptionFlag": not is_internal,
        "internalAnalysisFlag": is_internal,
        "resolutionFlag": False,
        "processNotifications": False,
    }
    return session.post(f"{_ticket_path(ref)}/notes", body, models.Note)


def list_boards(session: Session) -> Iterator[models.Board]:
    """REST: service/Boards, those of projects included."""
    return session.get_all("/service/boards", models.Board, {"conditions": "inactiveFlag=false"})


def list_board_statuses(session: Session, board_id: int) -> Iterator[models.BoardStatus]:
    """REST: service/BoardStatuses, inactive ones too."""
    return session.get_all(f"/service/boards/{board_id}/statuses", models.BoardStatus)


def list_board_teams(session: Session, board_id: int) -> Iterator[models.BoardTeam]:
    """REST: service/BoardTeams: with their members' ids."""
    return session.get_all(f"/service/boards/{board_id}/teams", models.BoardTeam)


def list_project_board_teams(session: Session, board_id: int) -> Iterator[models.ProjectBoardTeam]:
    """REST: project/ProjectBoardTeams."""
    return session.get_all(f"/project/boards/{board_id}/teams", models.ProjectBoardTeam)


def list_project_board_team_members(
    session: Session, board_id: int, team_id: int
) -> Iterator[models.ProjectBoardTeamMember]:
    """REST: project/ProjectBoardTeamMembers."""
    return session.get_all(f"/project/boards/{board_id}/teams/{team_id}/members", models.ProjectBoardTeamMember)


def find_contacts_by_name(session: Session, company_id: str, words: str, *, limit: int) -> list[models.Contact]:
    """REST: company/Contacts: active ones, of one company or any, whose first or last name contains every word."""
    wanted = [_contacts_of(company_id)]
    wanted += [f"(firstName contains {quoted(w)} or lastName contains {quoted(w)})" for w in words.split() if plain(w)]
    params = {"conditions": " and ".join(wanted), "orderBy": "firstName asc,lastName asc"}
    return session.get_some("/company/contacts", models.Contact, params, limit=limit)


def find_contacts_by_email(session: Session, company_id: str, part: str, *, limit: int) -> list[models.Contact]:
    """REST: company/Contacts: active ones, of one company or any, who have an address that contains `part`."""
    params = {
        "conditions": _contacts_of(company_id),
        "childConditions": f"communicationItems/value contains {quoted(part)} "
        'and communicationItems/communicationType="Email"',
        "orderBy": "firstName asc,lastName asc",
    }
    return session.get_some("/company/contacts", models.Contact, params, limit=limit)


def get_contact(session: Session, contact_id: int) -> models.Contact:
    """REST: company/Contacts."""
    return session.get(f"/company/contacts/{contact_id}", models.Contact)


def list_members(session: Session) -> Iterator[models.Member]:
    """REST: system/Members, API members and inactive ones too."""
    return session.get_all("/system/members", models.Member)


def get_my_member(session: Session) -> models.MyMember:
    """REST: system/MyMembers: who the session's credentials belong to."""
    return session.get("/system/myMembers/info", models.MyMember)


def list_time_zones(session: Session) -> Iterator[models.TimeZoneSetup]:
    """REST: system/TimeZoneSetups."""
    return session.get_all("/system/timeZoneSetups", models.TimeZoneSetup)


def list_calendars(session: Session) -> Iterator[models.Calendar]:
    """REST: schedule/Calendars."""
    return session.get_all("/schedule/calendars", models.Calendar)


def list_holidays(session: Session, list_id: str) -> Iterator[models.Holiday]:
    """REST: schedule/Holidays."""
    return session.get_all(f"/schedule/holidayLists/{number(list_id)}/holidays", models.Holiday)


def list_schedule_types(session: Session) -> Iterator[models.ScheduleType]:
    """REST: schedule/ScheduleTypes."""
    return session.get_all("/schedule/types", models.ScheduleType)


def list_schedule_statuses(session: Session) -> Iterator[models.ScheduleStatus]:
    """REST: schedule/ScheduleStatuses."""
    return session.get_all("/schedule/statuses", models.ScheduleStatus)


def list_entries(
    session: Session, member_id: str, starts_at: datetime, ends_at: datetime
) -> Iterator[models.ScheduleEntry]:
    """REST: schedule/ScheduleEntries: those of a member that overlap the period."""
    wanted = f"member/id={number(member_id)} and dateStart<[{instant(ends_at)}] and dateEnd>[{instant(starts_at)}]"
    return session.get_all("/schedule/entries", models.ScheduleEntry, {"conditions": wanted})


def list_ticket_entries(session: Session, ticket_id: str, member_id: str) -> Iterator[models.ScheduleEntry]:
    """REST: schedule/ScheduleEntries: those of a member for one object id, whatever its type."""
    wanted = f"objectId={number(ticket_id)} and member/id={number(member_id)}"
    return session.get_all("/schedule/entries", models.ScheduleEntry, {"conditions": wanted})


def get_entry(session: Session, entry_id: str) -> models.ScheduleEntry:
    """REST: schedule/ScheduleEntries."""
    return session.get(f"/schedule/entries/{number(entry_id)}", models.ScheduleEntry)


def create_entry(
    session: Session,
    *,
    type_identifier: str,
    ticket: TicketRef,
    member_id: str,
    starts_at: datetime,
    ends_at: datetime,
    name: str,
) -> models.ScheduleEntry:
    """
    REST: schedule/ScheduleEntries, POST.

    Over other entries if need be: whether the time is free was settled at booking. A member who is not in the project
    of a project ticket is added to it, since the vendor refuses the entry otherwise.
    """
    body = {
        "objectId": number(ticket.id),
        "type": {"identifier": type_identifier},
        "member": {"id": number(member_id)},
        "dateStart": instant(starts_at),
        "dateEnd": instant(ends_at),
        "name": name[:250],
        "allowScheduleConflictsFlag": True,
        **({"addMemberToProjectFlag": True} if ticket.kind == "project_ticket" else {}),
    }
    return session.post("/schedule/entries", body, models.ScheduleEntry)


def move_entry(session: Session, entry_id: int, *, starts_at: datetime, ends_at: datetime, name: str) -> None:
    """REST: schedule/ScheduleEntries, PATCH."""
    values = {
        "dateStart": instant(starts_at),
        "dateEnd": instant(ends_at),
        "name": name[:250],
        "allowScheduleConflictsFlag": True,
    }
    session.replace(f"/schedule/entries/{entry_id}", values, models.ScheduleEntry)


def delete_entry(session: Session, entry_id: str) -> None:
    """REST: schedule/ScheduleEntries, DELETE."""
    session.delete(f"/schedule/entries/{number(entry_id)}")


def list_callbacks(session: Session) -> Iterator[models.Callback]:
    """REST: system/Callbacks; API members see their own."""
    return session.get_all("/system/callbacks", models.Callback)


def create_callback(session: Session, values: Mapping[str, Any]) -> models.Callback:
    """REST: system/Callbacks, POST. https://developer.connectwise.com/Best_Practices/PSA_Callbacks"""
    return session.post("/system/callbacks", values, models.Callback)


def change_callback(session: Session, callback_id: int, values: Mapping[str, Any]) -> models.Callback:
    """REST: system/Callbacks, PATCH."""
    return session.replace(f"/system/callbacks/{callback_id}", values, models.Callback)


def list_hosted_screens(session: Session) -> list[models.HostedScreen]:
    """REST: system/ConnectWiseHostedScreens: the screens that may show a page of ours. A short list, one page."""
    return session.get_some("/system/connectWiseHostedScreens", models.HostedScreen, {}, limit=1000)


def list_hosted_setups(session: Session) -> Iterator[models.HostedSetup]:
    """REST: system/ConnectWiseHostedSetups."""
    return session.get_all("/system/connectwisehostedsetups", models.HostedSetup)


def create_hosted_setup(session: Session, values: Mapping[str, Any]) -> models.HostedSetup:
    """REST: system/ConnectWiseHostedSetups, POST. https://developer.connectwise.com/Hosted_APIs"""
    return session.post("/system/connectwisehostedsetups", values, models.HostedSetup)


def change_hosted_setup(session: Session, setup_id: int, values: Mapping[str, Any]) -> models.HostedSetup:
    """REST: system/ConnectWiseHostedSetups, PATCH."""
    return session.replace(f"/system/connectwisehostedsetups/{setup_id}", values, models.HostedSetup)


def _ticket_path(ref: TicketRef) -> str:
    return f"{_TICKETS[ref.kind]}/{number(ref.id)}"


def _contacts_of(company_id: str) -> str:
    """company_id: empty = of any."""
    return f"company/id={number(company_id)} and inactiveFlag=false" if company_id else "inactiveFlag=false"
