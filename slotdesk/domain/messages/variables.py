"""
What e-mail templates may use, each with what it means and an example.

The picker in the editor, docs/reference/template-variables.md and the check at saving are made of this one list; a test
holds it against what workflows/actions/send_email.py gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from slotdesk.domain.messages.kinds import ABOUT, Kind

_ALL = frozenset(Kind)
_BOOKED = _ALL - {Kind.INVITATION, Kind.REMINDER, Kind.OPENING}
_OPENING = frozenset({Kind.OPENING})
_CANCELLED = frozenset({Kind.CANCELLATION, Kind.CANCELLED_NOTICE, Kind.GUEST_CANCELLATION})
_NOTICES = frozenset(kind for kind in Kind if ABOUT[kind].reader == "technician")
# Guests are given no link: whoever has one may look at the client's page.
_GUESTS = frozenset(kind for kind in Kind if ABOUT[kind].reader == "guest")
_MAY_CHANGE = _BOOKED - _CANCELLED - _NOTICES - _GUESTS
_MOVED = frozenset({Kind.RESCHEDULED, Kind.RESCHEDULED_NOTICE, Kind.GUEST_RESCHEDULED})


@dataclass(frozen=True, slots=True)
class Variable:
    """
    One value that a template may use.

    name      dotted, as it is written between {{ and }}
    example   what previews show
    kinds     where it has a value; it is empty in the others
    """

    name: str
    meaning: str | Promise
    example: Any
    kinds: frozenset[Kind] = _ALL


VARIABLES: tuple[Variable, ...] = (
    Variable("client.name", pgettext_lazy("staff", "The client’s name."), "Ana Ruiz"),
    Variable("client.email", pgettext_lazy("staff", "Their address."), "ana@client.example"),
    Variable("client.phone", pgettext_lazy("staff", "Their best contact number, if they gave one."), "+1 202 555 0144"),
    Variable("client.company", pgettext_lazy("staff", "Their firm."), "Client Ltd"),
    Variable("account.name", pgettext_lazy("staff", "The name of your account."), "Summit MSP"),
    Variable(
        "appointment_type.name", pgettext_lazy("staff", "The appointment type, as clients read it."), "Phone call"
    ),
    Variable(
        "appointment_type.internal_name",
        pgettext_lazy("staff", "The appointment type, as your people read it."),
        "Tier 1 call",
    ),
    Variable("appointment_type.duration_minutes", pgettext_lazy("staff", "How long it takes, in minutes."), 30),
    Variable(
        "request.url",
        pgettext_lazy("staff", "Where the client chooses a time."),
        "https://book.example/schedule/sample/",
        _ALL - _GUESTS,
    ),
    Variable(
        "appointment.scheduled_member_name",
        pgettext_lazy("staff", "Who takes the appointment; before it is booked, who was asked."),
        "Jordan Doe",
    ),
    Variable(
        "appointment.agreed_time",
        pgettext_lazy("staff", "The booked time with date and zone, on the reader’s clock."),
        "Tuesday, 24 November 2026, 14:30 CET",
        _BOOKED,
    ),
    Variable(
        "appointment.previous_time",
        pgettext_lazy("staff", "The time before it was moved."),
        "Monday, 23 November 2026, 10:00 CET",
        _MOVED,
    ),
    Variable(
        "appointment.place",
        pgettext_lazy("staff", "Where it takes place, as a sentence."),
        "Jordan Doe will call you.",
        _BOOKED,
    ),
    Variable(
        "appointment.meeting_url",
        pgettext_lazy("staff", "Where the online meeting is held, if it is one."),
        "https://meet.example/1",
        _BOOKED,
    ),
    Variable(
        "appointment.note",
        pgettext_lazy("staff", "What the client wrote when booking."),
        "Please use the side door.",
        _BOOKED,
    ),
    Variable(
        "appointment.answers",
        pgettext_lazy("staff", "The answers to your questions, one after another, each with a label and a value."),
        [{"key": "device", "label": "Which device?", "value": "Laptop"}],
        _BOOKED,
    ),
    Variable(
        "appointment.url",
        pgettext_lazy("staff", "The client’s page of the appointment."),
        "https://book.example/schedule/sample/appointment/",
        _BOOKED - _GUESTS,
    ),
    Variable(
        "appointment.reschedule_url",
        pgettext_lazy("staff", "Where the client chooses another time; empty if they may not."),
        "https://book.example/schedule/sample/appointment/reschedule/",
        _MAY_CHANGE,
    ),
    Variable(
        "appointment.cancel_url",
        pgettext_lazy("staff", "Where the client cancels; empty if they may not."),
        "https://book.example/schedule/sample/appointment/cancellation/",
        _MAY_CHANGE,
    ),
    Variable("appointment.cancelled_by", pgettext_lazy("staff", "“client” or “technician”."), "technician", _CANCELLED),
    Variable(
        "appointment.cancelled_by_name",
        pgettext_lazy("staff", "The name of whoever cancelled."),
        "Jordan Doe",
        _CANCELLED,
    ),
    Variable(
        "appointment.cancellation_reason",
        pgettext_lazy("staff", "Their reason, if they gave one."),
        "I am ill today.",
        _CANCELLED,
    ),
    Variable(
        "opening.first_time",
        pgettext_lazy("staff", "The first time that is free now, with date and zone, on the client’s clock."),
        "Tuesday, 24 November 2026, 14:30 CET",
        _OPENING,
    ),
    Variable(
        "opening.is_earlier",
        pgettext_lazy("staff", "True where they wanted an earlier time than the free ones."),
        False,
        _OPENING,
    ),
    Variable(
        "opening.stop_url",
        pgettext_lazy("staff", "Where they say that they want no such e-mails."),
        "https://book.example/schedule/opening/sample/",
        _OPENING,
    ),
    Variable("ticket.number", pgettext_lazy("staff", "The ticket’s number, if there is a ticket."), "48213"),
    Variable("ticket.summary", pgettext_lazy("staff", "What the ticket is about."), "The printer on floor 2"),
    Variable(
        "ticket.url", pgettext_lazy("staff", "The ticket in the PSA, for your people."), "https://psa.example/48213"
    ),
)


def sample_values(kind: Kind, variables: Iterable[Variable] = VARIABLES) -> dict[str, Any]:
    """Return what a template of this kind could be given: the examples, empty where the kind has no value."""
    return _in_groups(variables, lambda each: each.example if kind in each.kinds else _nothing(each))


def empty_values() -> dict[str, Any]:
    """Return every name with nothing in it, to be filled in as far as something is known."""
    return _in_groups(VARIABLES, _nothing)


def _nothing(variable: Variable) -> Any:
    return type(variable.example)()


def _in_groups(variables: Iterable[Variable], value_of: Callable[[Variable], Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"request": {"attributes": {}}}
    for variable in variables:
        *groups, last = variable.name.split(".")
        place = values
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = value_of(variable)
    return values
