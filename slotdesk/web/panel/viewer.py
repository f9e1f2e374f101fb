"""Who looks at the panel: proved by the PSA once, then known by a short-lived token."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing

from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_agent_of_member
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Membership, Role
from slotdesk.domain.tenants.permissions import BuiltIn, Permission, may

LIFETIME = timedelta(minutes=15)
_signer = signing.TimestampSigner(salt="slotdesk.panel")


class BadToken(Exception):
    """The token is forged, too old, or another connection's."""


class SwitchedOff(Exception):
    """The person was known here and is not to come in any more."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a token says: it is this member of this connection's PSA."""

    connection: str
    member: str
    name: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A proved member of the PSA. agent: None for one whom the synchronisation has not brought yet."""

    connection: Connection
    name: str
    agent: Agent | None
    role: Role

    @property
    def zone(self) -> str:
        """Their clock (IANA): their own where it is known, else the account's."""
        return (self.agent and self.agent.zone) or self.connection.account.zone

    @property
    def membership(self) -> Membership | None:
        """None for somebody who does not sign in here."""
        return self.agent.membership if self.agent else None

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)


def sign_token(*, connection: Connection, member_id: str, name: str) -> str:
    """Return a token that is good for LIFETIME."""
    said = Said(connection=connection.public_id, member=member_id, name=name)
    return _signer.sign_object(asdict(said))


def read_token(token: str, *, connection: Connection) -> Said:
    """Raises BadToken."""
    try:
        said = Said(**_signer.unsign_object(token, max_age=LIFETIME))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadToken from error
    if said.connection != connection.public_id:
        raise BadToken
    return said


def get_viewer(*, connection: Connection, member_id: str, name: str) -> Viewer:
    """
    Return the member with what they may do now: their role, or the least one where they have no sign-in here.

    Needs the connection's account to be active. Raises SwitchedOff.
    """
    agent = find_agent_of_member(connection, member_id)
    least = Role.objects.get(key=BuiltIn.USER)
    if agent is None:
        return Viewer(connection, name, None, least)
    membership = agent.membership
    if not agent.is_active or (
        membership is not None and (membership.left_at is not None or not membership.user.is_active)
    ):
        raise SwitchedOff(agent.name)
    return Viewer(connection, agent.name, agent, membership.role if membership else least)
