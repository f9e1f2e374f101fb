"""Shareable links and links that name a ticket, from the first page to what the PSA has in the end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.links.proofs import MOST_TRIES
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.web.public.tests.visiting import ELEVEN, KEY, answers, booked, change, hidden, last_code, send_codes
from tests.support.factories import NOW, make_account, make_team, make_type
from tests.support.following import follow, states
from tests.support.psa import Desk, broken

pytestmark = pytest.mark.django_db(transaction=True)


class TestShareableLink:
    def test_shows_times_and_writes_nothing_down(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        page = browser.get("/jordan/call/?utm_source=signature&zone=Europe/Berlin").content.decode()

        assert "Jordan Doe" in page
        assert '<input type="hidden" name="utm_source" value="signature">' in page
        with all_accounts():
            assert not SchedulingRequest.objects.exists()

    def test_leads_on_without_its_last_slash(self, browser: Client, kind: AppointmentType) -> None:
        answer = browser.get("/jordan/call?utm_source=x")

        assert (answer.status_code, answer.headers["Location"]) == (301, "/jordan/call/?utm_source=x")

    def test_is_read_in_capitals_too(self, browser: Client, kind: AppointmentType) -> None:
        assert browser.get("/Jordan/CALL/").status_code == 200

    def test_books_and_makes_contact_and_ticket(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        answer = browser.post("/jordan/call/booking/", answers(utm_source="signature"))

        (appointment,) = booked()
        request = appointment.request
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/schedule/{request.token}/appointment/")
        assert (request.origin, request.status) == ("shareable", "scheduled")
        assert request.campaign == {"utm_source": "signature"}
        with active(desk.account):
            follow(NOW)
            request.refresh_from_db()
            # No status is chosen for the board.
            assert [step for step, state in states().items() if state != "done"] == ["appointment_booked.status"]
            assert "created.note" not in states()
        assert desk.sandbox.store.get("tickets", int(request.ticket_id))["board"]["id"] == int(kind.board_id)
        assert desk.sandbox.store.get("contacts", int(request.contact_id))["firstName"] == "Nina"

    def test_books_once_however_often_the_form_is_sent(self, browser: Client, kind: AppointmentType) -> None:
        first, second = (browser.post("/jordan/call/booking/", answers()) for _ in range(2))

        assert first.headers["Location"] == second.headers["Location"]
        assert len(booked()) == 1

    def test_leads_wherever_the_type_says(self, browser: Client, kind: AppointmentType) -> None:
        change(kind, redirect_url="https://summit.example/thanks")

        page = browser.post("/jordan/call/booking/", answers(), follow=True).content.decode()

        assert '<meta http-equiv="refresh" content="0; url=https://summit.example/thanks">' in page

    def test_is_off_unless_the_type_says_otherwise(self, browser: Client, kind: AppointmentType) -> None:
        change(kind, shareable="off")

        pages = [browser.get(f"/jordan/call/{part}") for part in ("", "times/", "details/")]
        answer = browser.post("/jordan/call/booking/", answers())

        assert [page.status_code for page in pages] == [404, 404, 404]
        assert (answer.status_code, booked()) == (404, [])

    @pytest.mark.parametrize("path", ["jordan/nothing", "nobody/call", "jordan,jordan/call", "a,b,c,d,e/call"])
    def test_leads_nowhere_for_what_is_not_there(self, browser: Client, kind: AppointmentType, path: str) -> None:
        assert browser.get(f"/{path}/").status_code == 404

    def test_asks_for_several_together(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        with active(desk.account):
            from tests.support.factories import make_agent

            other = make_agent(desk.account, "Maria Schmidt")
            make_team(desk.account, [other], slug="help-desk")

        browser.post("/jordan,help-desk/call/booking/", answers())

        (appointment,) = booked()
        with active(desk.account):
            assert {each.agent.name for each in appointment.reservations.all()} == {"Jordan Doe", "Maria Schmidt"}

    def test_fills_in_what_its_address_says(self, browser: Client, kind: AppointmentType) -> None:
        page = browser.get("/jordan/call/?name=Nina&email=nina@newcomer.example").content.decode()

        kept = hidden(page)
        assert (kept["name"], kept["email"]) == ("Nina", "nina@newcomer.example")
        form = browser.post("/jordan/call/details/", kept | answers(name="Nina")).content.decode()
        assert 'value="nina@newcomer.example"' in form

    def test_of_another_account_has_its_name_before_it(self, browser: Client, kind: AppointmentType) -> None:
        with all_accounts():
            other = make_account("Other MSP", slug="other")
        from tests.support.factories import make_agent

        with active(other):
            make_agent(other, "Olga Other", slug="olga")
            make_type(other, slug="talk", shareable="ticket")

        page = browser.get("/@other/olga/talk/").content.decode()

        assert "Olga Other" in page
        assert 'action="/@other/olga/talk/details/"' in page
        assert browser.get("/olga/talk/").status_code == 404
        assert browser.get("/@other/jordan/call/").status_code == 404

    def test_takes_nothing_from_programs(self, browser: Client, kind: AppointmentType) -> None:
        answer = browser.post("/jordan/call/booking/", answers(website="https://spam.example"))

        assert (answer.status_code, booked()) == (422, [])

    def test_keeps_a_client_from_filling_the_calendar(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        with active(desk.account):
            Profile.objects.update_or_create(account=desk.account, defaults={"most_open_bookings": 2})

        answered = []
        for hour in range(3):
            start = str(int((ELEVEN + timedelta(hours=hour)).timestamp()))
            email = "NINA@newcomer.example" if hour else "nina@newcomer.example"
            answered.append(
                browser.post("/jordan/call/booking/", answers(start=start, key=KEY[:-1] + str(hour), email=email))
            )

        assert [answer.status_code for answer in answered] == [303, 303, 429]
        assert len(booked()) == 2

    def test_says_that_somebody_else_was_quicker(self, browser: Client, kind: AppointmentType) -> None:
        browser.post("/jordan/call/booking/", answers())

        answer = browser.post("/jordan/call/booking/", answers(key="b" * 16, email="bo@other.example"))

        assert answer.status_code == 409
        assert "has just been taken" in answer.content.decode()
        with all_accounts():
            assert SchedulingRequest.objects.count() == 1


class TestProvingTheAddress:
    @pytest.fixture(autouse=True)
    def _checks(self, kind: AppointmentType) -> None:
        change(kind, checks_email=True)

    def test_comes_before_the_booking(self, browser: Client, kind: AppointmentType) -> None:
        page = browser.post("/jordan/call/booking/", answers(utm_source="x")).content.decode()
        assert booked() == []
        send_codes()
        (sent,) = mail.outbox
        assert sent.to == ["nina@newcomer.example"]
        assert last_code() in sent.subject

        answer = browser.post("/jordan/call/booking/", hidden(page) | {"code": last_code()})

        assert answer.status_code == 303
        assert booked()[0].request.campaign == {"utm_source": "x"}

    def test_is_asked_once_a_browser(self, browser: Client, kind: AppointmentType) -> None:
        page = browser.post("/jordan/call/booking/", answers()).content.decode()
        send_codes()
        browser.post("/jordan/call/booking/", hidden(page) | {"code": last_code()})
        later = answers(start=str(int((ELEVEN + timedelta(hours=1)).timestamp())), key="b" * 16)

        again = browser.post("/jordan/call/booking/", later)
        elsewhere = Client().post("/jordan/call/booking/", later | {"key": "c" * 16})

        assert again.status_code == 303
        assert "Look into your mailbox" in elsewhere.content.decode()

    def test_takes_no_wrong_code_and_tells_how_to_go_on(self, browser: Client, kind: AppointmentType) -> None:
        page = hidden(browser.post("/jordan/call/booking/", answers()).content.decode())
        send_codes()
        right = last_code()
        wrong = "000000" if right != "000000" else "111111"

        statuses = [browser.post("/jordan/call/booking/", page | {"code": wrong}).status_code for _ in range(2)]
        for _ in range(MOST_TRIES - 2):
            browser.post("/jordan/call/booking/", page | {"code": wrong})
        answer = browser.post("/jordan/call/booking/", page | {"code": right})

        assert statuses == [422, 422]
        assert (answer.status_code, booked()) == (200, [])
        assert "We have sent you a new one" in answer.content.decode()

    def test_of_one_address_lets_in_no_other(self, browser: Client, kind: AppointmentType) -> None:
        page = hidden(browser.post("/jordan/call/booking/", answers()).content.decode())
        send_codes()

        answer = browser.post("/jordan/call/booking/", page | {"code": last_code(), "email": "victim@client.example"})

        assert (answer.status_code, booked()) == (422, [])

    def test_is_asked_too_often_by_nobody(self, browser: Client, kind: AppointmentType) -> None:
        answered = [browser.post("/jordan/call/booking/", answers()).status_code for _ in range(6)]

        assert answered == [200] * 5 + [429]


class TestWhoIsLetIn:
    def test_nobody_whom_the_psa_does_not_know_where_the_type_says_so(
        self, browser: Client, kind: AppointmentType
    ) -> None:
        change(kind, new_contacts=NewContacts.REJECT_ADDRESS)
        stranger = answers(email="somebody@stranger.example")
        page = browser.post("/jordan/call/booking/", stranger).content.decode()
        send_codes()

        answer = browser.post("/jordan/call/booking/", hidden(page) | {"code": last_code()})

        assert answer.status_code == 403
        assert "We do not know this address yet" in answer.content.decode()
        assert booked() == []

    def test_whoever_is_there_is_taken_for_that_contact(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        change(kind, new_contacts=NewContacts.REJECT_ADDRESS)
        ticket = desk.ticket()
        page = browser.post(
            "/jordan/call/booking/", answers(email=ticket["contactEmailAddress"].upper())
        ).content.decode()
        send_codes()

        answer = browser.post("/jordan/call/booking/", hidden(page) | {"code": last_code()})

        assert answer.status_code == 303
        assert booked()[0].request.contact_id == str(ticket["contact"]["id"])

    def test_nobody_learns_who_is_known_without_proving_an_address(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        change(kind, new_contacts=NewContacts.REJECT_ADDRESS, checks_email=False)

        known = browser.post("/jordan/call/booking/", answers(email=desk.ticket()["contactEmailAddress"]))
        unknown = browser.post("/jordan/call/booking/", answers(email="somebody@stranger.example"))

        assert "Look into your mailbox" in known.content.decode()
        assert "Look into your mailbox" in unknown.content.decode()

    def test_waits_for_a_psa_that_is_down(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        change(kind, new_contacts=NewContacts.REJECT_ADDRESS)
        stranger = answers(email="somebody@stranger.example")
        page = browser.post("/jordan/call/booking/", stranger).content.decode()
        send_codes()

        with broken(desk.sandbox, "503"):
            answer = browser.post("/jordan/call/booking/", hidden(page) | {"code": last_code()})

        assert (answer.status_code, booked()) == (503, [])


class TestTicketLink:
    @pytest.fixture
    def ticket(self, desk: Desk) -> dict[str, Any]:
        return desk.ticket()

    def path(self, ticket: dict[str, Any], part: str = "") -> str:
        return f"/jordan/call/ticket/{ticket['id']}/{part}"

    def pass_of(self, browser: Client, ticket: dict[str, Any], email: str) -> str:
        """Prove an address, and return where that leads."""
        page = browser.post(self.path(ticket, "code/"), {"email": email}).content.decode()
        send_codes()
        answer = browser.post(self.path(ticket, "code/"), hidden(page) | {"code": last_code()})
        return str(answer.headers["Location"])

    def test_tells_nothing_of_the_ticket_before_an_address_is_proved(
        self, browser: Client, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        pages = [browser.get(self.path(ticket, part)) for part in ("", "times/", "details/")]
        sent = browser.post(self.path(ticket, "code/"), {"email": "stranger@evil.example"})

        for page in (*pages, sent):
            assert ticket["summary"] not in page.content.decode()
        assert [page.status_code for page in pages] == [200, 403, 200]

    def test_answers_strangers_and_contacts_alike(
        self, browser: Client, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        def asked(email: str, number: object) -> str:
            page = browser.post(f"/jordan/call/ticket/{number}/code/", {"email": email}).content.decode()
            return re.sub(r"prof_\w+", "", page).replace(email, "…").replace(str(number), "#")

        known = asked(ticket["contactEmailAddress"], ticket["id"])
        stranger = asked("stranger@evil.example", ticket["id"])
        no_ticket = asked("stranger@evil.example", "99999999")
        send_codes()

        assert known == stranger == no_ticket
        assert [message.to for message in mail.outbox] == [[ticket["contactEmailAddress"].lower()]]

    def test_books_for_the_ticket(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        onward = self.pass_of(browser, ticket, ticket["contactEmailAddress"])
        page = browser.get(onward).content.decode()
        assert ticket["summary"] in page

        answer = browser.post(self.path(ticket, "booking/"), answers(**hidden(page)))

        (appointment,) = booked()
        request = appointment.request
        assert answer.headers["Location"] == f"/schedule/{request.token}/appointment/"
        assert (request.origin, request.ticket_id) == ("url", str(ticket["id"]))
        assert request.client_email == ticket["contactEmailAddress"].lower()
        with active(desk.account):
            follow(NOW)
            assert states()["appointment_booked.entry"] == "done"
            assert "created.note" not in states()

    def test_is_for_every_contact_of_the_tickets_company(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        colleague = next(
            contact
            for contact in desk.sandbox.store.all("contacts")
            if contact["company"]["id"] == ticket["company"]["id"] and contact["id"] != ticket["contact"]["id"]
        )
        items = colleague["communicationItems"]
        address = next(item["value"] for item in items if item["communicationType"] == "Email")

        page = browser.get(self.pass_of(browser, ticket, address)).content.decode()

        assert ticket["summary"] in page

    def test_takes_no_code_that_nobody_was_sent(
        self, browser: Client, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        page = browser.post(self.path(ticket, "code/"), {"email": "stranger@evil.example"}).content.decode()
        send_codes()

        answer = browser.post(self.path(ticket, "code/"), hidden(page) | {"code": last_code()})

        assert answer.status_code == 422

    def test_of_one_ticket_opens_no_other(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        onward = self.pass_of(browser, ticket, ticket["contactEmailAddress"])
        other = next(each for each in desk.sandbox.store.all("tickets") if each["id"] != ticket["id"])

        page = browser.get(onward.replace(str(ticket["id"]), str(other["id"]))).content.decode()

        assert "Send me a code" in page
        assert other["summary"] not in page

    def test_finds_its_way_once_the_psa_is_back(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        browser.post(self.path(ticket, "code/"), {"email": ticket["contactEmailAddress"]})
        with broken(desk.sandbox, "503"), pytest.raises(Exception):  # noqa: B017, PT011
            send_codes()
        assert mail.outbox == []

        send_codes()

        assert len(mail.outbox) == 1


class TestTeams:
    def test_are_called_by_their_name_for_clients_until_it_is_known_who_comes(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        with active(desk.account):
            make_team(desk.account, [desk.agent], slug="help-desk", external_name="The help desk")

        before = browser.get("/help-desk/call/").content.decode()
        booked_at = browser.post("/help-desk/call/booking/", answers()).headers["Location"]
        after = browser.get(booked_at).content.decode()

        assert "The help desk" in before
        assert "Jordan Doe" not in before
        assert "Jordan Doe" in after
