"""An account that is connected to a PSA which answers, with one technician; nothing is read from the PSA beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.connectwise.server import Sandbox
from slotdesk.domain.connections.credentials import seal
from slotdesk.domain.connections.models import Calendar, Connection
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import make_account, make_agent, make_connection

MEMBER_ID = "101"


@dataclass(frozen=True, slots=True)
class Desk:
    """The account with its PSA. agent is the PSA's member MEMBER_ID."""

    account: Account
    connection: Connection
    agent: Agent
    sandbox: Sandbox

    def claims(self, member_id: str = MEMBER_ID, **changed: str) -> dict[str, str]:
        """What the PSA's page hands to the panel of this member."""
        member = self.sandbox.store.get("members", int(member_id))
        expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        proof = {"member": member["identifier"], "hash": f"hash-of-{member_id}", "expires": expires}
        self.sandbox.store.add("memberHashes", proof)
        return {
            "site": f"{self.sandbox.url}/",
            "companyid": self.sandbox.company_id,
            "memberid": member["identifier"],
            "memberHash": f"hash-of-{member_id}",
            "memberContext": "screen",
            "memberEmail": member["primaryEmail"],
        } | changed

    def ticket(self, *, is_closed: bool = False, has_email: bool = True) -> dict[str, Any]:
        """A service ticket of that kind, as the PSA keeps it."""
        tickets = [
            ticket
            for ticket in self.sandbox.store.all("tickets")
            if ticket["recordType"] == "ServiceTicket" and bool(ticket["closedFlag"]) == is_closed
        ]
        if has_email:
            return next(ticket for ticket in tickets if ticket.get("contactEmailAddress"))
        return self.sandbox.store.put("tickets", tickets[-1] | {"contact": None, "contactEmailAddress": None})


@contextmanager
def broken(sandbox: Sandbox, kind: str, **fault: Any) -> Iterator[None]:
    """Have the PSA fail in this way until the block ends."""
    sandbox.switchboard.replace([{"kind": kind, **fault}])
    try:
        yield
    finally:
        sandbox.switchboard.replace([])


def make_desk(sandbox: Sandbox, **fields: Any) -> Desk:
    """Whoever reads the rows activates the account."""
    account = make_account(**fields)
    with active(account):
        connection = make_connection(account, settings=seal(_settings(sandbox)))
        agent = make_agent(account, "Jordan Doe", now=datetime.now(UTC))
        Calendar.objects.filter(agent=agent).update(external_id=MEMBER_ID)
    return Desk(account, connection, agent, sandbox)


def _settings(sandbox: Sandbox) -> Any:
    return get_manifest("connectwise").settings.model_validate(
        {
            "base_url": sandbox.url,
            "company_id": sandbox.company_id,
            "public_key": sandbox.public_key,
            "private_key": sandbox.private_key,
            "client_id": sandbox.client_id,
        }
    )
