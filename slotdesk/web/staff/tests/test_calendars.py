"""Which calendar is written to, which block, and reading one at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import make_agent
from tests.support.members import text_of

SignIn = Callable[[str], Client]


@pytest.fixture
def primary(agent: Agent) -> Calendar:
    return Calendar.objects.get(agent=agent)


@pytest.fixture
def second(account: Account, agent: Agent) -> Calendar:
    """Another connected calendar; one of the kinds of vendors that are there serves."""
    connection = Calendar.objects.get(agent=agent).connection
    return Calendar.objects.create(
        agent=agent, connection=connection, external_id="second", is_primary=False, is_blocking=False
    )


def url_of(agent: Agent) -> str:
    return f"/app/users/{agent.public_id}/calendars/"


class TestChoose:
    def test_makes_another_calendar_primary_which_then_blocks(
        self, agent: Agent, primary: Calendar, second: Calendar, sign_in: SignIn
    ) -> None:
        entered = {
            "primary": second.pk,
            f"kinds-{second.pk}": ["busy", "free"],
            f"blocks-{primary.pk}": "on",
            f"kinds-{primary.pk}": ["busy"],
        }

        answer = sign_in("dispatcher").post(url_of(agent), entered)

        primary.refresh_from_db()
        second.refresh_from_db()
        assert answer.status_code == 302
        assert (second.is_primary, second.is_blocking, second.blocking_kinds) == (True, True, ["busy", "free"])
        assert (primary.is_primary, primary.is_blocking, primary.blocking_kinds) == (False, True, ["busy"])
        assert Event.objects.get(kind="agent.calendars_changed").subject == agent.public_id

    def test_lets_a_calendar_block_nothing(
        self, agent: Agent, primary: Calendar, second: Calendar, sign_in: SignIn
    ) -> None:
        Calendar.objects.filter(pk=second.pk).update(is_blocking=True)

        sign_in("dispatcher").post(url_of(agent), {"primary": primary.pk, f"kinds-{primary.pk}": "busy"})

        second.refresh_from_db()
        assert not second.is_blocking

    def test_says_which_calendar_has_no_kind_that_blocks(
        self, agent: Agent, primary: Calendar, second: Calendar, sign_in: SignIn
    ) -> None:
        entered = {"primary": primary.pk, f"kinds-{primary.pk}": "busy", f"blocks-{second.pk}": "on"}

        answer = sign_in("dispatcher").post(url_of(agent), entered)

        second.refresh_from_db()
        assert answer.status_code == 422
        assert "Choose at least one kind of entry" in text_of(answer)
        assert not second.is_blocking

    @pytest.mark.parametrize("value", ["999999", "x", "²"])
    def test_refuses_a_calendar_that_is_not_theirs(
        self, account: Account, agent: Agent, primary: Calendar, sign_in: SignIn, value: str
    ) -> None:
        theirs = Calendar.objects.get(agent=make_agent(account))
        chosen = str(theirs.pk) if value == "999999" else value

        answer = sign_in("dispatcher").post(url_of(agent), {"primary": chosen, f"kinds-{primary.pk}": "busy"})

        primary.refresh_from_db()
        assert answer.status_code == 422
        assert primary.is_primary

    def test_refuses_a_kind_that_there_is_not(self, agent: Agent, primary: Calendar, sign_in: SignIn) -> None:
        answer = sign_in("dispatcher").post(
            url_of(agent), {"primary": primary.pk, f"kinds-{primary.pk}": ["busy", "appointment"]}
        )

        assert answer.status_code == 422


class TestPage:
    def test_says_why_somebody_without_a_primary_calendar_cannot_be_booked(
        self, agent: Agent, primary: Calendar, sign_in: SignIn
    ) -> None:
        Calendar.objects.update(is_primary=False)

        page = text_of(sign_in("dispatcher").get(url_of(agent)))

        assert "there is no primary calendar, so an appointment could be written nowhere" in page
        assert "People who work in tickets: the PSA" in page

    def test_says_what_to_do_when_there_is_none_at_all(self, agent: Agent, sign_in: SignIn) -> None:
        Calendar.objects.all().delete()

        assert "no other calendar is connected" in text_of(sign_in("dispatcher").get(url_of(agent)))

    def test_shows_problems_and_freshness(self, agent: Agent, primary: Calendar, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")
        assert "Up to date" in text_of(browser.get(url_of(agent)))

        Calendar.objects.update(problem="The PSA refuses the keys.")

        assert "The PSA refuses the keys." in text_of(browser.get(url_of(agent)))


class TestReadNow:
    def test_says_that_the_vendor_could_not_be_asked(self, agent: Agent, primary: Calendar, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")

        answer = browser.post(f"{url_of(agent)}{primary.pk}/reading/", follow=True)

        assert "could not be read" in text_of(answer)

    def test_of_another_persons_calendar_is_not_found(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        theirs = Calendar.objects.get(agent=make_agent(account))

        assert sign_in("dispatcher").post(f"{url_of(agent)}{theirs.pk}/reading/").status_code == 404
