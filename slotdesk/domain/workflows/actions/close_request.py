"""Give up a request that nobody booked: its link can no longer be used."""

from __future__ import annotations

from slotdesk.domain.booking.invitations import close_request
from slotdesk.domain.booking.queries import OPEN, RequestClosed
from slotdesk.domain.catalog.workflow import Trigger
from slotdesk.domain.workflows.actions.base import SYSTEM, Context, Done, Skipped, Will

_CLOSED = Done("The request is closed; its link can no longer be used.")


def find_again(context: Context) -> Done | None:
    return _CLOSED if context.find_caused(Trigger.CLOSED) else None


def prepare(context: Context) -> Will | Skipped:
    if context.request.status not in OPEN:
        return Skipped(f"The request is {context.request.status}.")

    def do() -> Done | Skipped:
        try:
            close_request(request=context.request, actor=SYSTEM, now=context.now)
        except RequestClosed as closed:  # the client booked this moment: a booking goes before giving up
            return Skipped(f"The request is {closed.status}.")
        return _CLOSED

    return Will("Closes the request: its link can no longer be used.", do)
