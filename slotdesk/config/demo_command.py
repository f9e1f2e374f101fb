"""`slotdesk demo`: an account to try the product with, connected to the stand-in for a PSA."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

import httpx

from slotdesk.config.command import CommandFailed, set_up_django

if TYPE_CHECKING:
    from slotdesk.domain.connections.models import Connection
    from slotdesk.domain.people.models import Agent
    from slotdesk.domain.tenants.models import Account

SLUG = "summit"
PASSWORD = "slotdesk-demo"  # noqa: S105 (printed on every start; it opens a demo on one's own machine)
_ADMIN = "admin@summit.example"
# How many of the stand-in's people can be booked from the first minute.
_SCHEDULABLE = 10
# How many of them can sign in; every password costs half a second to hash.
_SIGNING_IN = 3
# Which of the first eight requests are booked, and which were taken back.
_BOOKED, _TAKEN_BACK = (0, 3, 5), (6, 7)
# What the stand-in's boards call the four moments.
_STATUS_NAMES = {
    "created": "Schedule Sent",
    "scheduled": "Scheduled",
    "cancelled": "Schedule Cancelled",
    "no_response": "No Response",
}


def main(argv: list[str]) -> int:
    """Make the demo account, or bring the one that is there up to date; then print how to sign in."""
    parser = argparse.ArgumentParser(prog="slotdesk demo", description="Fill an empty database with a demo account.")
    parser.add_argument("--connectwise", metavar="URL", required=True, help="where the stand-in for ConnectWise is")
    options = parser.parse_args(argv)
    set_up_django()

    from slotdesk.config.demo_links import make_links
    from slotdesk.domain.tenants.scope import active

    credentials = _credentials(options.connectwise)
    account = _account()
    with active(account):
        connection = _connection(account, credentials, options.connectwise)
        agents = _people(account, connection)
        tickets = _tickets(credentials, options.connectwise)
        _requests(connection, agents, tickets)
        links = make_links(connection, agents, tickets)
    print(f"administrator  {_ADMIN}  {PASSWORD}")
    print(f"technician     {agents[0].email}  {PASSWORD}")
    print("\nWhat clients can open without an invitation:\n")
    wide = max(len(title) for title, _address, _hint in links) if links else 0
    for title, address, hint in links:
        print(f"{title:<{wide}}   {address}   {hint}")
    return 0


def _credentials(url: str) -> Mapping[str, str]:
    try:
        reply = httpx.get(f"{url}/_sandbox/credentials", timeout=10).raise_for_status()
    except httpx.HTTPError as error:
        raise CommandFailed(f"--connectwise: nothing answers at {url} ({error}).") from error
    return dict(reply.json())


def _account() -> Account:
    from django.utils import timezone

    from slotdesk.domain.catalog.operations import create_default_types
    from slotdesk.domain.people.members import add_member
    from slotdesk.domain.tenants.models import Account
    from slotdesk.domain.tenants.operations import create_account
    from slotdesk.domain.tenants.permissions import BuiltIn
    from slotdesk.domain.tenants.scope import active

    account = Account.objects.filter(slug=SLUG).first()
    if account is None:
        account = create_account(
            name="Summit MSP", slug=SLUG, country="US", zone="America/New_York", support_email="help@summit.example"
        )
    with active(account):
        create_default_types(account)
        add_member(
            account=account,
            email=_ADMIN,
            name="Demo Administrator",
            role=BuiltIn.ADMINISTRATOR,
            password=PASSWORD,
            actor="demo",
            now=timezone.now(),
        )
    return account


def _connection(account: Account, credentials: Mapping[str, str], url: str) -> Connection:
    from django.conf import settings
    from django.utils import timezone

    from slotdesk.domain.connections.operations import install_panel, save_connection, subscribe_to_changes
    from slotdesk.domain.connections.psa_sync import sync_psa
    from slotdesk.domain.connections.queries import find_psa
    from slotdesk.domain.connections.registry import get_manifest

    kind = "connectwise"
    connection = find_psa()
    values = get_manifest(kind).settings(
        site=httpx.URL(url).netloc.decode(),
        base_url=url,
        company_id=credentials["companyId"],
        public_key=credentials["publicKey"],
        private_key=credentials["privateKey"],
        client_id=credentials["clientId"],
    )
    if connection is None:
        connection = save_connection(account=account, kind=kind, values=values, actor="demo", now=timezone.now())
    sync_psa(connection=connection, now=timezone.now())
    _presets(connection)
    install_panel(connection=connection, url=f"{settings.PUBLIC_URL}/panel/{connection.public_id}/")
    subscribe_to_changes(connection=connection, url=f"{settings.PUBLIC_URL}/hooks/{connection.public_id}/")
    return connection


def _presets(connection: Connection) -> None:
    from django.utils import timezone

    from slotdesk.domain.connections.models import Board, PresetStatus
    from slotdesk.domain.connections.operations import set_presets

    if PresetStatus.objects.filter(board__connection=connection).exists():
        return  # somebody who tries the product may have chosen others
    choices: dict[tuple[int, str], str] = {}
    for board in Board.objects.filter(connection=connection):
        ids = {status["name"]: status["id"] for status in board.statuses}
        choices |= {(board.pk, moment): ids[name] for moment, name in _STATUS_NAMES.items() if name in ids}
    set_presets(connection=connection, choices=choices, actor="demo", now=timezone.now())


def _people(account: Account, connection: Connection) -> list[Agent]:
    from django.utils import timezone

    from slotdesk.domain.connections.mirror_upkeep import refresh_connection
    from slotdesk.domain.people.members import add_member
    from slotdesk.domain.people.models import Agent
    from slotdesk.domain.tenants.permissions import BuiltIn

    agents = list(Agent.objects.filter(is_active=True, is_schedulable=True).order_by("id"))
    if not agents:
        able = [agent for agent in Agent.objects.filter(is_active=True).order_by("id") if agent.hours]
        for number, agent in enumerate(able[:_SCHEDULABLE]):
            agent.is_schedulable = True
            if number < _SIGNING_IN:
                agent.membership = add_member(
                    account=account,
                    email=agent.email,
                    name=agent.name,
                    role=BuiltIn.USER,
                    password=PASSWORD,
                    actor="demo",
                    now=timezone.now(),
                )
            agent.save()
        agents = able[:_SCHEDULABLE]
    refresh_connection(connection_id=connection.pk, clock=timezone.now)
    return agents


def _tickets(credentials: Mapping[str, str], url: str) -> list[str]:
    """Ids of open tickets whose contacts can be written to, as the stand-in's own API lists them."""
    reply = httpx.get(
        f"{url}/{credentials['codebase']}apis/3.0/service/tickets",
        params={"conditions": "closedFlag = false and contact/id > 0", "orderBy": "id asc", "pageSize": 100},
        auth=(f"{credentials['companyId']}+{credentials['publicKey']}", credentials["privateKey"]),
        headers={"clientId": credentials["clientId"]},
        timeout=10,
    )
    return [str(ticket["id"]) for ticket in reply.raise_for_status().json() if ticket.get("contactEmailAddress")]


def _requests(connection: Connection, agents: list[Agent], tickets: list[str]) -> None:
    """Requests in every state, so that no screen is empty: some booked, some waiting for an answer, some taken back."""
    from slotdesk.domain.booking.models import SchedulingRequest

    if SchedulingRequest.objects.exists():
        return
    for number, ticket in enumerate(tickets[:8]):
        _request(connection, agents[number % len(agents)], ticket, number)


def _request(connection: Connection, agent: Agent, ticket: str, number: int) -> None:
    from datetime import UTC, datetime, timedelta

    from django.utils import timezone

    from slotdesk.domain.booking.invitations import cancel_request, invite_from_ticket
    from slotdesk.domain.booking.models import SchedulingRequest
    from slotdesk.domain.booking.operations import Answers, book_slot
    from slotdesk.domain.booking.times import list_times
    from slotdesk.domain.catalog.queries import list_types
    from slotdesk.ports.psa import TicketRef

    now, types = timezone.now(), list(list_types())
    request = invite_from_ticket(
        psa=connection,
        ticket=TicketRef("service_ticket", ticket),
        appointment_type=types[number % len(types)],
        resources=[agent],
        origin=SchedulingRequest.Origin.PANEL,
        actor=agent.name,
        now=now,
    )
    if number % 8 in _BOOKED:
        times = list_times(request, starts_at=now, ends_at=now + timedelta(days=14), client_zone=agent.zone, now=now)
        starts_at = datetime.fromtimestamp(times.slots[7 * number % len(times.slots)].start, UTC)
        answers = Answers(zone=agent.zone, name="", phone=request.client_phone)
        book_slot(request=request, starts_at=starts_at, answers=answers, key="demo", now=now)
    elif number % 8 in _TAKEN_BACK:
        cancel_request(request=request, actor=agent.name, now=now)
