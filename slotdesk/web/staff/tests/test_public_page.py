"""Personal and team pages: who may edit them, and what is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.models import PageEntry, PublicPage
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account, Role
from tests.support.factories import make_agent, make_team, make_type
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]


@pytest.fixture
def call(account: Account) -> AppointmentType:
    return make_type(account, internal_name="Call", shareable="ticket", position=1)


@pytest.fixture
def review(account: Account) -> AppointmentType:
    return make_type(account, internal_name="Review", shareable="ticket", position=2)


@pytest.fixture
def team(account: Account, agent: Agent) -> Team:
    return make_team(account, [agent], slug="help-desk")


def url_of(owner: Agent | Team) -> str:
    return f"/app/{'users' if isinstance(owner, Agent) else 'teams'}/{owner.public_id}/page/"


def entered(owner: Agent | Team, *types: AppointmentType, **fields: str) -> dict[str, Any]:
    """The form, switched on, with these types in this order."""
    data: dict[str, Any] = {"slug": owner.slug, "is_on": "on", "title": "", "text": "", "description": ""}
    data["entries-row"] = [str(index) for index, _ in enumerate(types)]
    for index, kind in enumerate(types):
        data |= {f"entries-{index}-type": kind.public_id, f"entries-{index}-is_shown": "on"}
    return data | fields


def told() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


class TestEdit:
    def test_stores_words_order_and_what_is_hidden_and_tells_it(
        self, account: Account, agent: Agent, call: AppointmentType, review: AppointmentType, sign_in: SignIn
    ) -> None:
        data = entered(agent, review, call, title="Talk to Maria", is_listed="on", **{"entries-0-text": "Quarterly"})
        del data["entries-1-is_shown"]

        answer = sign_in("administrator").post(url_of(agent), data)

        assert answer.status_code == 302
        page = PublicPage.objects.get(agent=agent)
        assert (page.is_on, page.title, page.is_listed) == (True, "Talk to Maria", True)
        entries = PageEntry.objects.order_by("position").values_list("appointment_type", "text", "is_hidden")
        assert list(entries) == [(review.pk, "Quarterly", False), (call.pk, "", True)]
        event = Event.objects.get(kind="agent.page_changed")
        assert event.subject == agent.public_id
        assert event.changes["entries"] == [None, ["Review: Quarterly", "Call (hidden)"]]

    def test_says_nothing_when_nothing_changed_and_stores_one_page(
        self, agent: Agent, call: AppointmentType, sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")
        for _ in range(2):
            browser.post(url_of(agent), entered(agent, call))

        assert told() == ["agent.page_changed"]
        assert PublicPage.objects.count() == 1

    def test_gives_another_address_part(self, agent: Agent, call: AppointmentType, sign_in: SignIn) -> None:
        sign_in("administrator").post(url_of(agent), entered(agent, slug="maria"))

        agent.refresh_from_db()
        assert agent.slug == "maria"
        assert Event.objects.get(kind="agent.changed").changes["slug"][1] == "maria"

    @pytest.mark.parametrize(
        ("slug", "words"),
        [
            ("help-desk", "has this address part"),
            ("app", "has this address part"),
            ("Maria S", "Small letters"),
            ("", ""),
        ],
    )
    def test_refuses_an_address_part_that_cannot_be_and_stores_nothing(
        self, agent: Agent, team: Team, call: AppointmentType, sign_in: SignIn, slug: str, words: str
    ) -> None:
        answer = sign_in("administrator").post(url_of(agent), entered(agent, call, slug=slug, title="Kept title"))

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "Kept title" in text_of(answer)
        assert not PublicPage.objects.exists()
        assert told() == []

    def test_moves_a_row_without_saving_and_loses_nothing_typed(
        self, agent: Agent, call: AppointmentType, review: AppointmentType, sign_in: SignIn
    ) -> None:
        data = entered(agent, call, review, title="Typed", **{"entries-1-text": "Words"}) | {"do": "entries.up.1"}

        page = text_of(sign_in("administrator").post(url_of(agent), data))

        assert page.index("<bdi>Review</bdi>") < page.index("<bdi>Call</bdi>")
        assert 'value="Typed"' in page
        assert "Words</textarea>" in page
        assert not PublicPage.objects.exists()

    def test_takes_no_type_that_cannot_be_booked_there(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        sign_in("administrator").post(url_of(agent), entered(agent, make_type(account)))

        assert PublicPage.objects.exists()
        assert not PageEntry.objects.exists()

    def test_of_a_team_is_told_of_the_team(self, team: Team, call: AppointmentType, sign_in: SignIn) -> None:
        sign_in("administrator").post(url_of(team), entered(team, call, slug="desk"))

        assert PublicPage.objects.get(team=team).is_on
        assert told() == ["team.changed", "team.page_changed"]

    def test_shows_address_and_says_what_to_do_without_types(self, agent: Agent, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").get(url_of(agent)))

        assert f"/{agent.slug}/</code>" in page
        assert "Turn on <em>Shareable URLs</em>" in page


class TestWhoMay:
    def test_technicians_edit_their_own_and_see_no_other(self, account: Account, agent: Agent) -> None:
        other = make_agent(account, "Jordan Doe")
        browser = signed_in(account, "user", agent=agent)

        assert browser.post(url_of(agent), entered(agent)).status_code == 302
        assert browser.get(url_of(other)).status_code == 404
        assert browser.post(url_of(other), entered(other)).status_code == 404
        assert browser.get(url_of(other) + "preview/").status_code == 404
        assert PublicPage.objects.get().agent == agent

    def test_who_may_look_at_teams_changes_none(self, account: Account, team: Team, sign_in: SignIn) -> None:
        Role.objects.filter(key="dispatcher").update(permissions=["teams.view"])
        browser = sign_in("dispatcher")

        page = text_of(browser.get(url_of(team)))

        assert page.count(" disabled") >= 6
        assert "Save</button>" not in page
        assert browser.post(url_of(team), entered(team)).status_code == 403
        assert not PublicPage.objects.exists()


class TestPreview:
    def test_shows_the_page_while_it_is_off(
        self, agent: Agent, team: Team, call: AppointmentType, sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")

        assert "Book a time with Maria Schmidt" in text_of(browser.get(url_of(agent) + "preview/"))
        assert "Book a time with Help desk" in text_of(browser.get(url_of(team) + "preview/"))
