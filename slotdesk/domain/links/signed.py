"""
Links that know who opens them, or which ticket they are for, so that no code is asked for.

Such a link's address carries the row's public id with our signature. The row alone, as in a backup, opens nothing, and
the address tells nothing about anybody. Whoever holds it is taken for the one it was made for, as with a request's own
link.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet, prefetch_related_objects

from slotdesk.domain.booking.asked import is_bookable
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.addresses import SIGNED, shareable_link, ticket_link
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Membership, Role
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.ports.psa import TicketRef

_MOST_SHOWN = 20
_signer = Signer(sep=".", salt="slotdesk.link")


class State(StrEnum):
    """How a signed link stands."""

    OPEN = "open"
    EARLY = "early"
    EXPIRED = "expired"
    REVOKED = "revoked"


def sign(signed: SignedLink) -> str:
    """Return the text that makes the link's address this one."""
    return _signer.sign(signed.public_id)


def find_signed(link: Link, text: str, *, ticket_number: str = "") -> SignedLink | None:
    """
    Return what the text in the address of this link stands for, in whatever state it is; None for one that we did not
    sign, that is another link's or another ticket's, or whose row is gone.
    """
    try:
        public_id = _signer.unsign(text)
    except BadSignature:
        return None
    links = SignedLink.objects.filter(appointment_type=link.appointment_type, ticket_number=ticket_number)
    signed = links.filter(public_id=public_id).first()
    return signed if signed is not None and signed.resources == ids_of(link) else None


def state_of(signed: SignedLink, *, now: datetime) -> State:
    """The moment at which it opens counts as open, the one at which it expires does not."""
    if signed.revoked_at is not None:
        return State.REVOKED
    if now >= signed.expires_at:
        return State.EXPIRED
    return State.EARLY if signed.opens_at is not None and now < signed.opens_at else State.OPEN


def ids_of(link: Link) -> list[str]:
    """Public ids: another address of the same people is the same link."""
    return [each.public_id for each in link.resources]


def address_of(signed: SignedLink, link: Link) -> str:
    """The whole address, for people to pass on. link: what it leads to, see `links_of`."""
    if signed.ticket_number:
        plain = ticket_link(link.account, link.resources, link.appointment_type, signed.ticket_number)
    else:
        plain = shareable_link(link.account, link.resources, link.appointment_type)
    return f"{plain}/?{SIGNED}={sign(signed)}"


def list_signed(member: Membership) -> QuerySet[SignedLink]:
    """The links that the member may see, newest first: their own, with requests.view_all everybody's."""
    links = SignedLink.objects.select_related("account", "appointment_type")
    if not may(member.role, Permission.REQUESTS_VIEW_ALL):
        links = links.filter(maker=member)
    return links.order_by("-made_at", "-id")


def may_revoke(role: Role, signed: SignedLink, *, member: Membership | None) -> bool:
    """
    Whether somebody with this role, who is this member if they sign in here, may take the link back.

    One that was made by somebody without a sign-in is nobody's in particular.
    """
    is_theirs = signed.maker_id is None or (member is not None and signed.maker_id == member.pk)
    return may(role, Permission.REQUESTS_CANCEL_OWN if is_theirs else Permission.REQUESTS_CANCEL_ALL)


def list_signed_of_ticket(ref: TicketRef, *, now: datetime) -> list[SignedLink]:
    """The ticket's links by which somebody books, now or later, newest first; the latest ones of many."""
    links = SignedLink.objects.select_related("account", "appointment_type")
    alive = links.filter(ticket_kind=ref.kind, ticket_id=ref.id, revoked_at=None, expires_at__gt=now)
    return list(alive.order_by("-made_at", "-id")[:_MOST_SHOWN])


def links_of(signed_links: Collection[SignedLink]) -> dict[int, Link]:
    """
    Return what these lead to, by primary key.

    Left out is what leads nowhere now, such as to somebody who cannot be booked any more.
    """
    prefetch_related_objects(list(signed_links), "appointment_type__resources")
    ids = {public_id for signed in signed_links for public_id in signed.resources}
    found: list[Agent | Team] = [*Agent.objects.filter(public_id__in=ids), *Team.objects.filter(public_id__in=ids)]
    able = {each.public_id: each for each in found if each.slug and _can_be_asked(each)}
    links = {}
    for signed in signed_links:
        kind = signed.appointment_type
        asked = [able.get(public_id) for public_id in signed.resources]
        if kind.slug and not kind.is_archived and all(each and _is_named(kind, each) for each in asked):
            links[signed.pk] = Link(signed.account, tuple(each for each in asked if each), kind)
    return links


def _can_be_asked(resource: Agent | Team) -> bool:
    return is_bookable(resource) if isinstance(resource, Agent) else resource.is_active


def _is_named(appointment_type: AppointmentType, resource: Agent | Team) -> bool:
    """As booking.drafts.is_for, for a type whose resources were read already."""
    named = list(appointment_type.resources.all())
    ids = [each.agent_id if isinstance(resource, Agent) else each.team_id for each in named]
    return not named or resource.pk in ids
