"""From the picked time to the appointment, and everything that may come between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.connections.credentials import seal
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_type

pytestmark = pytest.mark.django_db

ELEVEN = NOW + timedelta(hours=2)
KEY = "aaaaaaaaaaaaaaaa"


def answers(**changed: str) -> dict[str, str]:
    return {
        "start": str(int(ELEVEN.timestamp())),
        "zone": "Europe/Berlin",
        "name": "Ana Ruiz",
        "phone": "(212) 555-0187",
        "note": "It is the one by the window.",
        "key": KEY,
    } | changed


def book(browser: Client, request: SchedulingRequest, **changed: str) -> Any:
    return browser.post(f"/schedule/{request.token}/appointment/", answers(**changed))


def details(browser: Client, request: SchedulingRequest, start: str = "", zone: str = "America/New_York") -> Any:
    start = start or str(int(ELEVEN.timestamp()))
    return browser.get(f"/schedule/{request.token}/details/", {"start": start, "zone": zone})


def appointments() -> list[Appointment]:
    with all_accounts():
        return list(Appointment.objects.order_by("id").select_related("request"))


def take(account: Account, agent: Agent) -> None:
    """Somebody else books the same time."""
    with active(account):
        other = make_request(make_type(account), [agent], name="Somebody Else")
        book_slot(request=other, starts_at=ELEVEN, answers=Answers("UTC", "Somebody Else"), key="b" * 16, now=NOW)


class TestDetails:
    def test_show_the_picked_time_on_the_clients_clock(self, browser: Client, invited: SchedulingRequest) -> None:
        text = details(browser, invited, zone="Asia/Kathmandu").content.decode()

        assert "Monday, May 3, 2027" in text
        assert "8:45 PM – 9:15 PM" in text
        assert "Kathmandu (UTC+05:45)" in text

    def test_know_the_clients_name(self, browser: Client, invited: SchedulingRequest) -> None:
        assert 'value="Ana Ruiz"' in details(browser, invited).content.decode()

    def test_do_not_ask_for_a_number_that_nobody_wants(self, browser: Client, account: Account, agent: Agent) -> None:
        with active(account):
            invited = make_request(make_type(account, phone_rule="off"), [agent])

        assert "Phone number" not in details(browser, invited).content.decode()

    def test_change_nothing_for_a_mail_scanner(self, browser: Client, invited: SchedulingRequest) -> None:
        with all_accounts():
            before = Event.objects.count()

        for page in ("", "times/", "details/?start=1", "appointment/", "appointment/invite.ics"):
            browser.get(f"/schedule/{invited.token}/{page}")
            browser.head(f"/schedule/{invited.token}/{page}")

        with all_accounts():
            assert Event.objects.count() == before
        assert not appointments()

    def test_of_a_time_that_is_gone_give_the_times_that_are_left(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        take(account, agent)

        page = details(browser, invited)

        assert page.status_code == 409
        assert "Mon, May 3, 11:00 AM is no longer free" in page.content.decode()
        assert page.context["month"].count

    @pytest.mark.parametrize("start", ["soon", "-1", "9" * 12, "1e9", "٣", "2027-05-04T10:00"])
    def test_f10_of_a_damaged_link_give_the_times(
        self, browser: Client, invited: SchedulingRequest, start: str
    ) -> None:
        page = details(browser, invited, start=start)

        assert page.status_code == 422
        assert page.context["month"].count

    def test_carry_what_was_typed_through_the_choice_of_another_time(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        times = browser.post(f"/schedule/{invited.token}/", answers(note="Second door on the left"))
        again = browser.post(f"/schedule/{invited.token}/details/", answers(note="Second door on the left"))

        assert 'name="note" value="Second door on the left"' in times.content.decode()
        assert ">Second door on the left</textarea>" in again.content.decode()
        assert f'name="key" value="{KEY}"' in again.content.decode()
        assert not appointments()


class TestBook:
    def test_books_and_leads_to_the_appointment(self, browser: Client, invited: SchedulingRequest) -> None:
        page = book(browser, invited)

        assert page.status_code == 303
        assert page.headers["Location"] == f"/schedule/{invited.token}/appointment/"
        (made,) = appointments()
        assert (made.starts_at, made.zone, made.note) == (ELEVEN, "Europe/Berlin", "It is the one by the window.")
        assert made.request.client_phone == "+1 212-555-0187"

    def test_f6_books_once_when_the_form_is_sent_twice(self, browser: Client, invited: SchedulingRequest) -> None:
        first, second = book(browser, invited), book(browser, invited)

        assert first.status_code == second.status_code == 303
        assert first.headers["Location"] == second.headers["Location"]
        assert len(appointments()) == 1

    def test_tells_a_client_who_is_late_and_shows_fresh_times(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        take(account, agent)

        page = book(browser, invited)

        text = page.content.decode()
        assert page.status_code == 409
        assert "Mon, May 3, 5:00 PM has just been taken" in text  # on the client's clock, in Berlin
        assert "Nothing was booked" in text
        assert 'name="note" value="It is the one by the window."' in text
        assert [made.request.client_name for made in appointments()] == ["Somebody Else"]

    def test_refuses_a_time_that_was_never_offered(self, browser: Client, invited: SchedulingRequest) -> None:
        page = book(browser, invited, start=str(int((ELEVEN - timedelta(hours=1)).timestamp())))

        assert page.status_code == 422
        assert "is no longer free" in page.content.decode()
        assert not appointments()

    def test_keeps_everything_when_the_calendar_cannot_be_read(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        settings = get_manifest("connectwise").settings(
            company_id="summit",
            public_key="public",
            private_key="private",
            client_id="id",
            base_url="http://127.0.0.1:9",  # nobody answers there
        )
        with active(account):
            make_busy(agent, NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1))
            Connection.objects.filter(account=account).update(settings=seal(settings))

        page = book(browser, invited)

        text = page.content.decode()
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "120"
        assert "Nothing was booked, and your details are kept" in text
        for name, value in answers().items():
            assert f'name="{name}" value="{value}"' in text
        assert not appointments()

    def test_f14_shows_the_standing_appointment_to_an_old_tab(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        book(browser, invited)

        page = book(browser, invited, key="c" * 16, start=str(int((ELEVEN + timedelta(hours=1)).timestamp())))

        assert page.status_code == 409
        assert "You already have a time" in page.content.decode()
        assert "5:00 PM – 5:30 PM" in page.content.decode()
        assert len(appointments()) == 1

    def test_says_so_when_the_invitation_was_taken_back_meanwhile(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        with active(invited.account):
            cancel_request(request=invited, actor="Maria Schmidt", now=NOW)

        page = book(browser, invited)

        assert page.status_code == 410
        assert not appointments()

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"name": "  "}, "Please tell us your name."),
            ({"phone": "call me"}, "This does not look like a phone number"),
            ({"phone": "12"}, "This does not look like a phone number"),
            ({"note": "x" * 2001}, "under 2000 characters"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(
        self, browser: Client, invited: SchedulingRequest, changed: dict[str, str], message: str
    ) -> None:
        page = book(browser, invited, **changed)

        text = page.content.decode()
        assert page.status_code == 422
        assert message in text
        assert f'name="key" value="{KEY}"' in text
        assert 'aria-invalid="true"' in text
        assert not appointments()

    def test_insists_on_a_number_where_the_type_does(self, browser: Client, account: Account, agent: Agent) -> None:
        with active(account):
            invited = make_request(make_type(account, phone_rule="required"), [agent])

        assert "Please give us a number to reach you." in book(browser, invited, phone="").content.decode()

    def test_reads_numbers_as_they_are_dialled_in_the_accounts_country(self, browser: Client) -> None:
        account = make_account(country="DE", zone="Europe/Berlin")
        with active(account):
            invited = make_request(make_type(account), [make_agent(account)])

        book(browser, invited, phone="030 901820")

        assert appointments()[0].request.client_phone == "+49 30 901820"

    def test_takes_a_number_from_abroad(self, browser: Client, invited: SchedulingRequest) -> None:
        book(browser, invited, phone="+44 20 7946 0018")

        assert appointments()[0].request.client_phone == "+44 20 7946 0018"

    @pytest.mark.parametrize("changed", [{"start": "x"}, {"start": "2027-05-04T10:00"}, {"zone": "Mars/Base"}])
    def test_f10_gives_the_times_again_for_a_damaged_form(
        self, browser: Client, invited: SchedulingRequest, changed: dict[str, str]
    ) -> None:
        page = book(browser, invited, **changed)

        assert page.status_code == 422
        assert page.context["month"].count


class TestAppointment:
    def test_says_when_and_with_whom_on_the_clients_clock(self, browser: Client, invited: SchedulingRequest) -> None:
        book(browser, invited)

        text = browser.get(f"/schedule/{invited.token}/appointment/").content.decode()

        assert "You are booked" in text
        assert "Monday, May 3, 2027" in text
        assert "5:00 PM – 5:30 PM" in text
        assert "Berlin (UTC+02:00)" in text
        assert "Maria Schmidt will call you on <bdi>+1 212-555-0187</bdi>" in text

    def test_is_where_the_link_leads_from_now_on(self, browser: Client, invited: SchedulingRequest) -> None:
        book(browser, invited)

        for page in ("", "details/?start=1"):
            answer = browser.get(f"/schedule/{invited.token}/{page}")
            assert answer.headers["Location"] == f"/schedule/{invited.token}/appointment/"

    def test_leads_to_the_times_while_there_is_none(self, browser: Client, invited: SchedulingRequest) -> None:
        answer = browser.get(f"/schedule/{invited.token}/appointment/")

        assert answer.headers["Location"] == f"/schedule/{invited.token}/"

    def test_says_that_it_was_cancelled(self, browser: Client, account: Account, invited: SchedulingRequest) -> None:
        book(browser, invited)
        with active(account):
            cancel_appointment(request=invited, actor="Maria Schmidt", reason="Ill", now=NOW)

        text = browser.get(f"/schedule/{invited.token}/", follow=True).content.decode()

        assert "This appointment was cancelled" in text
        assert "Add to my calendar" not in text

    def test_comes_as_a_calendar_file(self, browser: Client, invited: SchedulingRequest) -> None:
        book(browser, invited)

        file = browser.get(f"/schedule/{invited.token}/appointment/invite.ics")

        assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert f"UID:{appointments()[0].public_id}@slotdesk" in file.content.decode()
        assert "DTSTART:20270503T150000Z" in file.content.decode()
        assert "TRIGGER:-PT10M" in file.content.decode()

    def test_has_no_file_before_it_is_booked(self, browser: Client, invited: SchedulingRequest) -> None:
        assert browser.get(f"/schedule/{invited.token}/appointment/invite.ics").status_code == 404
