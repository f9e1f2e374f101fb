"""What staff see of visitors of public links who wait to be told when a time opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import NOW, make_agent, make_team, make_type
from tests.support.members import signed_in, text_of
from tests.support.openings import ask, ask_at, ending_of

SignIn = Callable[[str], Client]
URL = "/app/requests/waiting/"


@pytest.fixture
def call(account: Account) -> AppointmentType:
    return make_type(account, internal_name="Quick call", slug="call", shareable="activity")


@pytest.fixture
def with_maria(account: Account, agent: Agent, call: AppointmentType) -> Link:
    return Link(account, (agent,), call)


@pytest.fixture
def with_both(account: Account, agent: Agent, call: AppointmentType) -> Link:
    return Link(account, (agent, make_agent(account, "Ola Berg")), call)


def take_out(browser: Client, alert: OpeningAlert) -> int:
    return browser.post(f"{URL}{alert.pk}/removal/").status_code


class TestList:
    def test_says_who_waits_for_what_since_when_and_until_when_newest_first(
        self, agent: Agent, with_maria: Link, with_both: Link, sign_in: SignIn
    ) -> None:
        ask_at(with_maria, "first@newcomer.example", now=NOW - timedelta(hours=3))
        ask_at(with_both, "second@newcomer.example", ticket_number="48213")

        page = text_of(sign_in("dispatcher").get(URL))

        assert page.index("second@newcomer.example") < page.index("first@newcomer.example")
        assert f"with <bdi>{agent.name}, Ola Berg</bdi>" in page
        assert "Quick call</bdi> · #48213" in page
        assert "3 h ago" in page
        assert "2 Jun</time>" in page

    def test_counts_what_most_wait_for_and_shows_only_them(
        self, with_maria: Link, with_both: Link, sign_in: SignIn
    ) -> None:
        browser = sign_in("dispatcher")
        for name in ("ana", "bo", "cy"):
            ask_at(with_both, f"{name}@newcomer.example")
        ask_at(with_maria, "di@newcomer.example")

        answer = browser.get(URL)
        first, second = answer.context["wanted"]
        narrowed = text_of(browser.get(f"{URL}?{first.query}"))

        assert [(each.type, each.count) for each in (first, second)] == [("Quick call", 3), ("Quick call", 1)]
        assert "3 people wait for this." in narrowed
        assert "di@newcomer.example" not in narrowed

    def test_is_paged(self, with_maria: Link, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")
        for number in range(26):
            ask_at(with_maria, f"n{number}@newcomer.example", now=NOW - timedelta(minutes=number))

        assert "n25@newcomer.example" not in text_of(browser.get(URL))
        assert "n25@newcomer.example" in text_of(browser.get(f"{URL}?page=2"))

    def test_leaves_out_clients_of_invitations_and_whoever_waits_no_more(
        self, request_: SchedulingRequest, with_maria: Link, sign_in: SignIn
    ) -> None:
        browser = sign_in("dispatcher")
        ask(request_)
        take_out(browser, ask_at(with_maria))

        assert "Nobody waits" in text_of(browser.get(URL))

    def test_is_led_to_from_the_requests_and_from_the_type(
        self, call: AppointmentType, with_maria: Link, sign_in: SignIn
    ) -> None:
        browser = sign_in("dispatcher")
        assert URL not in browser.get("/app/requests/").content.decode()
        ask_at(with_maria)

        assert "1 waits for a time" in text_of(browser.get("/app/requests/"))
        assert f"{URL}?type={call.public_id}" in browser.get(f"/app/types/{call.public_id}/").content.decode()
        assert "nina@newcomer.example" in text_of(browser.get(f"{URL}?type={call.public_id}"))
        assert "Nobody waits" in text_of(browser.get(f"{URL}?type=apty_other"))

    def test_asks_the_database_no_more_often_for_many(self, account: Account, agent: Agent, with_maria: Link) -> None:
        technician = signed_in(account, "user", agent=agent)
        ask_at(with_maria)
        technician.get(URL)
        with CaptureQueriesContext(connection) as for_one:
            technician.get(URL)
        for number in range(20):
            ask_at(with_maria, f"n{number}@newcomer.example")
        with CaptureQueriesContext(connection) as for_many:
            technician.get(URL)

        assert len(for_many) == len(for_one)


class TestWhoSeesWhom:
    def test_technicians_see_those_who_wait_for_them_or_their_team(
        self, account: Account, agent: Agent, call: AppointmentType, with_maria: Link
    ) -> None:
        other = make_agent(account, "Ola Berg")
        ask_at(with_maria, "mine@newcomer.example")
        ask_at(Link(account, (make_team(account, [agent]),), call), "team@newcomer.example")
        alien = ask_at(Link(account, (other,), call), "alien@newcomer.example")

        technician = signed_in(account, "user", agent=agent)
        page = text_of(technician.get(URL))

        assert "mine@newcomer.example" in page
        assert "team@newcomer.example" in page
        assert "alien@newcomer.example" not in page
        assert take_out(technician, alien) == 404

    def test_those_who_may_cancel_nothing_take_nobody_out(
        self, account: Account, agent: Agent, with_maria: Link
    ) -> None:
        alert = ask_at(with_maria)
        finance = signed_in(account, "finance", agent=agent)

        assert "Take out" not in text_of(finance.get(URL))
        assert take_out(finance, alert) == 403
        assert ending_of(alert) == ""


class TestTakingOut:
    def test_ends_it_for_one_and_tells_the_audit_log_without_the_address(
        self, agent: Agent, call: AppointmentType, with_maria: Link, with_both: Link, sign_in: SignIn
    ) -> None:
        wrong, other = ask_at(with_maria), ask_at(with_both)
        browser = sign_in("dispatcher")

        assert take_out(browser, wrong) == 302
        assert take_out(browser, wrong) == 404

        assert (ending_of(wrong), ending_of(other)) == ("removed", "")
        event = Event.objects.get(kind="opening_alert.removed")
        assert (event.subject, event.data["resources"]) == (call.public_id, [agent.public_id])
        assert "newcomer" not in str(event.data)
        assert "Visitor who waited to be told removed" in text_of(sign_in("administrator").get("/app/settings/audit/"))

    def test_goes_back_to_what_was_being_looked_at(
        self, with_maria: Link, call: AppointmentType, sign_in: SignIn
    ) -> None:
        alert = ask_at(with_maria)

        answer = sign_in("administrator").post(f"{URL}{alert.pk}/removal/?type={call.public_id}")

        assert answer.headers["Location"] == f"{URL}?type={call.public_id}"

    def test_lets_the_visitor_see_that_and_ask_again(self, with_maria: Link, sign_in: SignIn) -> None:
        alert = ask_at(with_maria)
        take_out(sign_in("dispatcher"), alert)

        page = text_of(Client(HTTP_HOST="localhost").get(f"/schedule/opening/{alert.token}/"))

        assert "We have stopped looking. You can ask to be told again." in page
        assert ask_at(with_maria).pk != alert.pk
