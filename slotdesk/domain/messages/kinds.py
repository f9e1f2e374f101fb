"""What e-mails are for, in the words of screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


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

    label: Promise
    when: Promise
    reader: str
    links: tuple[str, ...] = ()


_CHANGE = ("appointment.reschedule_url", "appointment.cancel_url")

ABOUT: Mapping[Kind, About] = {
    Kind.INVITATION: About(
        pgettext_lazy("staff", "Invitation"),
        pgettext_lazy("staff", "A client is asked to choose a time."),
        "client",
        ("request.url",),
    ),
    Kind.REMINDER: About(
        pgettext_lazy("staff", "Reminder"),
        pgettext_lazy("staff", "The client has not chosen a time yet."),
        "client",
        ("request.url",),
    ),
    Kind.OPENING: About(
        pgettext_lazy("staff", "Time opened"),
        pgettext_lazy("staff", "A client wanted to be told when a time opens, and one did."),
        "client",
        ("request.url",),
    ),
    Kind.CONFIRMATION: About(
        pgettext_lazy("staff", "Confirmation"), pgettext_lazy("staff", "A time has been booked."), "client", _CHANGE
    ),
    Kind.APPOINTMENT_REMINDER: About(
        pgettext_lazy("staff", "Appointment reminder"),
        pgettext_lazy("staff", "The appointment is soon."),
        "client",
        _CHANGE,
    ),
    Kind.RESCHEDULED: About(
        pgettext_lazy("staff", "New time"), pgettext_lazy("staff", "The appointment has a new time."), "client", _CHANGE
    ),
    Kind.REASSIGNED: About(
        pgettext_lazy("staff", "New technician"),
        pgettext_lazy("staff", "Somebody else takes the appointment."),
        "client",
        _CHANGE,
    ),
    Kind.CANCELLATION: About(
        pgettext_lazy("staff", "Cancellation"), pgettext_lazy("staff", "The appointment has been called off."), "client"
    ),
    Kind.BOOKED_NOTICE: About(
        pgettext_lazy("staff", "Notice: booked"),
        pgettext_lazy("staff", "A client has booked with the technician."),
        "technician",
    ),
    Kind.RESCHEDULED_NOTICE: About(
        pgettext_lazy("staff", "Notice: moved"),
        pgettext_lazy("staff", "The technician’s appointment has a new time."),
        "technician",
    ),
    Kind.CANCELLED_NOTICE: About(
        pgettext_lazy("staff", "Notice: cancelled"),
        pgettext_lazy("staff", "The technician’s appointment is off."),
        "technician",
    ),
    Kind.REASSIGNED_NOTICE: About(
        pgettext_lazy("staff", "Notice: taken over"),
        pgettext_lazy("staff", "The technician takes somebody’s appointment."),
        "technician",
    ),
    Kind.HANDED_OVER_NOTICE: About(
        pgettext_lazy("staff", "Notice: handed over"),
        pgettext_lazy("staff", "Somebody else takes the technician’s appointment."),
        "technician",
    ),
    Kind.GUEST_CONFIRMATION: About(
        pgettext_lazy("staff", "Guests: invited"),
        pgettext_lazy("staff", "Guests are told of a booked appointment."),
        "guest",
    ),
    Kind.GUEST_RESCHEDULED: About(
        pgettext_lazy("staff", "Guests: changed"),
        pgettext_lazy("staff", "It has a new time, or somebody else takes it."),
        "guest",
    ),
    Kind.GUEST_CANCELLATION: About(
        pgettext_lazy("staff", "Guests: cancelled"),
        pgettext_lazy("staff", "The appointment has been called off."),
        "guest",
    ),
}
