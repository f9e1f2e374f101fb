"""What e-mails are for, in the words of screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an e-mail is for; each has a built-in template."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    OPENING = "opening"
    CONFIRMATION = "confirmation"
    APPOINTMENT_REMINDER = "appointment_reminder"
    RESCHEDULED = "rescheduled"
    CANCELLATION = "cancellation"
    BOOKED_NOTICE = "booked_notice"
    RESCHEDULED_NOTICE = "rescheduled_notice"
    CANCELLED_NOTICE = "cancelled_notice"
    REASSIGNED = "reassigned"
    REASSIGNED_NOTICE = "reassigned_notice"
    HANDED_OVER_NOTICE = "handed_over_notice"
    GUEST_CONFIRMATION = "guest_confirmation"
    GUEST_RESCHEDULED = "guest_rescheduled"
    GUEST_CANCELLATION = "guest_cancellation"


class StaffKind(StrEnum):
    """E-mails to the account's own people; no workflow sends them."""

    STAFF_INVITATION = "staff_invitation"


class CodeKind(StrEnum):
    """E-mails by which visitors of links prove their address; no workflow sends them."""

    EMAIL_CODE = "email_code"


@dataclass(frozen=True, slots=True)
class About:
    """
    What staff read of a kind.

    reader   "client", "technician" for a notice, or "guest", who is given no link that changes anything
    links    variables that a template of this kind should hold: without them its reader is stuck
    """

    label: str
    when: str
    reader: str
    links: tuple[str, ...] = ()


_CHANGE = ("appointment.reschedule_url", "appointment.cancel_url")

ABOUT: Mapping[Kind, About] = {
    Kind.INVITATION: About("Invitation", "A client is asked to choose a time.", "client", ("request.url",)),
    Kind.REMINDER: About("Reminder", "The client has not chosen a time yet.", "client", ("request.url",)),
    Kind.OPENING: About(
        "Time opened",
        "A client wanted to be told when a time opens, and one did.",
        "client",
        ("request.url",),
    ),
    Kind.CONFIRMATION: About("Confirmation", "A time has been booked.", "client", _CHANGE),
    Kind.APPOINTMENT_REMINDER: About("Appointment reminder", "The appointment is soon.", "client", _CHANGE),
    Kind.RESCHEDULED: About("New time", "The appointment has a new time.", "client", _CHANGE),
    Kind.REASSIGNED: About("New technician", "Somebody else takes the appointment.", "client", _CHANGE),
    Kind.CANCELLATION: About("Cancellation", "The appointment has been called off.", "client"),
    Kind.BOOKED_NOTICE: About("Notice: booked", "A client has booked with the technician.", "technician"),
    Kind.RESCHEDULED_NOTICE: About("Notice: moved", "The technician’s appointment has a new time.", "technician"),
    Kind.CANCELLED_NOTICE: About("Notice: cancelled", "The technician’s appointment is off.", "technician"),
    Kind.REASSIGNED_NOTICE: About("Notice: taken over", "The technician takes somebody’s appointment.", "technician"),
    Kind.HANDED_OVER_NOTICE: About(
        "Notice: handed over", "Somebody else takes the technician’s appointment.", "technician"
    ),
    Kind.GUEST_CONFIRMATION: About("Guests: invited", "Guests are told of a booked appointment.", "guest"),
    Kind.GUEST_RESCHEDULED: About("Guests: changed", "It has a new time, or somebody else takes it.", "guest"),
    Kind.GUEST_CANCELLATION: About("Guests: cancelled", "The appointment has been called off.", "guest"),
}
