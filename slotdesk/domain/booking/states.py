"""
What may be done with a request in which status: one table, which every operation asks under its lock.

A pair is either allowed, or done already (nothing changes), or refused by an exception whose name says why.
"""

from __future__ import annotations

from enum import StrEnum

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import RequestClosed

_NEW, _SENT, _SCHEDULED, _CANCELLED, _CLOSED = SchedulingRequest.Status


class Act(StrEnum):
    """What somebody wants to do with a request."""

    BOOK = "book"
    RESCHEDULE = "reschedule"
    REASSIGN_APPOINTMENT = "reassign the appointment"
    REASSIGN_REQUEST = "reassign the request"
    CONFIRM_TIME = "confirm the time"
    CANCEL_REQUEST = "cancel the request"
    CANCEL_APPOINTMENT = "cancel the appointment"
    CLOSE = "close"
    CHANGE_CLIENT = "change the client"
    CHANGE_GUESTS = "change the guests"


class NotBooked(RequestClosed):
    """There is no appointment yet."""


class BookedAlready(RequestClosed):
    """The client has a time; what is to be done is for requests that wait for one."""


class WasCancelled(RequestClosed):
    """The request or its appointment was called off."""


class WasClosed(RequestClosed):
    """The request is over without a booking."""


_WAITS_FOR_A_TIME = {Act.BOOK, Act.REASSIGN_REQUEST, Act.CANCEL_REQUEST, Act.CLOSE, Act.CHANGE_CLIENT}
_NEEDS_A_TIME = {Act.RESCHEDULE, Act.REASSIGN_APPOINTMENT, Act.CONFIRM_TIME, Act.CANCEL_APPOINTMENT}
_ALLOWED = {
    _NEW: _WAITS_FOR_A_TIME | {Act.CHANGE_GUESTS},
    _SENT: _WAITS_FOR_A_TIME | {Act.CHANGE_GUESTS},
    _SCHEDULED: _NEEDS_A_TIME | {Act.CHANGE_GUESTS},
    _CANCELLED: set[Act](),
    _CLOSED: set[Act](),
}
# Whoever presses the same button again, or at the same moment as somebody else, gets what they wanted.
_DONE_ALREADY = {
    _CANCELLED: {Act.CANCEL_REQUEST, Act.CANCEL_APPOINTMENT},
    _CLOSED: {Act.CLOSE},
}
_REFUSALS: dict[str, type[RequestClosed]] = {
    _NEW: NotBooked,
    _SENT: NotBooked,
    _SCHEDULED: BookedAlready,
    _CANCELLED: WasCancelled,
    _CLOSED: WasClosed,
}


def is_due(status: str, act: Act) -> bool:
    """
    Whether the act would change anything; False when it was done already.

    Raises NotBooked, BookedAlready, WasCancelled or WasClosed, each a RequestClosed that knows the status.
    """
    state = SchedulingRequest.Status(status)
    if act in _ALLOWED[state]:
        return True
    if act in _DONE_ALREADY.get(state, ()):
        return False
    raise _REFUSALS[state](status)
