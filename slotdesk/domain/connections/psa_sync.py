"""Reading from the PSA what changes seldom: boards, holidays, its members as our agents, and its teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from slotdesk.domain.connections.models import Board, Calendar, Connection, PresetStatus
from slotdesk.domain.connections.operations import note_failure, note_success
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.connections.team_mirror import follow_everybodys_presence, follow_teams
from slotdesk.domain.people.hours import settle_choices, write_hours
from slotdesk.domain.people.models import Agent, Holiday, HolidayList
from slotdesk.domain.people.persons import link_by_email
from slotdesk.domain.people.slugs import free_slug
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports import errors, psa


@dataclass(frozen=True, slots=True)
class _Reading:
    boards: Sequence[psa.Board]
    members: Sequence[psa.Member]
    holidays: dict[str, Sequence[psa.Holiday]]
    teams: psa.Teams


def sync_psa(*, connection: Connection, now: datetime) -> None:
    """
    Read boards, members, holidays and teams and make our rows follow. Raises ports.errors.PortError.

    Teams that a missing right hides are left out, which the connection's page says.
    """
    try:
        reading = _read(connection)
    except errors.PortError as error:
        note_failure(connection=connection, error=error, now=now)
        raise
    note_success(connection=connection, now=now)
    with transaction.atomic(durable=True):
        _follow_boards(connection, reading.boards)
        lists = _follow_holidays(connection, reading.holidays)
        _follow_members(connection, reading.members, lists)
        follow_teams(connection, reading.teams, now=now)
        follow_everybodys_presence(connection, now=now)
        Connection.objects.filter(pk=connection.pk).update(synced_at=now, left_out=list(reading.teams.missing))


def sync_due(*, now: datetime) -> None:
    """Synchronise every account's PSA; one that fails is noted with its connection and keeps nobody else waiting."""
    with all_accounts():  # upkeep is for everybody
        connections = list(Connection.objects.select_related("account").order_by("id"))
    for connection in connections:
        with active(connection.account):
            try:
                sync_psa(connection=connection, now=now)
            except errors.PortError:
                continue


def _read(connection: Connection) -> _Reading:
    adapter = open_psa(connection, seconds=PATIENT)
    if connection.hooks_url:
        adapter.ensure_hooks(url=connection.hooks_url)  # vendors switch off what failed for a while
    members = list(adapter.list_members())
    list_ids = sorted({member.holiday_list_id for member in members if member.holiday_list_id})
    return _Reading(
        boards=adapter.list_boards(),
        members=members,
        holidays={list_id: adapter.list_holidays(list_id) for list_id in list_ids},
        teams=adapter.list_teams(),
    )


def _follow_boards(connection: Connection, boards: Sequence[psa.Board]) -> None:
    for board in boards:
        statuses = [{"id": item.id, "name": item.name, "is_closed": item.is_closed} for item in board.statuses]
        row, _created = Board.objects.update_or_create(
            connection=connection, external_id=board.id, defaults={"name": board.name, "statuses": statuses}
        )
        PresetStatus.objects.filter(board=row).exclude(status_id__in=[item["id"] for item in statuses]).delete()
    Board.objects.filter(connection=connection).exclude(external_id__in=[board.id for board in boards]).delete()


def _follow_holidays(connection: Connection, holidays: dict[str, Sequence[psa.Holiday]]) -> dict[str, HolidayList]:
    lists = {}
    for list_id, days in holidays.items():
        row, _created = HolidayList.objects.get_or_create(
            account=connection.account,
            source=f"{connection.kind}:{list_id}",
            defaults={"name": f"{connection.label} holidays {list_id}"},
        )
        Holiday.objects.filter(holiday_list=row).delete()
        Holiday.objects.bulk_create(
            Holiday(holiday_list=row, date=day.date, name=day.name, start=day.start, end=day.end) for day in days
        )
        lists[list_id] = row
    return lists


def _follow_members(connection: Connection, members: Sequence[psa.Member], lists: dict[str, HolidayList]) -> None:
    calendars = {
        calendar.external_id: calendar
        for calendar in Calendar.objects.filter(connection=connection).select_related("agent")
    }
    agents = []
    for member in members:
        calendar = calendars.get(member.id)
        agent = calendar.agent if calendar else _find_agent(connection.account, member)
        if agent is None:
            if not member.is_active:
                continue
            agent = Agent(account=connection.account, slug=free_slug(Agent, connection.account, member.name))
        _follow_member(agent, member, lists)
        agents.append(agent)
        name = f"{member.name[:120]} ({member.identifier[:70]})"
        if calendar is None:
            is_primary = not Calendar.objects.filter(agent=agent, is_primary=True).exists()
            Calendar.objects.create(
                agent=agent, connection=connection, external_id=member.id, name=name, is_primary=is_primary
            )
        elif calendar.name != name:
            Calendar.objects.filter(pk=calendar.pk).update(name=name)
    link_by_email(agents)


def _find_agent(account: Account, member: psa.Member) -> Agent | None:
    if not member.email:
        return None
    return Agent.objects.filter(account=account, email__iexact=member.email, calendars=None).order_by("id").first()


def _follow_member(agent: Agent, member: psa.Member, lists: dict[str, HolidayList]) -> None:
    agent.name = member.name
    agent.email = member.email
    agent.is_active = member.is_active and agent.left_at is None
    # A zone that cannot be read is left for people to choose; until then nobody is offered the agent's time.
    agent.zone = member.zone or agent.zone
    agent.zone_from = Agent.ZoneFrom.PSA if member.zone else Agent.ZoneFrom.OWN
    agent.zone_label = "" if member.zone else member.zone_label[:120]
    agent.psa_holiday_list = lists.get(member.holiday_list_id)
    agent.psa_hours = write_hours(member.hours or ())
    settle_choices(agent)
    agent.save()
