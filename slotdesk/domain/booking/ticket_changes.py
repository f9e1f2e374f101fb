"""What becomes of tickets while their requests are open or their appointments are to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.connections.models import Connection, WatchedTicket
from slotdesk.domain.connections.operations import note_failure, note_success
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.connections.ticket_watch import (
    Seen,
    begin_watch,
    gone,
    is_expected,
    keep_seen,
    list_to_look_at,
    lock_watched,
    seen_of,
)
from slotdesk.domain.events.operations import record
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports import errors
from slotdesk.ports.psa import Psa, Ticket, TicketRef

_KINDS = ("service_ticket", "project_ticket")


def watch_ticket(*, connection: Connection, ticket: Ticket, now: datetime) -> None:
    """
    Watch the ticket of a request that is being written, in the caller's transaction.

    now   no later than when the ticket was read. Before the request itself is stored, so that only the ticket's other
    requests are told what changed since the last look.
    """
    seen = seen_of(ticket)
    row = begin_watch(connection, ticket.ref, seen, began=now)
    _take(row, seen, began=now, now=now)


def follow_tickets(*, connection_id: int, clock: Callable[[], datetime]) -> None:
    """
    Look at the connection's tickets that changed, and at some of those that were not looked at for long.

    A request whose ticket has another status than at the last look gets the event `ticket.status_changed`, and one
    whose ticket was closed or deleted `ticket.closed`: once for each change, however often the vendor tells of it.
    Several changes between two looks are one. What nobody waits for any more is no longer watched. Ends at the first
    fault, which the next ticket would meet too; the next turn begins again.
    """
    with all_accounts():  # the job knows the connection by its id alone
        connection = Connection.objects.select_related("account").filter(pk=connection_id).first()
    if connection is None:
        return
    with active(connection.account):
        now = clock()
        for row in list_to_look_at(connection, now=now):
            if not _waiting(row, now).exists():
                _forget(row, now)
                continue
            try:
                _look(connection, row, clock)
            except errors.PortError as error:
                note_failure(connection=connection, error=error, now=clock())
                return
            note_success(connection=connection, now=clock())


def _look(connection: Connection, row: WatchedTicket, clock: Callable[[], datetime]) -> None:
    ref, began = TicketRef(row.kind, row.external_id), clock()
    ticket = _find(open_psa(connection, seconds=PATIENT), ref)
    with transaction.atomic(durable=True):
        locked = lock_watched(connection, ref)
        if locked is not None:
            _take(locked, seen_of(ticket) if ticket else gone(locked), began=began, now=clock())


def _find(psa: Psa, ref: TicketRef) -> Ticket | None:
    """
    The ticket, or nothing once it is deleted.

    Requests and appointments may be called off for it, so a ticket that became one of the other kind is not taken for
    deleted, nor is any while the PSA does not find what it must have: it has moved, or is being restored.
    """
    for kind in (ref.kind, *(kind for kind in _KINDS if kind != ref.kind)):
        try:
            return psa.get_ticket(TicketRef(kind, ref.id))
        except errors.NotFound:
            continue
    if not psa.list_priorities():
        raise errors.UnexpectedReply("The PSA finds neither the ticket nor any priority.")
    return None


def _take(row: WatchedTicket, seen: Seen, *, began: datetime, now: datetime) -> None:
    """Tell the requests what is different from the last look, and remember this one. The row is locked."""
    if began < row.seen_at:
        return  # somebody looked later than this, and has told already
    if not is_expected(row, seen, began=began):
        data = _data(row, seen)
        for request in _waiting(row, now):
            account, subject = request.account, request.public_id
            if seen.status_id != row.status_id:
                record(account=account, kind="ticket.status_changed", subject=subject, now=now, data=data)
            if seen.is_closed and not row.is_closed:
                record(account=account, kind="ticket.closed", subject=subject, now=now, data=data)
    elif seen.status_id != row.status_id:
        row.expected_status_id, row.expected_at = "", None
    keep_seen(row, seen, began=began)


def _data(row: WatchedTicket, seen: Seen) -> dict[str, Any]:
    return {
        "from": row.status_name,
        "to": seen.status_name,
        "to_id": seen.status_id,
        "board": seen.board_name,
        "board_id": seen.board_id,
        **({"is_deleted": True} if seen.is_gone else {}),
    }


def _waiting(row: WatchedTicket, now: datetime) -> QuerySet[SchedulingRequest]:
    """The ticket's requests that are open, or whose appointment is still to come."""
    coming = Appointment.objects.filter(request=OuterRef("pk"), cancellation=None, starts_at__gt=now)
    return (
        SchedulingRequest.objects.filter(
            Q(status__in=OPEN) | Q(Exists(coming), status=SchedulingRequest.Status.SCHEDULED),
            connection=row.connection,
            ticket_kind=row.kind,
            ticket_id=row.external_id,
        )
        .select_related("account")
        .order_by("id")
    )


def _forget(row: WatchedTicket, now: datetime) -> None:
    """Under the row's lock, so that a request which is made meanwhile finds it or makes it anew."""
    with transaction.atomic(durable=True):
        locked = WatchedTicket.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
        if locked is not None and not _waiting(locked, now).exists():
            locked.delete()
