"""Call the booked appointment off, as when its ticket is closed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from slotdesk.domain.booking.operations import cancel_appointment
from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.catalog.workflow import Trigger
from slotdesk.domain.workflows.actions.base import SYSTEM, Context, Done, Skipped, Will
from slotdesk.lib.marks import gettext_noop


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str = Field(
        default="",
        title=gettext_noop("Reason"),
        description=gettext_noop("For the client’s e-mail and the ticket’s note. May be empty."),
        max_length=2000,
    )


_CANCELLED = Done("The appointment is cancelled.")


def find_again(context: Context) -> Done | None:
    return _CANCELLED if context.find_caused(Trigger.CANCELLED) else None


def prepare(context: Context) -> Will | Skipped:
    told = Settings.model_validate(context.settings)
    appointment = context.standing()
    if appointment is None:
        return Skipped("There is no appointment to cancel.")
    if appointment.starts_at <= context.now:
        return Skipped("The appointment has begun or is over.")

    def do() -> Done | Skipped:
        try:
            cancel_appointment(request=context.request, actor=SYSTEM, reason=told.reason, now=context.now)
        except RequestClosed:
            return Skipped("There is no appointment to cancel.")
        return _CANCELLED

    return Will("Cancels the appointment; what follows from a cancellation follows.", do)
