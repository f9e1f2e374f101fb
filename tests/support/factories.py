"""Rows that tests begin with. Names tell the difference: the agent works nine to five in New York unless said."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slotdesk.domain.booking.invitations import Client, create_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.busy_mirror import HORIZON
from slotdesk.domain.connections.models import BusyPeriod, Calendar, Connection
from slotdesk.domain.people.invitations import invite_people
from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.tenants.models import Account, Invitation, Role
from slotdesk.domain.tenants.operations import add_built_in_roles

# A Monday, 09:00 in New York, far from any change of clocks.
NOW = datetime(2027, 5, 3, 13, 0, tzinfo=UTC)
NINE_TO_FIVE = [{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}]
_numbers = itertools.count(1)
# No member of a stand-in has a number as high as those that are made up here.
_NO_MEMBER = 1_000_000


def make_account(name: str = "Summit MSP", **fields: Any) -> Account:
    number = next(_numbers)
    defaults = {"slug": f"account-{number}", "zone": "America/New_York", "support_email": "help@summit.example"}
    account = Account.objects.create(name=name, **(defaults | fields))
    add_built_in_roles(account)
    return account


def make_connection(account: Account, **fields: Any) -> Connection:
    """A PSA that is never called: its settings cannot be read."""
    return Connection.objects.create(account=account, **({"kind": "connectwise", "label": "Summit", **fields}))


def make_agent(account: Account, name: str = "Jordan Doe", *, now: datetime = NOW, **fields: Any) -> Agent:
    """
    A bookable agent, whose calendar has just been read and holds nothing.

    Nothing in the calendar is read again before a booking, so that no vendor is needed; see make_blocking.
    """
    number = next(_numbers)
    defaults = {
        "email": f"agent-{number}@summit.example",
        "slug": f"agent-{number}",
        "zone": "America/New_York",
        "hours": NINE_TO_FIVE,
        "is_schedulable": True,
    }
    agent = Agent.objects.create(account=account, name=name, **(defaults | fields))
    connection = Connection.objects.filter(account=account).first() or make_connection(account)
    Calendar.objects.create(
        agent=agent,
        connection=connection,
        external_id=str(_NO_MEMBER + number),
        is_blocking=False,
        synced_at=now,
        read_from=now - timedelta(days=2),
        read_until=now + HORIZON,
    )
    return agent


def make_team(account: Account, agents: Sequence[Agent], **fields: Any) -> Team:
    """A team of these agents, all of them there from the beginning; maximum availability unless said."""
    defaults = {"internal_name": "Help desk", "slug": f"team-{next(_numbers)}"}
    team = Team.objects.create(account=account, **(defaults | fields))
    TeamMember.objects.bulk_create(TeamMember(team=team, agent=agent) for agent in agents)
    return team


def make_invitation(account: Account, email: str = "ann@summit.example", *, now: datetime = NOW) -> Invitation:
    """An open invitation to become a User, whose e-mail is still to be sent."""
    role, giver = Role.objects.get(key="user"), Role.objects.get(key="administrator")
    invited = invite_people(
        account=account, emails=[email], role=role, team_ids=[], by=giver, actor="The administrator", now=now
    )
    return invited.sent[0]


def make_busy(agent: Agent, starts_at: datetime, ends_at: datetime, **fields: Any) -> BusyPeriod:
    """Something in the agent's calendar, which from now on blocks."""
    calendar = Calendar.objects.get(agent=agent)
    Calendar.objects.filter(pk=calendar.pk).update(is_blocking=True)
    defaults = {"external_id": f"busy-{next(_numbers)}", "kind": "busy", "title": "Something else"}
    return BusyPeriod.objects.create(calendar=calendar, starts_at=starts_at, ends_at=ends_at, **(defaults | fields))


def make_type(account: Account, **fields: Any) -> AppointmentType:
    """Half an hour, every quarter of an hour, two hours' notice, thirty days ahead."""
    defaults = {"internal_name": "30-minute phone call", "phone_rule": "optional", "slug": f"type-{next(_numbers)}"}
    return AppointmentType.objects.create(account=account, **(defaults | fields))


def make_request(
    appointment_type: AppointmentType, resources: Sequence[Agent | Team], *, now: datetime = NOW, **client: str
) -> SchedulingRequest:
    """An invitation to Ana Ruiz, without a ticket."""
    details = {"name": "Ana Ruiz", "email": "ana@client.example", "company": "Client Ltd"} | client
    return create_request(
        account=appointment_type.account,
        psa=None,
        ticket=None,
        appointment_type=appointment_type,
        resources=resources,
        origin=SchedulingRequest.Origin.PANEL,
        client=Client(**details),
        actor="Jordan Doe",
        now=now,
    )
