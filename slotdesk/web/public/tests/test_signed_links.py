"""Links that were made for one client or one ticket: they ask for no code, and end when they are to end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.links.signed import sign
from slotdesk.domain.tenants.scope import active
from slotdesk.web.public.tests.visiting import answers, booked, change, hidden
from tests.support.factories import NOW, make_agent
from tests.support.links import make_signed_link
from tests.support.psa import Desk, broken

pytestmark = pytest.mark.django_db(transaction=True)

_DAY = timedelta(days=1)


def made(desk: Desk, kind: AppointmentType, **fields: Any) -> SignedLink:
    with active(desk.account):
        return make_signed_link(kind, [desk.agent], **fields)


class TestLinkForOneClient:
    @pytest.fixture(autouse=True)
    def _checks(self, kind: AppointmentType) -> None:
        change(kind, checks_email=True)

    def test_books_for_them_without_a_code_whatever_is_sent_besides(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        signed = made(desk, kind, contact_id="17")
        forged = {"name": "Other", "email": "other@evil.example", "company": "Evil Ltd"}

        answer = browser.post("/jordan/call/booking/", answers(s=sign(signed), **forged))

        (appointment,) = booked()
        request = appointment.request
        assert answer.status_code == 303
        assert (request.client_name, request.client_email) == ("Nina New", "nina@newcomer.example")
        assert (request.company_name, request.contact_id) == ("Newcomer Ltd", "17")

    def test_says_whom_it_is_for_and_does_not_ask(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        text = sign(made(desk, kind))

        times = browser.get("/jordan/call/", {"s": text, "zone": "Europe/Berlin"}).content.decode()
        form = browser.get("/jordan/call/details/", answers(s=hidden(times)["s"])).content.decode()

        assert "<bdi>Nina New, nina@newcomer.example, Newcomer Ltd</bdi>" in form
        assert 'autocomplete="name"' not in form
        assert 'autocomplete="email"' not in form

    def test_lets_in_the_contact_for_whom_it_was_made_also_where_strangers_are_refused(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        change(kind, new_contacts=NewContacts.REJECT_ADDRESS)

        answer = browser.post("/jordan/call/booking/", answers(s=sign(made(desk, kind, contact_id="17"))))

        assert answer.status_code == 303

    def test_is_worth_nothing_at_another_address_or_when_it_was_changed(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        text = sign(made(desk, kind))
        with active(desk.account):
            make_agent(desk.account, "Maria Schmidt", slug="maria")

        for path, worthless in (("/jordan/call/", text[:-1] + "x"), ("/jordan/call/", "x"), ("/maria/call/", text)):
            page = browser.post(f"{path}booking/", answers(s=worthless)).content.decode()
            assert "Look into your mailbox" in page

        assert booked() == []

    def test_of_a_ticket_opens_no_booking_without_one(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        text = sign(made(desk, kind, ticket_number="4711"))

        page = browser.post("/jordan/call/booking/", answers(s=text)).content.decode()

        assert "Look into your mailbox" in page

    def test_ends_with_the_shareable_links_of_its_type(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        text = sign(made(desk, kind))
        change(kind, shareable="off")

        assert browser.get("/jordan/call/", {"s": text}).status_code == 404


class TestLinkForOneTicket:
    @pytest.fixture
    def ticket(self, desk: Desk) -> dict[str, Any]:
        return desk.ticket()

    def path(self, ticket: dict[str, Any], part: str = "") -> str:
        return f"/jordan/call/ticket/{ticket['id']}/{part}"

    def test_shows_times_and_books_without_a_code(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        text = sign(made(desk, kind, ticket_number=str(ticket["id"]), ticket_summary=ticket["summary"]))

        page = browser.get(self.path(ticket), {"s": text}).content.decode()
        answer = browser.post(self.path(ticket, "booking/"), answers(s=text))
        forged = browser.get(self.path(ticket), {"s": text[:-1]}).content.decode()

        assert ticket["summary"] in page
        assert "Send me a code" not in page
        assert answer.status_code == 303
        assert booked()[0].request.ticket_id == str(ticket["id"])
        assert "Send me a code" in forged
        assert ticket["summary"] not in forged

    def test_begins_with_the_contact_whom_it_was_made_with_and_lets_others_say_who_they_are(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        signed = made(desk, kind, ticket_number=str(ticket["id"]), name="Ana Ruiz", email="ana@client.example")
        picked = {name: answers()[name] for name in ("start", "zone")} | {"s": sign(signed)}

        form = browser.get(self.path(ticket, "details/"), picked).content.decode()
        browser.post(self.path(ticket, "booking/"), answers(s=sign(signed)))

        assert 'value="ana@client.example"' in form
        assert booked()[0].request.client_email == "nina@newcomer.example"

    def test_of_one_ticket_opens_no_other(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        text = sign(made(desk, kind, ticket_number="4711", ticket_summary="A secret"))

        page = browser.get(self.path(ticket), {"s": text}).content.decode()

        assert "Send me a code" in page
        assert "A secret" not in page

    def test_books_nothing_for_a_ticket_that_was_closed(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        closed = desk.ticket(is_closed=True)
        text = sign(made(desk, kind, ticket_number=str(closed["id"])))

        answer = browser.post(self.path(closed, "booking/"), answers(s=text))

        assert (answer.status_code, booked()) == (410, [])

    def test_waits_for_a_psa_that_is_down_and_keeps_what_was_typed(
        self, browser: Client, desk: Desk, kind: AppointmentType, ticket: dict[str, Any]
    ) -> None:
        text = sign(made(desk, kind, ticket_number=str(ticket["id"])))

        with broken(desk.sandbox, "503"):
            answer = browser.post(self.path(ticket, "booking/"), answers(s=text, note="By the window"))

        assert (answer.status_code, booked()) == (503, [])
        assert 'value="By the window"' in answer.content.decode()


STATES: dict[str, tuple[dict[str, Any], int, str]] = {
    "too early": ({"opens_at": NOW + 7 * _DAY}, 403, "It is too early to book here"),
    "expired": ({"expires_at": NOW}, 410, "This link has expired"),
    "taken back": ({"revoked_at": NOW}, 410, "This link was taken back"),
}


@pytest.mark.parametrize("ticket_number", ["", "4711"], ids=["for a client", "for a ticket"])
@pytest.mark.parametrize("state", STATES)
class TestLinkThatBooksNothing:
    def test_says_why_on_every_page_and_books_nothing(
        self, browser: Client, desk: Desk, kind: AppointmentType, state: str, ticket_number: str
    ) -> None:
        fields, status, title = STATES[state]
        link = {"ticket_number": ticket_number, "ticket_summary": "A secret"} if ticket_number else {}
        values = answers(s=sign(made(desk, kind, **fields, **link)))
        here = f"/jordan/call/{f'ticket/{ticket_number}/' if ticket_number else ''}"

        pages = [browser.get(f"{here}{part}", values) for part in ("", "times/", "details/")]
        pages.append(browser.post(f"{here}booking/", values))

        assert [page.status_code for page in pages] == [status] * 4
        assert booked() == []
        for page in pages:
            text = page.content.decode()
            assert f"<h1>{title}</h1>" in text
            assert "help@summit.example" in text
            assert "A secret" not in text
            assert "nina@newcomer.example" not in text


class TestItsTimes:
    def test_are_said_on_the_clients_clock(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        early = made(desk, kind, opens_at=NOW + 7 * _DAY)
        expired = made(desk, kind, expires_at=NOW - _DAY)

        opens, over = (
            browser.get("/jordan/call/", {"s": sign(each), "zone": "Europe/Berlin"}) for each in (early, expired)
        )

        assert "on Monday, May 10, 2027 at 3:00 PM, Berlin (UTC+02:00)" in opens.content.decode()
        assert opens.headers["Retry-After"] == str(7 * 24 * 3600 + 1)
        assert "until Sunday, May 2, 2027" in over.content.decode()

    def test_lead_on_without_it_when_it_has_expired(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        text = sign(made(desk, kind, expires_at=NOW))

        page = browser.get("/jordan/call/", {"s": text}).content.decode()

        assert 'href="/jordan/call/">Go on without it</a>' in page

    def test_can_be_asked_with_a_zone_that_is_none(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        text = sign(made(desk, kind, expires_at=NOW))

        assert browser.get("/jordan/call/", {"s": text, "zone": "Nowhere"}).status_code == 410
