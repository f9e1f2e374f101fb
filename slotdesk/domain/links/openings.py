"""
Asking to be told when a time opens, and taking that back.

Who asks is written to once: by the request's own address, or by one that was proved, see proofs.py. Whether something
is free is looked at in opening_looks.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import lock_request
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.events.operations import record
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert, SignedLink
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import all_accounts

# How soon and how late it is looked again, see wait_of.
SOONEST, LATEST = timedelta(minutes=5), timedelta(minutes=15)
# Of one address, and of an account.
MOST_OF_ONE, MOST_OF_ALL = 10, 2000


class TooManyAlerts(Exception):
    """The address, or the account, waits for as much as may be waited for at once."""


@dataclass(frozen=True, slots=True)
class Reader:
    """
    Whom to tell. zone: the clock they look at (IANA); language: in which they read.

    before   only a time that begins earlier than this will do; None = any
    """

    email: str
    zone: str
    language: str
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ByLink:
    """
    A public link as the visitor has it.

    signed     the one that was made for them or for the ticket, if they came by it; they are told by the same
    campaign   what its address says of where they came from
    """

    link: Link
    ticket_number: str = ""
    signed: SignedLink | None = None
    campaign: Mapping[str, str] = field(default_factory=dict)


def ask_by_request(*, request: SchedulingRequest, reader: Reader, now: datetime) -> OpeningAlert:
    """
    Have the client of an open request told when a time opens; asking again while it waits begins its days afresh.

    Told in the request's history. Raises RequestClosed, TooManyAlerts.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        is_due(locked.status, Act.BOOK)
        alert, is_new = _put(
            OpeningAlert(
                account=locked.account,
                about=locked.public_id,
                request=locked,
                appointment_type=locked.appointment_type,
            ),
            reader,
            now,
        )
        if is_new:
            record(
                account=locked.account,
                kind="request.opening_asked",
                subject=locked.public_id,
                actor=_client(locked),
                now=now,
            )
    return alert


def ask_by_link(*, wish: ByLink, reader: Reader, now: datetime) -> OpeningAlert:
    """The same for a visitor of a public link, whose address is proved. Raises TooManyAlerts."""
    link, ids = wish.link, [each.public_id for each in wish.link.resources]
    with transaction.atomic(durable=True):
        alert, _is_new = _put(
            OpeningAlert(
                account=link.account,
                about=":".join([link.appointment_type.public_id, ",".join(ids), wish.ticket_number]),
                appointment_type=link.appointment_type,
                resources=ids,
                ticket_number=wish.ticket_number,
                signed_link=wish.signed,
                campaign=dict(wish.campaign),
            ),
            reader,
            now,
        )
    return alert


def stop_alerts(*, alert: OpeningAlert, now: datetime) -> None:
    """
    Tell whoever this alert is for no more: it and all others that the address has in the account end.

    One that is being told at this moment may still arrive. Stopping twice changes nothing.
    """
    with transaction.atomic(durable=True):
        for each in list(waiting(alert.account, email=alert.email).select_related("request")):
            end(each, OpeningAlert.Ending.STOPPED, now)


def end(alert: OpeningAlert, ending: OpeningAlert.Ending, now: datetime) -> bool:
    """
    End the alert, in the caller's transaction, and say whether it was still waiting: of two who end it, one does.

    What matters to staff stands in the request's history.
    """
    ended = OpeningAlert.objects.filter(pk=alert.pk, ended_at=None).update(ended_at=now, ending=ending)
    is_told = ending == OpeningAlert.Ending.TOLD
    # Of public links there is no request yet whose history could say it.
    if ended and alert.request is not None and (is_told or ending == OpeningAlert.Ending.STOPPED):
        record(
            account=alert.account,
            kind="request.opening_told" if is_told else "request.opening_stopped",
            subject=alert.request.public_id,
            actor="" if is_told else _client(alert.request),
            now=now,
        )
    return ended == 1


def waiting(account: Account, **which: Any) -> QuerySet[OpeningAlert]:
    """The account's alerts that wait, who asked first coming first."""
    return OpeningAlert.objects.filter(account=account, ended_at=None, **which).order_by("asked_at", "pk")


def find_waiting(request: SchedulingRequest) -> OpeningAlert | None:
    """The alert of the request's client, if one waits."""
    return waiting(request.account, about=request.public_id).first()


def find_alert(token: str) -> OpeningAlert | None:
    """Return the alert of a page's address, before any account is active."""
    with all_accounts():  # the token is what tells the account
        return (
            OpeningAlert.objects.select_related("account", "appointment_type", "request", "signed_link")
            .filter(token=token)
            .first()
        )


def wait_of(asked_at: datetime, now: datetime) -> timedelta:
    """How long until the next look: whoever asked today is told sooner than whoever has waited for long."""
    return min(max((now - asked_at) / 60, SOONEST), LATEST)


def _put(alert: OpeningAlert, reader: Reader, now: datetime) -> tuple[OpeningAlert, bool]:
    """Store the alert, or ask again with the one that waits already; True = it is new. Raises TooManyAlerts."""
    account, email = alert.account, reader.email.strip().lower()
    with connection.cursor() as cursor:
        # One after the other, so that the limits hold and nobody meets the constraint.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"openings:{account.pk}"])
    values = {
        "zone": reader.zone,
        "language": reader.language,
        "before": reader.before,
        "signed_link": alert.signed_link,
        "campaign": alert.campaign,
        "asked_at": now,
    }
    # One that a worker ends at this moment is waited for, and then waits no more.
    standing = waiting(account, about=alert.about, email=email).select_for_update(no_key=True).first()
    if standing is not None:
        OpeningAlert.objects.filter(pk=standing.pk).update(**values)
        return standing, False
    if waiting(account, email=email).count() >= MOST_OF_ONE or waiting(account).count() >= MOST_OF_ALL:
        raise TooManyAlerts
    for name, value in values.items():
        setattr(alert, name, value)
    alert.email, alert.check_at = email, now + SOONEST
    alert.save(force_insert=True)
    return alert, True


def _client(request: SchedulingRequest) -> str:
    return f"{request.client_name} (client)"
