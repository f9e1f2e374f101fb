"""Teams: who is in them, and that nobody who comes back is flooded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from slotdesk.availability.turns import Member, Turn, count_turns
from slotdesk.availability.values import AgentId
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.editing import set_schedulable
from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.people.slugs import BadSlug, SlugTaken
from slotdesk.domain.people.teams import (
    MembersAreMirrored,
    Place,
    add_to_teams,
    remove_team,
    restore_team,
    save_team,
)
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def maria(account: Account) -> Agent:
    return make_agent(account, "Maria Schmidt")


@pytest.fixture
def jordan(account: Account) -> Agent:
    return make_agent(account, "Jordan Doe")


def new_team(account: Account, **fields: object) -> Team:
    return Team(account=account, **({"internal_name": "Help desk", "slug": "help-desk"} | fields))


def turns(team: Team, booked: list[tuple[int, Agent]]) -> dict[AgentId, int]:
    """How the engine counts, with appointments given so many days after NOW."""
    members = [
        Member(place.agent_id, tuple((start, end) for start, end in place.away), place.weight)
        for place in TeamMember.objects.filter(team=team)
    ]
    given = [Turn(int((NOW + day * DAY).timestamp()), agent.pk) for day, agent in booked]
    return count_turns(members, given)


class TestSaveTeam:
    def test_makes_a_team_and_tells_who_is_in_it(self, account: Account, maria: Agent, jordan: Agent) -> None:
        team = new_team(account)

        save_team(team=team, places=[Place(maria, 2), Place(jordan)], actor="Ada", now=NOW)

        event = Event.objects.get(kind="team.created")
        assert (event.subject, event.actor) == (team.public_id, "Ada")
        assert event.changes["internal_name"] == [None, "Help desk"]
        assert event.changes["member: Maria Schmidt"] == [None, "weight 2"]

    def test_tells_nothing_when_nothing_changed(self, account: Account, maria: Agent) -> None:
        team = new_team(account)
        save_team(team=team, places=[Place(maria)], actor="Ada", now=NOW)

        save_team(team=team, places=[Place(maria)], actor="Ada", now=NOW)

        assert Event.objects.filter(kind__startswith="team.").count() == 1

    @pytest.mark.parametrize("slug", ["Help", "help desk", "-help", "help--desk", "help_desk", ""])
    def test_refuses_a_bad_address_part(self, account: Account, slug: str) -> None:
        with pytest.raises(BadSlug):
            save_team(team=new_team(account, slug=slug), places=[], actor="Ada", now=NOW)

    def test_refuses_an_address_part_that_is_taken(self, account: Account) -> None:
        make_team(account, [], slug="help-desk")

        with pytest.raises(SlugTaken):
            save_team(team=new_team(account), places=[], actor="Ada", now=NOW)

    def test_takes_members_of_the_psas_teams_from_nobody(self, account: Account, maria: Agent, jordan: Agent) -> None:
        team = make_team(account, [maria], source="connectwise:board-1/team-1")

        with pytest.raises(MembersAreMirrored):
            save_team(team=team, places=[Place(maria), Place(jordan)], actor="Ada", now=NOW)

        save_team(team=team, places=[Place(maria, 3, is_paused=True)], actor="Ada", now=NOW)
        place = TeamMember.objects.get(team=team)
        assert (place.agent, place.weight, place.is_paused) == (maria, 3, True)


class TestTurns:
    def test_of_a_newcomer_begin_level_with_the_others(self, account: Account, maria: Agent, jordan: Agent) -> None:
        team = new_team(account)
        save_team(team=team, places=[Place(maria)], actor="Ada", now=NOW)

        save_team(team=team, places=[Place(maria), Place(jordan)], actor="Ada", now=NOW + 3 * DAY)

        assert turns(team, [(1, maria), (2, maria)]) == {maria.pk: 2, jordan.pk: 2}

    def test_after_a_pause_begin_level_with_the_others(self, account: Account, maria: Agent, jordan: Agent) -> None:
        team = make_team(account, [maria, jordan])
        save_team(team=team, places=[Place(maria), Place(jordan, is_paused=True)], actor="Ada", now=NOW)
        booked = [(1, maria), (2, maria), (3, maria)]

        save_team(team=team, places=[Place(maria), Place(jordan)], actor="Ada", now=NOW + 4 * DAY)

        assert turns(team, booked) == {maria.pk: 3, jordan.pk: 3}

    def test_are_not_made_up_for_by_who_could_not_be_booked(
        self, account: Account, maria: Agent, jordan: Agent
    ) -> None:
        team = make_team(account, [maria, jordan])
        set_schedulable(agent=jordan, is_schedulable=False, actor="Ada", now=NOW)

        set_schedulable(agent=jordan, is_schedulable=True, actor="Ada", now=NOW + 4 * DAY)

        assert turns(team, [(1, maria), (2, maria)]) == {maria.pk: 2, jordan.pk: 2}

    def test_stay_away_while_one_of_two_reasons_is_left(self, account: Account, maria: Agent, jordan: Agent) -> None:
        team = make_team(account, [maria, jordan])
        save_team(team=team, places=[Place(maria), Place(jordan, is_paused=True)], actor="Ada", now=NOW)
        set_schedulable(agent=jordan, is_schedulable=False, actor="Ada", now=NOW + DAY)
        jordan.refresh_from_db()

        save_team(team=team, places=[Place(maria), Place(jordan)], actor="Ada", now=NOW + 2 * DAY)

        [[start, end]] = TeamMember.objects.get(agent=jordan).away
        assert start == int(NOW.timestamp())
        assert end > int((NOW + 1000 * DAY).timestamp())


class TestAddToTeams:
    def test_lets_somebody_join_once(self, account: Account, maria: Agent) -> None:
        team = make_team(account, [])

        add_to_teams(agent=maria, teams=[team], actor="Ada", now=NOW)
        add_to_teams(agent=maria, teams=[team], actor="Ada", now=NOW)

        assert TeamMember.objects.get(team=team).away == [[0, int(NOW.timestamp())]]
        assert Event.objects.filter(kind="team.changed").count() == 1

    def test_adds_nobody_to_a_team_of_the_psa(self, account: Account, maria: Agent) -> None:
        ours, theirs = make_team(account, []), make_team(account, [], source="connectwise:board-1/team-1")

        with pytest.raises(MembersAreMirrored):
            add_to_teams(agent=maria, teams=[ours, theirs], actor="Ada", now=NOW)

        assert not TeamMember.objects.exists()


class TestRemoveTeam:
    def test_deletes_a_team_that_nothing_names(self, account: Account, maria: Agent) -> None:
        team = make_team(account, [maria])

        assert remove_team(team=team, actor="Ada", now=NOW)

        assert not Team.objects.exists()
        assert Event.objects.get(kind="team.removed").changes["internal_name"] == ["Help desk", None]

    def test_archives_a_team_that_a_request_names(self, account: Account, maria: Agent) -> None:
        team = make_team(account, [maria])
        make_request(make_type(account), [team])

        assert not remove_team(team=team, actor="Ada", now=NOW)

        team.refresh_from_db()
        assert (team.is_active, team.archived_at) == (False, NOW)
        restore_team(team=team, actor="Ada", now=NOW)
        team.refresh_from_db()
        assert (team.is_active, team.archived_at) == (True, None)

    def test_archives_a_team_of_the_psa(self, account: Account) -> None:
        team = make_team(account, [], source="connectwise:board-1/team-1")

        assert not remove_team(team=team, actor="Ada", now=NOW)

        assert Event.objects.get(kind="team.archived").subject == team.public_id
