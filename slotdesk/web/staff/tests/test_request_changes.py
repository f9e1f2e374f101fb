"""What staff change about a request, on its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from slotdesk.domain.booking.guests import add_guests
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.booking.queries import find_appointment
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import NOW, make_agent, make_request
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
# 11:00 in New York.
ELEVEN = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)


@pytest.fixture
def dispatcher(sign_in: SignIn) -> Client:
    return sign_in("dispatcher")


@pytest.fixture
def booked(request_: SchedulingRequest) -> Appointment:
    return book_slot(request=request_, starts_at=ELEVEN, answers=Answers("America/Denver", ""), key="k", now=NOW)


def post(browser: Client, request: SchedulingRequest, part: str, **fields: object) -> tuple[int, str]:
    answer = browser.post(f"/app/requests/{request.public_id}/{part}/", fields)
    page = browser.get(answer.headers["Location"]) if answer.status_code == 302 else answer
    return answer.status_code, text_of(page)


class TestCorrection:
    def test_is_corrected(self, request_: SchedulingRequest, dispatcher: Client) -> None:
        fields = {"name": "Ana Maria Ruiz", "email": "ana.maria@client.example", "phone": "(212) 555-0100"}

        _status, page = post(dispatcher, request_, "client", **fields)

        assert "Ana Maria Ruiz" in page
        request_.refresh_from_db()
        assert (request_.client_email, request_.client_phone) == ("ana.maria@client.example", "+12125550100")

    def test_keeps_what_was_typed_with_what_is_wrong(self, request_: SchedulingRequest, dispatcher: Client) -> None:
        status, page = post(dispatcher, request_, "client", name="Zoe", email="zoe@", phone="12")

        assert status == 422
        assert "valid email" in page
        assert "does not look like a phone number" in page

    def test_of_a_booked_request_stays(
        self, request_: SchedulingRequest, booked: Appointment, dispatcher: Client
    ) -> None:
        _status, page = post(dispatcher, request_, "client", name="Zoe", email="zoe@client.example")

        assert "changed while you were looking" in page


class TestGuests:
    def test_are_added_and_taken_off(self, request_: SchedulingRequest, dispatcher: Client) -> None:
        _status, page = post(dispatcher, request_, "guests", guests="Bo@client.example, cy@client.example")
        assert "bo@client.example" in page

        guest = request_.guests.get(email="bo@client.example")
        _status, page = post(dispatcher, request_, f"guests/{guest.pk}/removal")
        assert "Take cy@client.example off" in dispatcher.get(f"/app/requests/{request_.public_id}/").content.decode()
        assert not request_.guests.filter(email="bo@client.example").exists()

    def test_that_are_no_addresses_are_named(self, request_: SchedulingRequest, dispatcher: Client) -> None:
        _status, page = post(dispatcher, request_, "guests", guests="bo@client.example, nobody")

        assert "“nobody” is not an e-mail address" in page
        assert not request_.guests.exists()

    def test_cannot_be_taken_off_by_a_get(self, request_: SchedulingRequest, dispatcher: Client) -> None:
        (guest,) = add_guests(request=request_, emails=["bo@client.example"], actor="M", now=NOW)

        url = f"/app/requests/{request_.public_id}/guests/{guest.pk}/removal/"

        assert dispatcher.get(url).status_code == 405


class TestClosing:
    def test_ends_an_open_request(self, request_: SchedulingRequest, dispatcher: Client) -> None:
        _status, page = post(dispatcher, request_, "closing")

        assert "Closed." in page
        request_.refresh_from_db()
        assert request_.status == "closed"
        public = Client().get(f"/schedule/{request_.token}/")
        assert public.status_code == 410
        assert "This invitation is closed" in text_of(public)

    def test_leaves_a_booked_one_alone(
        self, request_: SchedulingRequest, booked: Appointment, dispatcher: Client
    ) -> None:
        _status, page = post(dispatcher, request_, "closing")

        assert "changed while you were looking" in page
        assert find_appointment(request_) == booked


class TestReschedule:
    def test_offers_the_days_free_times(
        self, request_: SchedulingRequest, booked: Appointment, dispatcher: Client
    ) -> None:
        page = text_of(dispatcher.get(f"/app/requests/{request_.public_id}/reschedule/?date=2027-05-04"))

        assert "9:00 AM" in page
        assert "4:30 PM" in page
        assert "4:45 PM" not in page

    def test_moves_to_a_free_time(self, request_: SchedulingRequest, booked: Appointment, dispatcher: Client) -> None:
        start = int((ELEVEN + timedelta(days=1)).timestamp())

        status, page = post(dispatcher, request_, "reschedule", start=start, sequence=0, date="2027-05-04")

        assert status == 302
        assert "Moved." in page
        assert find_appointment(request_).starts_at == ELEVEN + timedelta(days=1)  # type: ignore[union-attr]

    def test_warns_of_a_time_that_the_rules_speak_against_and_then_takes_it(
        self, request_: SchedulingRequest, booked: Appointment, dispatcher: Client
    ) -> None:
        asked = {"date": "2027-05-04", "time": "20:10", "sequence": 0}

        status, page = post(dispatcher, request_, "reschedule", **asked)
        assert status == 422
        assert "Maria Schmidt: Outside of working hours." in page
        assert find_appointment(request_) == booked

        status, page = post(dispatcher, request_, "reschedule", **asked, override="1")
        assert status == 302
        assert find_appointment(request_).starts_at == datetime(2027, 5, 5, 0, 10, tzinfo=UTC)  # type: ignore[union-attr]

    def test_never_books_over_another(
        self, request_: SchedulingRequest, booked: Appointment, agent: Agent, dispatcher: Client
    ) -> None:
        other = make_request(request_.appointment_type, [agent])
        book_slot(request=other, starts_at=ELEVEN + timedelta(hours=1), answers=Answers("UTC", ""), key="k", now=NOW)

        asked = {"date": "2027-05-03", "time": "12:00", "sequence": 0, "override": "1"}
        status, page = post(dispatcher, request_, "reschedule", **asked)

        assert status == 409
        assert "This time is taken." in page

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({}, "Choose one of the free times"),
            ({"start": "x"}, "Choose one of the free times"),
            ({"start": "99999999999"}, "Choose one of the free times"),
            ({"date": "2027-05-02", "time": "10:00"}, "This time is over"),
            ({"date": "2028-03-12", "time": "02:30"}, "clocks go forward"),
            ({"date": "", "time": "10:00"}, "Choose a date and a time"),
        ],
    )
    def test_says_what_is_missing(
        self,
        request_: SchedulingRequest,
        booked: Appointment,
        dispatcher: Client,
        fields: dict[str, str],
        said: str,
    ) -> None:
        status, page = post(dispatcher, request_, "reschedule", **fields, sequence="0")

        assert status == 422
        assert said in page

    def test_of_an_older_look_does_nothing(
        self, request_: SchedulingRequest, booked: Appointment, dispatcher: Client
    ) -> None:
        Appointment.objects.update(sequence=1)
        start = int((ELEVEN + timedelta(days=1)).timestamp())

        _status, page = post(dispatcher, request_, "reschedule", start=start, sequence=0)

        assert "changed while you were looking" in page
        assert find_appointment(request_).starts_at == ELEVEN  # type: ignore[union-attr]

    def test_is_for_ones_own_appointments_without_the_right_for_all(
        self, account: Account, request_: SchedulingRequest, booked: Appointment
    ) -> None:
        browser = signed_in(account, "user")

        assert browser.get(f"/app/requests/{request_.public_id}/reschedule/").status_code == 404


class TestReassignment:
    def test_hands_a_booked_appointment_over(
        self, account: Account, request_: SchedulingRequest, booked: Appointment, agent: Agent, dispatcher: Client
    ) -> None:
        other = make_agent(account, "Ali")

        _status, page = post(dispatcher, request_, "reassignment", **{"from": agent.public_id, "to": other.public_id})

        assert "Handed over to Ali" in page
        assert booked.reservations.get(released_at=None).agent == other

    def test_hands_an_open_request_over(
        self, account: Account, request_: SchedulingRequest, agent: Agent, dispatcher: Client
    ) -> None:
        other = make_agent(account, "Ali")

        post(dispatcher, request_, "reassignment", **{"from": agent.public_id, "to": other.public_id})

        assert request_.resources.get().agent == other

    def test_says_that_the_other_one_is_not_free(
        self, account: Account, request_: SchedulingRequest, booked: Appointment, agent: Agent, dispatcher: Client
    ) -> None:
        other = make_agent(account, "Ali", hours=[])

        status, page = post(dispatcher, request_, "reassignment", **{"from": agent.public_id, "to": other.public_id})

        assert status == 409
        assert "Ali is not free at this time" in page


class TestPage:
    def test_shows_a_cancelled_request_without_anything_to_do(
        self, request_: SchedulingRequest, dispatcher: Client
    ) -> None:
        post(dispatcher, request_, "cancellation")

        page = dispatcher.get(f"/app/requests/{request_.public_id}/").content.decode()

        for part in ("closing", "reschedule", "reassignment", "client/", "guests/"):
            assert f"/app/requests/{request_.public_id}/{part}" not in page
