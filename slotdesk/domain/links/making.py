"""Making signed links, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import pgettext

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.events.operations import record
from slotdesk.domain.links.booking import NotOffered, let_in
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.links.signed import ids_of
from slotdesk.domain.tenants.models import Membership
from slotdesk.ports.psa import Ticket

LASTS = timedelta(days=30)
LONGEST = timedelta(days=366)


class BadPeriod(Exception):
    """It would end before it begins or now, or last longer than LONGEST; the message says which."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """
    What a signed link is for.

    client   of a link for one client who books by it; of a ticket's link what its form begins with
    ticket   as just read from the account's PSA; None = a link for one client
    """

    client: Client
    ticket: Ticket | None = None


def make_signed_link(
    *,
    link: Link,
    purpose: Purpose,
    opens_at: datetime | None,
    expires_at: datetime,
    maker: Membership | None,
    actor: str,
    now: datetime,
) -> SignedLink:
    """
    Return a new link for one client or one ticket.

    maker   None for somebody who has no sign-in here
    Where the type lets only known clients in, the PSA is asked first. Raises BadPeriod, NotOffered, ContactRefused,
    ports.errors.PortError.
    """
    _check_period(opens_at, expires_at, now)
    client = purpose.client
    if purpose.ticket is None:
        if link.appointment_type.shareable == AppointmentType.Shareable.OFF:
            raise NotOffered
        psa = find_psa()
        if psa is not None and not client.contact_id:
            client = let_in(link.appointment_type, psa, client)
    signed = SignedLink(
        account=link.account,
        appointment_type=link.appointment_type,
        resources=ids_of(link),
        name=client.name[:160],
        email=client.email,
        company=client.company[:160],
        contact_id=client.contact_id,
        opens_at=opens_at,
        expires_at=expires_at,
        maker=maker,
        made_by=str(actor)[:160],
        made_at=now,
        **(_ticket_fields(purpose.ticket) if purpose.ticket else {}),
    )
    with transaction.atomic(durable=True):
        signed.save(force_insert=True)
        record(
            account=signed.account,
            kind="signed_link.made",
            subject=signed.public_id,
            now=now,
            actor=actor,
            data=_told(signed),
        )
    return signed


def revoke_signed_link(*, signed: SignedLink, actor: str, now: datetime) -> None:
    """From now on the link says that it was taken back. Doing it twice changes nothing."""
    with transaction.atomic(durable=True):
        if SignedLink.objects.filter(pk=signed.pk, revoked_at=None).update(revoked_at=now):
            record(
                account=signed.account,
                kind="signed_link.revoked",
                subject=signed.public_id,
                now=now,
                actor=actor,
                data=_told(signed),
            )


def _check_period(opens_at: datetime | None, expires_at: datetime, now: datetime) -> None:
    if expires_at <= max(now, opens_at or now):
        raise BadPeriod(pgettext("staff", "It would be over before anybody could book by it."))
    if expires_at > now + LONGEST:
        raise BadPeriod(pgettext("staff", "A year at most."))


def _ticket_fields(ticket: Ticket) -> dict[str, str]:
    return {
        "ticket_number": ticket.number,
        "ticket_kind": ticket.ref.kind,
        "ticket_id": ticket.ref.id,
        "ticket_summary": ticket.summary[:255],
    }


def _told(signed: SignedLink) -> dict[str, Any]:
    """Never for whom: the row says that, and is gone when they are to be forgotten."""
    return {
        "for": "ticket" if signed.ticket_number else "client",
        "type": signed.appointment_type.internal_name,
        "resources": signed.resources,
        "expires_at": signed.expires_at.isoformat(),
    }
