"""Where the online meeting of an appointment is held, and what the client answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from icalendar import Calendar

from slotdesk.domain.booking.calendar_file import invitation_of, say_place
from slotdesk.domain.booking.handover import reassign_appointment
from slotdesk.domain.booking.meeting import add_meeting
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answer, Answers, book_slot, reschedule_appointment
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_team, make_type

pytestmark = pytest.mark.django_db

TEN = NOW + timedelta(days=1, hours=1)
HALF = timedelta(minutes=30)
ROOM = "https://meet.example/jordan"


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


def booked(request: SchedulingRequest, *said: Answer) -> Appointment:
    answers = Answers("UTC", "Ana", answers=said)
    return book_slot(request=request, starts_at=TEN, answers=answers, key="k" * 16, now=NOW)


class TestMeeting:
    def test_without_one_there_is_no_link(self, account: Account) -> None:
        request = make_request(make_type(account), [make_agent(account, meeting_url=ROOM)])

        assert booked(request).meeting_url == ""

    def test_one_link_for_every_appointment_is_the_types_as_it_was_frozen(self, account: Account) -> None:
        kind = make_type(account, meeting="link", meeting_url="https://meet.example/all")
        request = make_request(kind, [make_agent(account, meeting_url=ROOM)])
        kind.meeting_url = "https://meet.example/later"
        kind.save()

        assert booked(request).meeting_url == "https://meet.example/all"

    def test_of_several_people_it_is_the_first_ones_who_has_a_room(self, account: Account) -> None:
        agents = [
            make_agent(account),
            make_agent(account, meeting_url=ROOM),
            make_agent(account, meeting_url="https://meet.example/third"),
        ]

        assert booked(make_request(make_type(account, meeting="personal"), agents)).meeting_url == ROOM

    def test_follows_the_appointment_to_whoever_takes_it_when_it_moves(self, account: Account) -> None:
        jordan = make_agent(account, "Jordan Doe", meeting_url=ROOM)
        priya: Agent = make_agent(account, "Priya Raman", meeting_url="https://meet.example/priya")
        request = make_request(make_type(account, meeting="personal"), [make_team(account, [jordan, priya])])
        first = booked(request)
        taker, other = (jordan, priya) if first.meeting_url == ROOM else (priya, jordan)
        make_busy(taker, TEN + HALF, TEN + 2 * HALF)

        moved = reschedule_appointment(request=request, starts_at=TEN + HALF, zone="UTC", actor="Ana (client)", now=NOW)

        assert moved.meeting_url == other.meeting_url

    def test_follows_the_appointment_to_whoever_takes_it_over(self, account: Account) -> None:
        jordan = make_agent(account, "Jordan Doe", meeting_url=ROOM)
        priya = make_agent(account, "Priya Raman", meeting_url="https://meet.example/priya")
        request = make_request(make_type(account, meeting="personal"), [jordan])
        made = booked(request)

        reassign_appointment(request=request, leaving=jordan, to=priya, actor="Jo", now=NOW)

        made.refresh_from_db()
        assert made.meeting_url == "https://meet.example/priya"

    def test_that_a_workflow_has_added_stays_when_it_moves_or_is_handed_over(self, account: Account) -> None:
        jordan, priya = make_agent(account, "Jordan Doe"), make_agent(account, "Priya Raman")
        request = make_request(make_type(account), [jordan])
        made = booked(request)
        add_meeting(appointment=made, url="https://meet.example/added")

        reschedule_appointment(request=request, starts_at=TEN + HALF, zone="UTC", actor="Jo", now=NOW)
        reassign_appointment(request=request, leaving=jordan, to=priya, actor="Jo", now=NOW)

        made.refresh_from_db()
        assert (made.starts_at, made.meeting_url) == (TEN + HALF, "https://meet.example/added")

    def test_is_named_in_the_calendar_file(self, account: Account) -> None:
        kind = make_type(account, meeting="link", meeting_url=ROOM, place="remote")
        appointment = booked(make_request(kind, [make_agent(account)]))

        (event,) = Calendar.from_ical(invitation_of(appointment, now=NOW)).walk("VEVENT")

        assert event["location"] == ROOM
        assert f"You meet Jordan Doe online: {ROOM}" in str(event["description"])

    def test_of_a_phone_call_is_said_besides_the_number(self, account: Account) -> None:
        request = make_request(make_type(account, place="phone"), [make_agent(account)])

        assert say_place(request, "Jordan Doe", ROOM) == f"Jordan Doe will call you. The online meeting: {ROOM}"


class TestAnswers:
    def test_are_kept_with_the_appointment_as_they_were_asked(self, account: Account) -> None:
        request = make_request(make_type(account), [make_agent(account)])

        made = booked(request, Answer("device", "Which device?", "A laptop"))

        made.refresh_from_db()
        assert made.answers == [{"key": "device", "label": "Which device?", "value": "A laptop"}]
