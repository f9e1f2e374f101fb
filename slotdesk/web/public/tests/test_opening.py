"""Pages where nothing is free: what they say, and asking to be told when a time opens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client

from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.links.models import EmailProof, OpeningAlert
from slotdesk.domain.links.proof_mail import list_unsent_proofs, send_proof
from slotdesk.domain.links.proofs import code_of
from slotdesk.domain.links.signed import sign
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.lib.masking import mask_email
from tests.support.factories import NINE_TO_FIVE, NOW, make_busy, make_request, make_type
from tests.support.links import make_signed_link
from tests.support.openings import look

pytestmark = pytest.mark.django_db(transaction=True)

SOON = NOW + timedelta(minutes=6)
TELL_ME = "Tell me when something opens"
EARLIER = "Tell me when something earlier opens"
LINK = "/maria/call/"


@pytest.fixture(autouse=True)
def no_rates() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_free(agent: Agent) -> None:
    """Maria has no hours, until she has."""
    set_hours(agent, [], slug="maria")


@pytest.fixture
def kind(account: Account) -> AppointmentType:
    """A call that anybody can book by a link, without proving anything."""
    with active(account):
        return make_type(account, slug="call", shareable="ticket", checks_email=False)


def set_hours(agent: Agent, hours: Sequence[dict[str, Any]], **fields: str) -> None:
    with active(agent.account):
        Agent.objects.filter(pk=agent.pk).update(hours=hours, **fields)


def page_of(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def alerts() -> list[OpeningAlert]:
    with all_accounts():
        return list(OpeningAlert.objects.order_by("pk"))


def last_code() -> str:
    for pk in list_unsent_proofs(now=NOW):
        send_proof(proof_id=pk, now=NOW)
    with all_accounts():
        return code_of(EmailProof.objects.latest("id"))


def last_proof() -> str:
    with all_accounts():
        return EmailProof.objects.latest("id").public_id


class TestPageWithNothingFree:
    def test_says_so_with_the_day_the_contact_and_whom_we_would_write_to(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        page = page_of(browser, f"/schedule/{invited.token}/")

        assert "Maria Schmidt has nothing free that can be booked online up to Thursday, June 3." in page
        assert TELL_ME in page
        assert "a•••@client.example" in page
        assert "ana@client.example" not in page
        assert "help@summit.example" in page
        assert "(212) 555-0142" in page

    def test_asks_those_for_their_address_of_whom_it_knows_nothing(
        self, browser: Client, kind: AppointmentType
    ) -> None:
        page = page_of(browser, LINK)

        assert TELL_ME in page
        assert "We write once" not in page

    def test_promises_nothing_when_the_calendar_cannot_be_read(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        set_hours(agent, NINE_TO_FIVE)
        with active(account):
            make_busy(agent, NOW, NOW + timedelta(hours=1))
            Calendar.objects.update(synced_at=NOW - timedelta(hours=1))

        page = page_of(browser, f"/schedule/{invited.token}/", status=503)

        assert "We cannot check the calendar right now" in page
        assert "nothing free" not in page
        assert TELL_ME in page

    def test_offers_nothing_while_times_are_near(
        self, browser: Client, agent: Agent, invited: SchedulingRequest
    ) -> None:
        set_hours(agent, NINE_TO_FIVE)

        page = page_of(browser, f"/schedule/{invited.token}/")

        assert TELL_ME not in page
        assert EARLIER not in page

    def test_offers_an_earlier_time_where_the_first_one_is_days_away(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        set_hours(agent, NINE_TO_FIVE)
        with active(account):
            make_busy(agent, NOW - timedelta(days=1), NOW + timedelta(days=5))

        page = page_of(browser, f"/schedule/{invited.token}/")

        assert EARLIER in page

    def test_offers_none_where_the_notice_allows_none(self, browser: Client, account: Account, agent: Agent) -> None:
        set_hours(agent, NINE_TO_FIVE)
        with active(account):
            request = make_request(make_type(account, notice_amount=10, notice_unit="days"), [agent])

        assert EARLIER not in page_of(browser, f"/schedule/{request.token}/")

    def test_offers_none_for_moving(self, browser: Client, account: Account, agent: Agent) -> None:
        set_hours(agent, NINE_TO_FIVE)
        with active(account):
            request = make_request(make_type(account, clients_may_change=True), [agent])
            answers = Answers("UTC", "Ana")
            book_slot(request=request, starts_at=NOW + timedelta(days=1, hours=2), answers=answers, key="k", now=NOW)
        set_hours(agent, [])

        assert TELL_ME not in page_of(browser, f"/schedule/{request.token}/appointment/reschedule/")


class TestAskingByOnesOwnLink:
    def test_takes_one_press_and_is_said_afterwards(self, browser: Client, invited: SchedulingRequest) -> None:
        answer = browser.post(f"/schedule/{invited.token}/opening/", {"ask": "1", "zone": "Europe/Berlin"})

        (alert,) = alerts()
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/schedule/opening/{alert.token}/")
        assert (alert.email, alert.zone, alert.language, alert.before) == (
            "ana@client.example",
            "Europe/Berlin",
            "en",
            None,
        )
        page = page_of(browser, f"/schedule/opening/{alert.token}/")
        assert "We will write to you" in page
        assert "you get an e‑mail at a•••@client.example" in page
        assert "We look until Wednesday, June 2." in page
        assert f"/schedule/opening/{alert.token}/" in browser.get(f"/schedule/{invited.token}/").content.decode()

    def test_twice_makes_one_wish(self, browser: Client, invited: SchedulingRequest) -> None:
        for _ in range(2):
            browser.post(f"/schedule/{invited.token}/opening/", {"ask": "1"})

        assert len(alerts()) == 1

    def test_is_done_by_nobody_who_only_looks(self, browser: Client, invited: SchedulingRequest) -> None:
        page = page_of(browser, f"/schedule/{invited.token}/opening/?ask=1")
        browser.post(f"/schedule/{invited.token}/opening/", {"zone": "UTC"})

        assert "We write to a•••@client.example" in page
        assert alerts() == []

    def test_shows_the_times_where_some_have_opened_meanwhile(
        self, browser: Client, agent: Agent, invited: SchedulingRequest
    ) -> None:
        set_hours(agent, NINE_TO_FIVE)

        answer = browser.post(f"/schedule/{invited.token}/opening/", {"ask": "1"})

        assert "There are free times" in answer.content.decode()
        assert alerts() == []

    def test_waits_for_an_earlier_time_than_the_first_one(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        set_hours(agent, NINE_TO_FIVE)
        with active(account):
            make_busy(agent, NOW - timedelta(days=1), NOW + timedelta(days=5))

        browser.post(f"/schedule/{invited.token}/opening/", {"ask": "1"})

        (alert,) = alerts()
        assert alert.before == NOW + timedelta(days=7)
        assert "before Mon, May 10, 9:00 AM opens" in page_of(browser, f"/schedule/opening/{alert.token}/")

    def test_leads_to_how_it_stands_once_it_is_over(self, browser: Client, invited: SchedulingRequest) -> None:
        with active(invited.account):
            cancel_request(request=invited, actor="Maria", now=NOW)

        answer = browser.post(f"/schedule/{invited.token}/opening/", {"ask": "1"})

        assert (answer.status_code, answer.headers["Location"]) == (303, f"/schedule/{invited.token}/")

    def test_asks_for_an_address_where_the_request_has_none(
        self, browser: Client, account: Account, agent: Agent
    ) -> None:
        with active(account):
            request = make_request(make_type(account, is_silent=True), [agent], email="")

        answer = browser.post(f"/schedule/{request.token}/opening/", {"ask": "1", "email": "ana@home.example"})

        assert "Look into your mailbox" in answer.content.decode()
        assert alerts() == []


class TestAskingByAPublicLink:
    def ask(self, browser: Client, **values: str) -> str:
        answer = browser.post(f"{LINK}opening/", {"ask": "1", "email": "nina@newcomer.example", **values})
        return f"{answer.status_code} {answer.headers.get('Location', '')} {answer.content.decode()}"

    def test_needs_a_code_whatever_the_type_says(self, browser: Client, kind: AppointmentType) -> None:
        page = self.ask(browser, utm_source="signature")
        assert "Look into your mailbox" in page
        assert '<input type="hidden" name="utm_source" value="signature">' in page
        code, proof = last_code(), last_proof()

        wrong = self.ask(browser, code="000000" if code != "000000" else "111111", proof=proof)
        nobody = alerts()
        right = self.ask(browser, code=code, proof=proof, utm_source="signature", zone="Europe/Berlin")

        assert wrong.startswith("422")
        assert nobody == []
        (alert,) = alerts()
        assert right.startswith(f"303 /schedule/opening/{alert.token}/")
        assert (alert.email, alert.campaign) == ("nina@newcomer.example", {"utm_source": "signature"})

    def test_needs_none_where_the_browser_has_proved_the_address(self, browser: Client, kind: AppointmentType) -> None:
        self.ask(browser)
        self.ask(browser, code=last_code(), proof=last_proof())

        assert self.ask(browser).startswith("303")
        assert len(alerts()) == 1

    def test_takes_no_code_of_another_address(self, browser: Client, kind: AppointmentType) -> None:
        self.ask(browser)
        code, proof = last_code(), last_proof()

        answer = self.ask(browser, email="somebody@else.example", code=code, proof=proof)

        assert answer.startswith("422")
        assert alerts() == []

    def test_says_the_same_of_every_address(self, browser: Client, kind: AppointmentType) -> None:
        first = self.ask(browser, email="aa@client.example")
        self.ask(browser, email="aa@client.example", code=last_code(), proof=last_proof())

        again = self.ask(Client(), email="aa@client.example")
        other = self.ask(Client(), email="bb@client.example")

        def plain(page: str) -> str:
            return re.sub(r"prof_\w+", "", page).replace("bb@client", "aa@client")

        assert plain(first) == plain(again) == plain(other)

    @pytest.mark.parametrize("email", ["", "nina", "nina@"])
    def test_asks_again_for_what_is_no_address(self, browser: Client, kind: AppointmentType, email: str) -> None:
        answer = self.ask(browser, email=email)

        assert answer.startswith("422")
        assert 'aria-invalid="true"' in answer
        assert alerts() == []

    def test_takes_whoever_fills_in_the_hidden_field_for_a_program(
        self, browser: Client, kind: AppointmentType
    ) -> None:
        assert self.ask(browser, website="https://spam.example").startswith("422")
        with all_accounts():
            assert not EmailProof.objects.exists()

    def test_is_limited(self, browser: Client, kind: AppointmentType) -> None:
        pages = [self.ask(browser) for _ in range(6)]

        assert [page[:3] for page in pages] == ["200"] * 5 + ["429"]

    def test_leads_nowhere_when_links_are_off(self, browser: Client, kind: AppointmentType) -> None:
        with active(kind.account):
            AppointmentType.objects.update(shareable="off")

        assert self.ask(browser).startswith("404")

    def test_for_a_ticket_needs_the_visitor_proved_as_everything_there(
        self, browser: Client, kind: AppointmentType
    ) -> None:
        answer = browser.post(f"{LINK}ticket/48213/opening/", {"ask": "1", "email": "nina@newcomer.example"})

        assert "You are about to book a time for ticket 48213" in answer.content.decode()
        assert alerts() == []


class TestAskingByASignedLink:
    def test_for_a_client_takes_one_press(
        self, browser: Client, account: Account, agent: Agent, kind: AppointmentType
    ) -> None:
        with active(account):
            signed = make_signed_link(kind, [agent])

        page = page_of(browser, f"{LINK}?s={sign(signed)}")
        answer = browser.post(f"{LINK}opening/", {"ask": "1", "s": sign(signed)})

        (alert,) = alerts()
        assert f"We write once, to {mask_email(signed.email)}" in page
        assert answer.headers["Location"] == f"/schedule/opening/{alert.token}/"
        assert (alert.email, alert.signed_link_id) == (signed.email, signed.pk)

    def test_for_a_ticket_asks_whoever_holds_it_for_an_address(
        self, browser: Client, account: Account, agent: Agent, kind: AppointmentType
    ) -> None:
        with active(account):
            signed = make_signed_link(kind, [agent], ticket_number="48213", email="ana@client.example")
        values = {"ask": "1", "s": sign(signed), "email": "bo@client.example"}

        question = browser.get(f"{LINK}ticket/48213/opening/?s={sign(signed)}").content.decode()
        browser.post(f"{LINK}ticket/48213/opening/", values)
        browser.post(f"{LINK}ticket/48213/opening/", {**values, "code": last_code(), "proof": last_proof()})

        (alert,) = alerts()
        assert 'value="ana@client.example"' in question
        assert (alert.email, alert.ticket_number, alert.signed_link_id) == ("bo@client.example", "48213", signed.pk)


class TestPageOfWhoeverWaits:
    @pytest.fixture
    def alert(self, browser: Client, invited: SchedulingRequest) -> OpeningAlert:
        browser.post(f"/schedule/{invited.token}/opening/", {"ask": "1"})
        return alerts()[0]

    def test_ends_it_with_one_press(self, browser: Client, alert: OpeningAlert) -> None:
        answer = browser.post(f"/schedule/opening/{alert.token}/")

        assert answer.status_code == 303
        assert "We tell you no more" in page_of(browser, answer.headers["Location"])
        assert alerts()[0].ending == "stopped"

    def test_is_looked_at_without_ending_it(self, browser: Client, alert: OpeningAlert) -> None:
        page_of(browser, f"/schedule/opening/{alert.token}/")

        assert alerts()[0].ending == ""

    def test_says_that_they_were_told(
        self, browser: Client, agent: Agent, alert: OpeningAlert, invited: SchedulingRequest
    ) -> None:
        set_hours(agent, NINE_TO_FIVE)
        with time_machine.travel(SOON, tick=False), active(agent.account):
            look(SOON)

        page = page_of(browser, f"/schedule/opening/{alert.token}/")

        assert "We have told you" in page
        assert f"http://localhost:8000/schedule/{invited.token}/" in mail.outbox[0].body
        assert f"/schedule/{invited.token}/" in browser.get(f"/schedule/opening/{alert.token}/").content.decode()

    def test_speaks_the_language_in_which_they_asked(self, alert: OpeningAlert) -> None:
        with all_accounts():
            OpeningAlert.objects.update(language="fr")

        answer = Client().get(f"/schedule/opening/{alert.token}/")

        assert answer.headers["Content-Language"] == "fr"

    def test_is_nobody_s_without_its_secret(self, browser: Client) -> None:
        assert "This link leads nowhere" in page_of(browser, "/schedule/opening/nothing/", status=404)
