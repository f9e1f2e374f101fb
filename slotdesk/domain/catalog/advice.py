"""What a type's settings mean together that their author may not have meant. Nothing of it is forbidden."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import npgettext, pgettext

from slotdesk.availability.terms import Unit
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent, Team

_CLOCK = (Unit.MINUTES, Unit.HOURS, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Advice:
    """field: of the type, where it is set."""

    field: str
    text: str


def list_advice(appointment_type: AppointmentType, resources: Collection[Agent | Team]) -> list[Advice]:
    """Return what is worth a second look, with these people who may be asked (none = everybody)."""
    return [
        *_calls(appointment_type),
        *_times(appointment_type),
        *_mails(appointment_type),
        *_meetings(appointment_type, resources),
    ]


def _calls(kind: AppointmentType) -> Iterator[Advice]:
    if kind.place == AppointmentType.Place.PHONE and kind.phone_rule == AppointmentType.PhoneRule.OFF:
        yield Advice(
            "phone_rule",
            pgettext(
                "staff",
                "This is a phone call, yet nobody asks for a number: "
                "your people have only the one that the ticket names.",
            ),
        )
    if kind.place == AppointmentType.Place.ONSITE and kind.clients_may_change:
        yield Advice(
            "clients_may_change",
            pgettext(
                "staff", "Visits are planned around travel: where clients move them by themselves, routes fall apart."
            ),
        )


def _times(kind: AppointmentType) -> Iterator[Advice]:
    if kind.writes_buffers and not (kind.buffer_before or kind.buffer_after):
        yield Advice("writes_buffers", pgettext("staff", "There is no buffer to write: both are 0 minutes."))
    notice = _length(kind.notice_amount, kind.notice_unit)
    window = _length(kind.window_amount, kind.window_unit)
    if kind.window_amount and notice is not None and window is not None and notice >= window:
        yield Advice(
            "window_amount",
            pgettext("staff", "The scheduling window ends before the minimum notice does: no time may be left."),
        )
    deadline = kind.no_response_deadline
    late = [each for each in kind.reminders if timedelta(minutes=each["after_minutes"]) >= deadline]
    if deadline and late:
        yield Advice(
            "reminders",
            pgettext("staff", "A reminder comes when the no-response deadline has passed. Let it come before."),
        )


def _mails(kind: AppointmentType) -> Iterator[Advice]:
    if kind.is_silent and (kind.reminders or kind.appointment_reminders):
        yield Advice(
            "is_silent", pgettext("staff", "The client is sent no e-mail, so the reminders below are not sent either.")
        )


def _meetings(kind: AppointmentType, resources: Collection[Agent | Team]) -> Iterator[Advice]:
    if kind.meeting == AppointmentType.Meeting.NONE:
        return
    if kind.place == AppointmentType.Place.ONSITE:
        yield Advice(
            "meeting", pgettext("staff", "You meet in person, yet the client is given an online meeting as well.")
        )
    if kind.meeting == AppointmentType.Meeting.PERSONAL and (names := _without_room(resources)):
        yield Advice("meeting", _say_lacking(names))


def _say_lacking(names: list[str]) -> str:
    listed, more = ", ".join(names[:3]), len(names) - 3
    if more <= 0:
        return pgettext(
            "staff",
            "No meeting link of their own yet: %(names)s. Their clients are given none. "
            "It is entered on the person’s page under Users.",
        ) % {"names": listed}
    return npgettext(
        "staff",
        "No meeting link of their own yet: %(names)s and %(count)s more. Their clients are given none. "
        "It is entered on the person’s page under Users.",
        "No meeting link of their own yet: %(names)s and %(count)s more. Their clients are given none. "
        "It is entered on the person’s page under Users.",
        more,
    ) % {"names": listed, "count": more}


def _without_room(resources: Collection[Agent | Team]) -> list[str]:
    agents = Agent.objects.filter(is_active=True, is_schedulable=True, meeting_url="").order_by("name")
    if resources:
        named = [each.pk for each in resources if isinstance(each, Agent)]
        teams = [each.pk for each in resources if isinstance(each, Team)]
        agents = agents.filter(pk__in=named) | agents.filter(team_places__team__in=teams)
    return list(dict.fromkeys(agent.name for agent in agents))


def _length(amount: int, unit: str) -> timedelta | None:
    """None for business units, which are as long as somebody's day."""
    return amount * timedelta(**{unit: 1}) if unit in _CLOCK else None
