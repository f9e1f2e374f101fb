"""Removing a person from the account, step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from slotdesk.domain.booking.models import Cancellation, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent
from slotdesk.domain.removals.models import Removal
from slotdesk.domain.removals.operations import continue_removal
from slotdesk.domain.tenants.models import Account, Membership
from tests.support.factories import NOW, make_agent, make_request, make_team
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)


@pytest.fixture
def booked(request_: SchedulingRequest) -> SchedulingRequest:
    book_slot(request=request_, starts_at=TEN, answers=Answers("UTC", "Client"), key="key", now=NOW)
    return request_


@pytest.fixture
def ben(account: Account) -> Agent:
    return make_agent(account, "Ben")


@pytest.fixture
def url(agent: Agent) -> str:
    return f"/app/users/{agent.public_id}/removal/"


def work() -> None:
    continue_removal(removal_id=Removal.objects.get().pk, clock=lambda: NOW)


class TestTheWayThrough:
    def test_shows_what_is_open_asks_what_becomes_of_it_and_does_it_once_confirmed(
        self, account: Account, agent: Agent, ben: Agent, booked: SchedulingRequest, url: str, sign_in: SignIn
    ) -> None:
        browser, theirs = sign_in("administrator"), signed_in(account, "user", agent=agent)
        make_team(account, [agent], internal_name="Printers")
        assert theirs.get("/app/requests/").status_code == 200

        first = text_of(browser.get(url))
        assert "30-minute phone call" in first
        assert "Printers" in first
        assert "Nobody else in it can be booked" in first
        assert "Ben" in text_of(browser.get(f"{url}?step=2"))

        summary = browser.post(url, {"all": ben.public_id}, follow=True)
        assert "1 handed over" in text_of(summary)
        assert "Nobody can be booked in <strong>Printers</strong>" in text_of(summary)
        assert theirs.get("/app/requests/").status_code == 200

        [(here, _status)] = summary.redirect_chain
        running = text_of(browser.post(f"{here}start/", follow=True))
        assert "0 of 1 settled" in running
        assert "every 2s" in running
        assert theirs.get("/app/requests/").status_code == 302

        work()
        ended = text_of(browser.get(f"{here}progress/"))
        assert "everything is settled" in ended
        assert "every 2s" not in ended
        assert Reservation.objects.get(released_at=None).agent == ben

    def test_lets_what_failed_be_tried_with_somebody_else(
        self, account: Account, agent: Agent, ben: Agent, booked: SchedulingRequest, url: str, sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")
        late = make_agent(account, "Late", hours=[{"days": [1], "start": "20:00", "end": "22:00"}])
        here = browser.post(url, {"all": late.public_id})["Location"]
        browser.post(f"{here}start/")
        work()

        page = text_of(browser.get(here))
        assert "1 thing could not be done" in page
        assert "Does not work at that time." in page
        assert f'<option value="{late.public_id}" selected>' in page

        browser.post(f"{here}again/", {f"to-{booked.public_id}": ben.public_id})
        work()
        assert "everything is settled" in text_of(browser.get(here))

    def test_cancels_with_the_message(self, agent: Agent, booked: SchedulingRequest, url: str, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        page = browser.post(url, {"all": "cancel", "message": "Maria has left."}, follow=True)
        assert "1 client reads your message" in text_of(page)
        assert "Maria has left." in text_of(page)

        browser.post(f"{page.redirect_chain[0][0]}start/")
        work()

        assert Cancellation.objects.get().reason == "Maria has left."

    def test_says_what_was_left_and_takes_it_up_later(
        self, ben: Agent, booked: SchedulingRequest, url: str, sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")
        here = browser.post(url, {"all": "leave"})["Location"]
        browser.post(f"{here}start/")
        work()
        assert "1 thing left as it is" in text_of(browser.get(here))

        assert "Choose for at least one of them" in text_of(browser.post(f"{here}again/", follow=True))
        browser.post(f"{here}again/", {f"to-{booked.public_id}": ben.public_id})
        work()

        assert "everything is settled" in text_of(browser.get(here))

    def test_is_short_for_somebody_of_whom_nothing_is_open(self, agent: Agent, url: str, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        assert "Nothing is open" in text_of(browser.get(url))

        here = browser.post(url)["Location"]
        assert "everything is settled" not in text_of(browser.get(here))
        browser.post(f"{here}start/")

        agent.refresh_from_db()
        assert not agent.is_active

    def test_can_go_back_with_what_was_entered(
        self, ben: Agent, booked: SchedulingRequest, url: str, sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")
        browser.post(url, {f"to-{booked.public_id}": ben.public_id})

        assert f'<option value="{ben.public_id}" selected>' in text_of(browser.get(f"{url}?step=2"))


class TestWhatIsEntered:
    def test_is_kept_and_told_when_something_is_missing(
        self, ben: Agent, booked: SchedulingRequest, half_hour: AppointmentType, agent: Agent, url: str, sign_in: SignIn
    ) -> None:
        other = make_request(half_hour, [agent])
        sent = {f"to-{booked.public_id}": ben.public_id, "message": "Hello"}

        answer = sign_in("administrator").post(url, sent)

        page = text_of(answer)
        assert answer.status_code == 422
        assert "Choose what becomes of everything, or of each thing below." in page
        assert f'<option value="{ben.public_id}" selected>' in page
        assert "Hello</textarea>" in page
        assert other.public_id in page

    def test_needs_a_message_when_a_client_is_cancelled(
        self, booked: SchedulingRequest, url: str, sign_in: SignIn
    ) -> None:
        answer = sign_in("administrator").post(url, {"all": "cancel"})

        assert answer.status_code == 422
        assert "Write what the clients read whose appointment is cancelled." in text_of(answer)

    def test_needs_no_message_where_nobody_has_booked(
        self, request_: SchedulingRequest, url: str, sign_in: SignIn
    ) -> None:
        assert sign_in("administrator").post(url, {"all": "cancel"}).status_code == 302

    @pytest.mark.parametrize("name", ["all", "one"])
    def test_names_somebody_who_is_not_there(
        self, agent: Agent, booked: SchedulingRequest, url: str, sign_in: SignIn, name: str
    ) -> None:
        field = "all" if name == "all" else f"to-{booked.public_id}"

        answer = sign_in("administrator").post(url, {field: agent.public_id})

        assert answer.status_code == 422
        assert "Whoever was chosen is not there any more." in text_of(answer)


class TestRefusal:
    def test_of_the_last_administrator_is_told_and_nothing_happens(self, account: Account, sign_in: SignIn) -> None:
        browser, boss = sign_in("administrator"), Membership.objects.get()
        here = browser.post(f"/app/users/{boss.public_id}/removal/")["Location"]

        page = text_of(browser.post(f"{here}start/", follow=True))

        assert f"{boss.user} is the only administrator" in page
        assert browser.get("/app/requests/").status_code == 200

    def test_says_that_something_has_come_meanwhile(
        self, agent: Agent, half_hour: AppointmentType, url: str, sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")
        here = browser.post(url)["Location"]
        make_request(half_hour, [agent])

        page = text_of(browser.post(f"{here}start/", follow=True))

        assert "Something has come meanwhile" in page
        agent.refresh_from_db()
        assert agent.is_active

    def test_of_somebody_else_s_run(self, agent: Agent, ben: Agent, url: str, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        here = browser.post(url)["Location"]

        assert browser.get(here.replace(agent.public_id, ben.public_id)).status_code == 404
