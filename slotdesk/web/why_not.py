"""Why not this time?: the question as staff ask it, on their own clock, and what a page needs to answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext

from slotdesk.domain.booking.explaining import TimeExplained, explain_time
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import OPEN, find_appointment
from slotdesk.domain.booking.times import LOOKS_AHEAD
from slotdesk.domain.messages.words import say_moment, say_zone


@dataclass(frozen=True, slots=True)
class Answer:
    """One instant, in words: when it is on the asker's clock, the verdict, and everything behind it."""

    when: str
    verdict: str
    explained: TimeExplained


@dataclass(frozen=True, slots=True)
class WhyNot:
    """
    What was asked, as it was typed, and what came of it.

    zone      the asker's clock (IANA); clock: the same for people, such as "New York (EDT)"
    problem   why there is no answer, if there is none: what to do
    answers   two for an hour that comes twice; none before anything was asked
    """

    date: str
    time: str
    zone: str
    clock: str
    problem: str
    answers: list[Answer]


class NoSuchTime(Exception):
    """The form names no time that could be looked at; the message says what to do."""


def ask_why_not(request: SchedulingRequest, sent: Mapping[str, str], *, zone: str, now: datetime) -> WhyNot:
    """
    Explain the time that the form names, for booking the request, or for moving what was booked.

    sent   the form's `date` (2027-05-03) and `time` (14:30) on the clock of `zone`; without either, nothing is asked
    """
    day, clock = sent.get("date", "").strip(), sent.get("time", "").strip()
    problem, answers = "", []
    try:
        if day or clock:
            moments = read_moments(day, clock, zone=zone, now=now)
            answers = [_answer(request, moment, zone=zone, now=now) for moment in moments]
    except NoSuchTime as error:
        problem = str(error)
    city = zone.rpartition("/")[2].replace("_", " ")
    return WhyNot(
        date=day or f"{now.astimezone(ZoneInfo(zone)):%Y-%m-%d}",
        time=clock,
        zone=zone,
        clock=f"{city} ({say_zone(now, zone=zone)})",
        problem=problem,
        answers=answers,
    )


def may_be_asked(request: SchedulingRequest) -> bool:
    """Whether there is anything that a time could be offered for."""
    return request.status in (*OPEN, SchedulingRequest.Status.SCHEDULED)


def read_moments(day: str, clock: str, *, zone: str, now: datetime) -> list[datetime]:
    """Return the instants (UTC) at which the clock shows this: two in a repeated hour."""
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock).replace(tzinfo=None))
        tries = {local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)}
    except (ValueError, OverflowError):
        raise NoSuchTime(pgettext("staff", "Choose a date and a time.")) from None
    moments = sorted(each for each in tries if each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local)
    if not moments:
        raise NoSuchTime(
            pgettext("staff", "There is no %(time)s on that day: clocks go forward then. Choose another time.")
            % {"time": f"{local:%H:%M}"}
        )
    if moments[-1] <= now:
        raise NoSuchTime(pgettext("staff", "This time is over. Choose one that is still to come."))
    if moments[0] > now + LOOKS_AHEAD:
        raise NoSuchTime(
            pgettext("staff", "Calendars are read %(days)s days ahead, so no time after that is offered.")
            % {"days": LOOKS_AHEAD.days}
        )
    return moments


def _answer(request: SchedulingRequest, moment: datetime, *, zone: str, now: datetime) -> Answer:
    appointment = find_appointment(request)
    explained = explain_time(
        request,
        starts_at=moment,
        client_zone=appointment.zone if appointment else request.account.zone,
        now=now,
        without=appointment,
    )
    return Answer(
        when=say_moment(moment, zone=zone, country=request.account.country),
        verdict=_verdict(explained, appointment),
        explained=explained,
    )


def _verdict(explained: TimeExplained, appointment: Appointment | None) -> str:
    if appointment is None:
        return (
            pgettext("staff", "The client is offered this time.")
            if explained.is_offered
            else pgettext("staff", "The client is not offered this time.")
        )
    if explained.starts_at == appointment.starts_at:
        return pgettext("staff", "This is the time that was booked.")
    if explained.is_offered:
        return pgettext("staff", "The appointment could be moved to this time.")
    return pgettext("staff", "The appointment could not be moved to this time.")
