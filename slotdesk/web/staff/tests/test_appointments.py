"""Entering an appointment that was agreed with the client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from tests.support.factories import make_type
from tests.support.members import signed_in, text_of
from tests.support.psa import Desk, broken

URL = "/app/appointments/new/"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """The real time: what the PSA says of calendars is about it."""
    with time_machine.travel(datetime.now(UTC), tick=True):
        yield


@pytest.fixture
def half_hour(desk: Desk) -> AppointmentType:
    return make_type(desk.account, notice_amount=0, window_amount=0)


@pytest.fixture
def technician(desk: Desk) -> Client:
    return signed_in(desk.account, "user")


def next_weekday() -> datetime:
    """Ten o'clock in New York on a coming weekday."""
    moment = datetime.now(NEW_YORK).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    while moment.isoweekday() > 5:
        moment += timedelta(days=1)
    return moment


def address(ticket: dict[str, Any], **more: str) -> str:
    return f"{URL}?ticket=service_ticket:{ticket['id']}" + "".join(f"&{name}={value}" for name, value in more.items())


def entered(desk: Desk, kind: AppointmentType, **changed: Any) -> dict[str, Any]:
    moment = next_weekday()
    return {
        "key": "form-1-of-this-test",
        "type": kind.public_id,
        "resource": desk.agent.public_id,
        "date": f"{moment:%Y-%m-%d}",
        "start": int(moment.timestamp()),
        "name": "Ana Ruiz",
        "email": "ana@client.example",
        "phone": "(212) 555-0100",
    } | changed


class TestTicketSearch:
    def test_finds_by_number(self, desk: Desk, technician: Client) -> None:
        ticket = desk.ticket()

        page = text_of(technician.get(URL, {"q": f"#{ticket['id']}"}))

        assert ticket["summary"] in page

    def test_finds_by_words_of_the_subject(self, desk: Desk, technician: Client) -> None:
        ticket = desk.ticket()

        page = text_of(technician.get(URL, {"q": " ".join(ticket["summary"].split()[:2])}))

        assert f"#{ticket['id']}" in page

    def test_says_that_there_is_none(self, desk: Desk, technician: Client) -> None:
        assert "No ticket found" in text_of(technician.get(URL, {"q": "zzzzzz"}))

    def test_says_that_the_psa_is_down(self, desk: Desk, technician: Client) -> None:
        with broken(desk.sandbox, "down"):
            assert "does not answer" in text_of(technician.get(URL, {"q": "printer"}))

    def test_sends_a_closed_ticket_back(self, desk: Desk, half_hour: AppointmentType, technician: Client) -> None:
        assert "is closed. Reopen it" in text_of(technician.get(address(desk.ticket(is_closed=True))))


class TestForm:
    def test_is_filled_from_the_ticket(self, desk: Desk, half_hour: AppointmentType, technician: Client) -> None:
        ticket = desk.ticket()

        page = technician.get(address(ticket)).content.decode()

        assert ticket["contactEmailAddress"] in page
        assert ticket["company"]["name"] in page

    def test_asks_for_people_before_it_says_that_nothing_is_free(
        self, desk: Desk, half_hour: AppointmentType, technician: Client
    ) -> None:
        nobody, chosen = {"type": half_hour.public_id}, {"resource": desk.agent.public_id, "type": half_hour.public_id}
        someday = f"{timezone.localdate() + timedelta(days=400):%Y-%m-%d}"

        assert "Choose who takes it" in text_of(technician.get(address(desk.ticket(), date=someday, **nobody)))
        page = text_of(technician.get(address(desk.ticket(), date=someday, **chosen)))
        assert "Choose who takes it" not in page
        assert "None on this day by the rules" in page

    def test_offers_the_free_times_of_the_chosen_day(
        self, desk: Desk, half_hour: AppointmentType, technician: Client
    ) -> None:
        chosen = {"resource": desk.agent.public_id, "type": half_hour.public_id, "date": f"{next_weekday():%Y-%m-%d}"}

        page = text_of(technician.get(address(desk.ticket(), **chosen)))

        assert "10:00 AM" in page
        assert "8:00 PM" not in page


class TestBooking:
    def test_books_and_opens_the_request(self, desk: Desk, half_hour: AppointmentType, technician: Client) -> None:
        fields = entered(desk, half_hour, note="By phone", guests="bo@client.example", minutes="45")

        answer = technician.post(address(desk.ticket()), fields)

        made = Appointment.objects.get()
        assert answer.headers["Location"] == f"/app/requests/{made.request.public_id}/"
        assert made.starts_at == next_weekday()
        assert made.ends_at - made.starts_at == timedelta(minutes=45)
        assert (made.request.client_name, made.request.client_phone) == ("Ana Ruiz", "+12125550100")
        assert made.request.guests.get().email == "bo@client.example"

    def test_books_once_however_often_it_is_sent(
        self, desk: Desk, half_hour: AppointmentType, technician: Client
    ) -> None:
        ticket = desk.ticket()
        places = {technician.post(address(ticket), entered(desk, half_hour)).headers["Location"] for _ in range(2)}

        assert len(places) == 1
        assert Appointment.objects.count() == 1

    def test_warns_before_a_rule_is_set_aside(self, desk: Desk, half_hour: AppointmentType, technician: Client) -> None:
        ticket, fields = desk.ticket(), entered(desk, half_hour, time="22:07", note="Tonight")

        warned = technician.post(address(ticket), fields)
        assert warned.status_code == 422
        assert "Outside of working hours." in text_of(warned)
        assert "Tonight" in warned.content.decode()
        assert not SchedulingRequest.objects.exists()

        technician.post(address(ticket), fields | {"override": "1"})
        assert Appointment.objects.get().starts_at == next_weekday().replace(hour=22, minute=7)

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"resource": ""}, "Choose who takes the appointment."),
            ({"resource": "agnt_unknown"}, "Choose who takes the appointment."),
            ({"type": "apty_unknown"}, "Select a valid choice"),
            ({"name": " "}, "This field is required"),
            ({"email": "ana@"}, "valid email"),
            ({"phone": "12"}, "does not look like a phone number"),
            ({"guests": "nobody"}, "“nobody” is not an e-mail address"),
            ({"guests": " ".join(f"g{n}@x.example" for n in range(11))}, "at most 10 guests"),
            ({"minutes": "0"}, "greater than or equal to 1"),
            ({"start": ""}, "Choose one of the free times"),
            ({"start": "now"}, "Choose one of the free times"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(
        self, desk: Desk, half_hour: AppointmentType, technician: Client, changed: dict[str, str], said: str
    ) -> None:
        answer = technician.post(address(desk.ticket()), entered(desk, half_hour, note="Keep me") | changed)

        assert answer.status_code == 422
        assert said in text_of(answer)
        assert "Keep me" in answer.content.decode()
        assert not SchedulingRequest.objects.exists()

    def test_is_not_for_roles_without_the_permission(self, desk: Desk) -> None:
        assert signed_in(desk.account, "finance").get(URL).status_code == 403
