"""A whole MSP to test with: a PSA and a mailbox over real network connections, and an account that is connected."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import connection as database
from django.utils import timezone

from sandbox.connectwise.server import Sandbox
from sandbox.connectwise.server import running as connectwise_running
from sandbox.mail.records import Filter
from sandbox.mail.server import Running as Catcher
from sandbox.mail.server import running as mail_running
from slotdesk.domain.booking.invitations import invite_from_ticket
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Board, Connection
from slotdesk.domain.connections.operations import save_connection, set_presets
from slotdesk.domain.connections.psa_sync import sync_psa
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.ports.psa import TicketRef
from tests.support.factories import make_account, make_type

_ROOT = Path(__file__).parents[2]
_MOMENTS = {
    "created": "Schedule Sent",
    "scheduled": "Scheduled",
    "cancelled": "Schedule Cancelled",
    "no_response": "No Response",
}


@dataclass
class Msp:
    """The account, its people, and what stands outside."""

    account: Account
    connection: Connection
    agent: Agent
    psa: Sandbox
    mail: Catcher
    type: AppointmentType = field(init=False)

    def __post_init__(self) -> None:
        self.type = make_type(self.account, notice_amount=0)

    def api(self, path: str, **query: Any) -> Any:
        """Ask the PSA's API, as its own people would."""
        reply = httpx.get(
            f"{self.psa.api_url}{path}",
            params=query,
            auth=(f"{self.psa.company_id}+{self.psa.public_key}", self.psa.private_key),
            headers={"clientId": self.psa.client_id},
        )
        return reply.raise_for_status().json()

    def open_ticket(self) -> dict[str, Any]:
        """An open service ticket whose contact has an e-mail address."""
        tickets = self.api("/service/tickets", conditions="closedFlag = false and contact/id > 0", pageSize=100)
        return next(ticket for ticket in tickets if ticket.get("contactEmailAddress"))

    def invite(self, ticket: dict[str, Any]) -> SchedulingRequest:
        return invite_from_ticket(
            psa=self.connection,
            ticket=TicketRef("service_ticket", str(ticket["id"])),
            appointment_type=self.type,
            resources=[self.agent],
            origin=SchedulingRequest.Origin.PANEL,
            actor="Jordan Doe",
            now=timezone.now(),
        )

    def book_first(self, request: SchedulingRequest) -> Appointment:
        now = timezone.now()
        times = list_times(
            request, starts_at=now, ends_at=now + timedelta(days=10), client_zone="America/Denver", now=now
        )
        return book_slot(
            request=request,
            starts_at=datetime.fromtimestamp(times.slots[3].start, UTC),
            answers=Answers(zone="America/Denver", name="", phone="+1 303 555 0123"),
            key="first",
            now=now,
        )

    def effects(self, kind: str) -> list[dict[str, Any]]:
        """What the PSA says was done to it through its API, such as `note.created`, earliest first."""
        return [effect for effect in self.psa.store.entries("effects") if effect["kind"] == kind]

    def mails_to(self, address: str) -> list[Any]:
        """What is in this mailbox, newest first."""
        return self.mail.store.list_messages(Filter(mailbox=address))


@contextmanager
def connected_msp() -> Iterator[Msp]:
    """An account that was just connected and synchronised; it is active until the block ends."""
    with connectwise_running() as psa, mail_running() as mail:
        account = make_account(slug="summit")
        with active(account), mail_settings(mail):
            connection = _connect(account, psa)
            agent = Agent.objects.exclude(hours=[]).filter(is_active=True).order_by("id")[0]
            Agent.objects.filter(pk=agent.pk).update(is_schedulable=True)
            agent.refresh_from_db()
            refresh(connection)
            yield Msp(account, connection, agent, psa, mail)


def refresh(connection: Connection) -> None:
    from slotdesk.domain.connections.mirror_upkeep import refresh_connection

    refresh_connection(connection_id=connection.pk, clock=timezone.now)


@contextmanager
def mail_settings(mail: Catcher) -> Iterator[None]:
    """Send mails to this catcher, as a mail server of production would be sent them."""
    from django.test import override_settings

    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST=mail.host,
        EMAIL_PORT=mail.smtp_port,
        EMAIL_USE_TLS=False,
    ):
        yield


def _connect(account: Account, psa: Sandbox) -> Connection:
    now = timezone.now()
    values = get_manifest("connectwise").settings.model_validate(
        {
            "base_url": psa.url,
            "company_id": psa.company_id,
            "public_key": psa.public_key,
            "private_key": psa.private_key,
            "client_id": psa.client_id,
        }
    )
    connection = save_connection(account=account, kind="connectwise", values=values, actor="test", now=now)
    sync_psa(connection=connection, now=now)
    choices: dict[tuple[int, str], str] = {}
    for board in Board.objects.filter(connection=connection):
        ids = {status["name"]: status["id"] for status in board.statuses}
        choices |= {(board.pk, moment): ids[name] for moment, name in _MOMENTS.items() if name in ids}
    set_presets(connection=connection, choices=choices, actor="test", now=now)
    return connection


class Worker:
    """A worker process on the test's database, to be killed at will."""

    def __init__(self, *, lease_seconds: int, public_url: str = "http://localhost:8000") -> None:
        self._lease = lease_seconds
        self._public_url = public_url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        name = database.settings_dict["NAME"]
        url = os.environ["DATABASE_URL"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "slotdesk.config.cli", "worker"],
            cwd=_ROOT,
            env=os.environ
            | {
                "DATABASE_URL": _with_name(url, name),
                "EMAIL_HOST": settings.EMAIL_HOST,
                "EMAIL_PORT": str(settings.EMAIL_PORT),
                "EMAIL_USE_TLS": "0",
                "STEP_LEASE_SECONDS": str(self._lease),
                "PUBLIC_URL": self._public_url,
                "LOG_LEVEL": "ERROR",
            },
        )

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


def _with_name(url: str, name: str) -> str:
    import urllib.parse

    return urllib.parse.urlunsplit(urllib.parse.urlsplit(url)._replace(path=f"/{name}"))


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Wait for something that another process does. Fails by name when it does not."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"Waited {seconds:g} s in vain: {what}")
        time.sleep(0.05)
