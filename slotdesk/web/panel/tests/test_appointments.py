"""What is different for one request, and booking a time agreed with the client, from the ticket."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType, TypeResource
from slotdesk.web.panel.tests.test_requests import invite, send
from tests.support.factories import make_agent, make_type
from tests.support.psa import Desk

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def half_hour(desk: Desk) -> AppointmentType:
    return make_type(desk.account, notice_amount=0, window_amount=0)


def next_weekday() -> datetime:
    """Ten o'clock in New York on a coming weekday."""
    moment = datetime.now(NEW_YORK).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    while moment.isoweekday() > 5:
        moment += timedelta(days=1)
    return moment


def book(desk: Desk, ticket: dict[str, Any], kind: AppointmentType, **changed: Any) -> Any:
    moment = next_weekday()
    fields = {
        "type": kind.public_id,
        "resource": desk.agent.public_id,
        "key": "made-by-the-panel-1",
        "date": f"{moment:%Y-%m-%d}",
        "start": int(moment.timestamp()),
    }
    return send(desk, "post", f"service_ticket/{ticket['id']}/appointments/", **fields | changed)


class TestOptions:
    def test_reach_the_request(self, desk: Desk, half_hour: AppointmentType) -> None:
        answer = invite(
            desk,
            desk.ticket(),
            half_hour,
            earliest_date="2031-03-03",
            latest_date="2031-03-07",
            earliest_time="09:30",
            latest_time="12:00",
            guests="bo@client.example; cy@client.example",
            is_silent="1",
            language="pt-br",
        )

        assert answer.status_code == 201
        request = SchedulingRequest.objects.get()
        assert (request.earliest_date, request.latest_date) == (date(2031, 3, 3), date(2031, 3, 7))
        assert (request.earliest_time, request.latest_time) == (time(9, 30), time(12))
        assert request.limits_zone == "America/New_York"
        assert request.guests.count() == 2
        assert request.is_silent
        assert request.language == "pt-br"
        assert "no e-mail is sent" in answer.content.decode()

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"earliest_date": "2031-03-07", "latest_date": "2031-03-03"}, "last day lies before"),
            ({"earliest_time": "12:00", "latest_time": "09:00"}, "latest time lies before"),
            ({"earliest_date": "tomorrow"}, "as your browser offers them"),
            ({"language": "tlh"}, "language that is in the list"),
            ({"guests": "nobody"}, "“nobody” is not an e-mail address"),
            ({"guests": " ".join(f"g{n}@x.example" for n in range(11))}, "at most 10 guests"),
            ({"client_email": "zoe@client.example"}, "Enter the other client’s name"),
            ({"client_name": "Zoe", "client_email": "zoe@"}, "is not an e-mail address"),
        ],
    )
    def test_that_cannot_be_are_refused_with_what_to_do(
        self, desk: Desk, half_hour: AppointmentType, fields: dict[str, str], said: str
    ) -> None:
        answer = invite(desk, desk.ticket(), half_hour, **fields)

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not SchedulingRequest.objects.exists()

    def test_another_client_is_asked_instead_of_the_contact(self, desk: Desk, half_hour: AppointmentType) -> None:
        invite(desk, desk.ticket(), half_hour, client_name="Zoe New", client_email="zoe@elsewhere.example")

        request = SchedulingRequest.objects.get()
        assert (request.client_name, request.client_email) == ("Zoe New", "zoe@elsewhere.example")
        assert request.contact_id == ""

    def test_a_contact_of_the_company_is_known_by_their_address(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()
        page = send(desk, "get", f"service_ticket/{ticket['id']}/contacts/", q="").content.decode()
        email = next(part.partition('"')[0] for part in page.split('data-email="')[1:] if "@" in part.partition('"')[0])

        invite(desk, ticket, half_hour, client_name="Somebody", client_email=email)

        assert SchedulingRequest.objects.get().contact_id != ""

    def test_whom_a_type_may_not_ask_is_refused_by_name(self, desk: Desk, half_hour: AppointmentType) -> None:
        TypeResource.objects.create(appointment_type=half_hour, agent=make_agent(desk.account, "Ali"))

        answer = invite(desk, desk.ticket(), half_hour)

        assert answer.status_code == 422
        assert "Jordan Doe is not among those" in answer.content.decode()


class TestEditedTicket:
    def test_is_warned_of(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()

        page = invite(desk, ticket, half_hour, status_seen=ticket["status"]["name"]).content.decode()

        assert "refresh it before you save" in page
        assert "had changed meanwhile" not in page

    def test_whose_status_is_another_one_by_now_is_told(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()

        page = invite(desk, ticket, half_hour, status_seen="Long Ago").content.decode()

        assert f"had changed meanwhile, from Long Ago to {ticket['status']['name']}" in page


class TestAgreedTime:
    def test_offers_what_is_free(self, desk: Desk, half_hour: AppointmentType) -> None:
        chosen = {"type": half_hour.public_id, "resource": desk.agent.public_id, "date": f"{next_weekday():%Y-%m-%d}"}

        page = send(desk, "get", f"service_ticket/{desk.ticket()['id']}/times/", **chosen).content.decode()

        assert f'value="{int(next_weekday().timestamp())}"' in page

    def test_is_booked_once_however_often_it_is_sent(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()

        answers = [book(desk, ticket, half_hour, phone="(212) 555-0100", note="By phone") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].headers["X-Panel-Changed"] == "yes"
        made = Appointment.objects.get()
        assert made.starts_at == next_weekday().astimezone(UTC)
        assert (made.request.client_phone, made.note) == ("+12125550100", "By phone")
        assert made.request.client_email == ticket["contactEmailAddress"]

    def test_is_warned_of_before_rules_are_set_aside(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()

        warned = book(desk, ticket, half_hour, time="22:07")
        assert warned.status_code == 422
        assert "Outside of working hours." in warned.content.decode()
        assert not Appointment.objects.exists()

        assert book(desk, ticket, half_hour, time="22:07", override="1").status_code == 201

    @pytest.mark.parametrize(
        ("fields", "status", "said"),
        [
            ({"start": ""}, 422, "Choose one of the free times"),
            ({"resource": ""}, 422, "Choose who"),
            ({"phone": "12"}, 422, "does not look like a phone number"),
            ({"type": "apty_unknown"}, 422, "no longer in use"),
        ],
    )
    def test_says_what_is_missing(
        self, desk: Desk, half_hour: AppointmentType, fields: dict[str, str], status: int, said: str
    ) -> None:
        answer = book(desk, desk.ticket(), half_hour, **fields)

        assert answer.status_code == status
        assert said in answer.content.decode()

    def test_of_a_closed_ticket_is_refused(self, desk: Desk, half_hour: AppointmentType) -> None:
        answer = book(desk, desk.ticket(is_closed=True), half_hour)

        assert answer.status_code == 409
        assert "Reopen it" in answer.content.decode()

    def test_that_is_taken_is_refused_also_with_the_rules_set_aside(
        self, desk: Desk, half_hour: AppointmentType
    ) -> None:
        ticket = desk.ticket()
        book(desk, ticket, half_hour)

        answer = book(desk, ticket, half_hour, key="made-by-the-panel-2", override="1")

        assert answer.status_code == 409
        assert Appointment.objects.count() == 1
