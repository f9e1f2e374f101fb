"""Which tickets are watched, what is known of them, and which are to be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from slotdesk.domain.connections.models import Connection, WatchedTicket
from slotdesk.ports import errors
from slotdesk.ports.psa import Psa, Ticket, TicketRef

# Where the vendor tells of changes, a look from time to time finds what it forgot to tell.
_LOOK_AGAIN, _LOOK_WITHOUT_HOOKS = timedelta(minutes=30), timedelta(minutes=2)
# Tickets of one connection that one turn looks at, so that its vendor is not overrun.
MOST_AT_ONCE = 60
# An expectation of ours holds this long; after it, the same status is somebody else's doing.
_EXPECTED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as a look found it. is_gone: there is no such ticket any more, which counts as closed."""

    status_id: str
    status_name: str
    board_id: str
    board_name: str
    is_closed: bool
    is_gone: bool = False


def seen_of(ticket: Ticket) -> Seen:
    return Seen(ticket.status.id, ticket.status.name, ticket.board.id, ticket.board.name, ticket.is_closed)


def gone(row: WatchedTicket) -> Seen:
    """What is left of a deleted ticket: that it had been."""
    return Seen(row.status_id, row.status_name, row.board_id, row.board_name, is_closed=True, is_gone=True)


def lock_watched(connection: Connection, ref: TicketRef) -> WatchedTicket | None:
    """The ticket's row, kept from others until the caller's transaction ends; None when it is not watched."""
    rows = WatchedTicket.objects.select_for_update(no_key=True)
    return rows.filter(connection=connection, kind=ref.kind, external_id=ref.id).first()


def begin_watch(connection: Connection, ref: TicketRef, seen: Seen, *, began: datetime) -> WatchedTicket:
    """
    Lock the ticket's row, made from what was seen if there is none. In the caller's transaction.

    Of two callers who begin at the same moment, the second waits for the first and gets its row.
    """
    row = WatchedTicket(connection=connection, kind=ref.kind, external_id=ref.id, seen_at=began)
    _write(row, seen)
    found = None
    while found is None:  # until nobody forgets it between the two
        WatchedTicket.objects.bulk_create([row], ignore_conflicts=True)
        found = lock_watched(connection, ref)
    return found


def keep_seen(row: WatchedTicket, seen: Seen, *, began: datetime) -> None:
    """Write down what was seen in a locked row."""
    _write(row, seen)
    row.seen_at = began
    if row.changed_at is not None and row.changed_at <= began:
        row.changed_at = None
    row.save()


def is_expected(row: WatchedTicket, seen: Seen, *, began: datetime) -> bool:
    """Whether the status is the one that we ourselves were about to set."""
    is_ours = bool(row.expected_status_id) and row.expected_status_id == seen.status_id
    return is_ours and row.expected_at is not None and began - row.expected_at <= _EXPECTED_FOR


def note_changed(*, connection: Connection, ticket_id: str, now: datetime) -> bool:
    """The vendor says that the ticket has changed; return whether anybody watches it, of whichever kind it is."""
    rows = WatchedTicket.objects.filter(connection=connection, external_id=ticket_id)
    return rows.update(changed_at=now) > 0


def list_to_look_at(connection: Connection, *, now: datetime) -> QuerySet[WatchedTicket]:
    """The tickets that changed, longest ago first, then those not looked at for long; as many as one turn may read."""
    wait = _LOOK_AGAIN if connection.hooks_url else _LOOK_WITHOUT_HOOKS
    watched = WatchedTicket.objects.filter(connection=connection)
    changed = list(
        watched.filter(changed_at__isnull=False)
        .order_by("changed_at", "id")
        .values_list("pk", flat=True)[:MOST_AT_ONCE]
    )
    stale = watched.filter(seen_at__lt=now - wait, changed_at=None).order_by("seen_at", "id")
    chosen = changed + list(stale.values_list("pk", flat=True)[: MOST_AT_ONCE - len(changed)])
    return watched.filter(pk__in=chosen).order_by("changed_at", "seen_at", "id")


def set_own_status(connection: Connection, psa: Psa, ref: TicketRef, status: Mapping[str, Any]) -> None:
    """
    Give the ticket a status in our own name, so that nobody is told of it as of a change.

    status   {"id", "name", "is_closed"}, as boards keep it
    It is said beforehand, for whoever looks before we can say that it was done. What the vendor's own rules then make
    of the ticket is a change. Not in a transaction. Raises ports.errors.
    """
    watched = WatchedTicket.objects.filter(connection=connection, kind=ref.kind, external_id=ref.id)
    watched.update(expected_status_id=status["id"], expected_at=timezone.now())
    try:
        psa.set_status(ref, status["id"])
    except (errors.Rejected, errors.NotFound):
        watched.update(expected_status_id="", expected_at=None)
        raise
    watched.update(
        status_id=status["id"],
        status_name=status["name"][:120],
        is_closed=status["is_closed"],
        # After the vendor's yes, so that a look which began before it counts as late.
        seen_at=timezone.now(),
        expected_status_id="",
        expected_at=None,
    )


def _write(row: WatchedTicket, seen: Seen) -> None:
    row.status_id, row.status_name = seen.status_id, seen.status_name[:120]
    row.board_id, row.board_name = seen.board_id, seen.board_name[:120]
    row.is_closed = seen.is_closed
