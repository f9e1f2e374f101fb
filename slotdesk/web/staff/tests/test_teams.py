"""Teams: making, editing and removing them, and what each role may do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.tenants.models import Account
from tests.support.factories import make_agent, make_request, make_team, make_type
from tests.support.members import text_of

SignIn = Callable[[str], Client]


@pytest.fixture
def jordan(account: Account) -> Agent:
    return make_agent(account, "Jordan Doe")


def entered(*agents: Agent, **fields: str) -> dict[str, str]:
    """The form with these people in the team."""
    data = {"internal_name": "Help desk", "external_name": "", "slug": "", "rule": "maximum_availability"}
    for agent in agents:
        data |= {f"in-{agent.public_id}": "on", f"weight-{agent.public_id}": "1"}
    return data | fields


class TestList:
    def test_shows_who_is_in_and_who_is_paused(
        self, account: Account, agent: Agent, jordan: Agent, sign_in: SignIn
    ) -> None:
        team = make_team(account, [agent, jordan], external_name="Our help desk")
        TeamMember.objects.filter(team=team, agent=jordan).update(is_paused=True)

        page = text_of(sign_in("dispatcher").get("/app/teams/"))

        assert "Our help desk" in page
        assert "Maria Schmidt" in page
        assert "Jordan Doe (paused)" in page

    def test_says_when_nobody_is_in_a_team_and_when_the_psa_lost_one(self, account: Account, sign_in: SignIn) -> None:
        make_team(account, [], source="connectwise:board-1/team-1", is_active=False, place="Service Desk")

        page = text_of(sign_in("dispatcher").get("/app/teams/"))

        assert "Nobody: nothing can be offered" in page
        assert "Gone from the PSA" in page
        assert "Service Desk" in page

    def test_asks_no_more_of_the_database_for_more_teams(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")
        make_team(account, [agent])
        browser.get("/app/teams/")  # the first page of a session also notes where it came from
        first = len(_queries_of(browser))

        for _ in range(5):
            make_team(account, [agent])

        assert len(_queries_of(browser)) == first

    def test_is_not_for_technicians(self, account: Account, sign_in: SignIn) -> None:
        assert sign_in("user").get("/app/teams/").status_code == 403
        assert "/app/teams/" not in text_of(sign_in("finance").get("/app/requests/"))


class TestCreate:
    def test_makes_a_team_with_an_address_part_from_its_name(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        data = entered(agent, internal_name="Tier 1 Help Desk", rule="round_robin") | {
            f"weight-{agent.public_id}": "3",
            f"paused-{agent.public_id}": "on",
        }

        answer = sign_in("administrator").post("/app/teams/new/", data)

        team = Team.objects.get()
        assert answer.status_code == 302
        assert (team.slug, team.rule) == ("tier-1-help-desk", "round_robin")
        place = TeamMember.objects.get(team=team)
        assert (place.agent, place.weight, place.is_paused) == (agent, 3, True)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"slug": "Help Desk"}, "Small letters, digits"),
            ({"slug": "taken"}, "another team or another page has this address part"),
            ({"internal_name": ""}, "This field is required"),
            ({"rule": "dice"}, "Select a valid choice"),
        ],
    )
    def test_names_what_is_wrong_and_loses_nothing(
        self, account: Account, agent: Agent, sign_in: SignIn, fields: dict[str, str], words: str
    ) -> None:
        make_team(account, [], slug="taken")

        answer = sign_in("administrator").post("/app/teams/new/", entered(agent, external_name="For clients", **fields))

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "For clients" in text_of(answer)
        assert f'name="in-{agent.public_id}" checked' in text_of(answer)
        assert Team.objects.count() == 1

    @pytest.mark.parametrize("weight", ["0", "21", "-1", "two", "1.5", "²", ""])
    def test_names_whose_weight_is_wrong(self, account: Account, agent: Agent, sign_in: SignIn, weight: str) -> None:
        data = entered(agent) | {f"weight-{agent.public_id}": weight}

        answer = sign_in("administrator").post("/app/teams/new/", data)

        assert answer.status_code == 422
        assert "Enter a weight from 1 to 20" in text_of(answer)
        assert not Team.objects.exists()

    def test_is_for_administrators(self, account: Account, sign_in: SignIn) -> None:
        assert sign_in("dispatcher").post("/app/teams/new/", entered()).status_code == 403


class TestEdit:
    def test_changes_who_is_in_the_team(self, account: Account, agent: Agent, jordan: Agent, sign_in: SignIn) -> None:
        team = make_team(account, [agent], slug="help-desk")

        sign_in("dispatcher").post(f"/app/teams/{team.public_id}/", entered(jordan, slug="help-desk"))

        assert [place.agent for place in TeamMember.objects.filter(team=team)] == [jordan]

    def test_leaves_the_members_of_a_mirrored_team_to_the_psa(
        self, account: Account, agent: Agent, jordan: Agent, sign_in: SignIn
    ) -> None:
        team = make_team(account, [agent], slug="tier-1", source="connectwise:board-1/team-1", internal_name="Tier 1")

        sign_in("dispatcher").post(
            f"/app/teams/{team.public_id}/",
            entered(jordan, slug="tier-1", internal_name="Mine", external_name="First line"),
        )

        team.refresh_from_db()
        assert [place.agent for place in TeamMember.objects.filter(team=team)] == [agent]
        assert (team.internal_name, team.external_name) == ("Tier 1", "First line")

    def test_says_why_a_member_is_not_offered(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        team = make_team(account, [agent])
        Agent.objects.update(zone="", is_schedulable=False)

        page = text_of(sign_in("dispatcher").get(f"/app/teams/{team.public_id}/"))

        assert "No time zone: not offered" in page
        assert "Booking is switched off: not offered" in page

    def test_does_not_offer_people_who_left(self, account: Account, sign_in: SignIn) -> None:
        make_agent(account, "Ben Gone", is_active=False)

        assert "Ben Gone" not in text_of(sign_in("administrator").get("/app/teams/new/"))

    def test_answers_as_if_a_team_of_nobody_were_not_there(self, account: Account, sign_in: SignIn) -> None:
        assert sign_in("administrator").get("/app/teams/team_none/").status_code == 404


class TestRemove:
    def test_deletes_or_archives_and_brings_back(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        browser, kept, unused = sign_in("administrator"), make_team(account, [agent]), make_team(account, [])
        make_request(make_type(account), [kept])

        for team in (kept, unused):
            browser.post(f"/app/teams/{team.public_id}/removal/")

        assert list(Team.objects.values_list("pk", "is_active")) == [(kept.pk, False)]
        assert "Help desk" in text_of(browser.get("/app/teams/archived/"))
        browser.post(f"/app/teams/{kept.public_id}/restoration/")
        assert Team.objects.get().is_active

    def test_is_for_administrators(self, account: Account, sign_in: SignIn) -> None:
        team = make_team(account, [])

        assert sign_in("dispatcher").post(f"/app/teams/{team.public_id}/removal/").status_code == 403
        assert Team.objects.exists()


def _queries_of(browser: Client) -> list[dict[str, str]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        browser.get("/app/teams/")
    return captured.captured_queries
