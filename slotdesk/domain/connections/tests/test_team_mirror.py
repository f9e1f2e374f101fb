"""The PSA's teams are ours to ask for, and theirs to fill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import timezone

from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.connections.psa_sync import sync_psa
from slotdesk.domain.people.models import Agent, Team, TeamMember
from tests.support.msp import Msp, connected_msp
from tests.support.psa import broken

pytestmark = pytest.mark.django_db

TIER_1 = "connectwise:board-1/team-1"
PROJECT_TEAM = "connectwise:project-board-5/team-1"


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


def sync(msp: Msp) -> datetime:
    now = timezone.now()
    sync_psa(connection=msp.connection, now=now)
    return now


def members_of(source: str) -> set[str]:
    places = TeamMember.objects.filter(team__source=source)
    return {Calendar.objects.get(agent=place.agent_id).external_id for place in places}


def change_team(msp: Msp, **changes: object) -> None:
    msp.psa.store.put("boardTeams", {**msp.psa.store.get("boardTeams", 1), **changes})


class TestMirroredTeams:
    def test_are_those_of_service_boards_and_project_boards(self, msp: Msp) -> None:
        there = set(Team.objects.values_list("source", flat=True))

        assert {TIER_1, "connectwise:project-board-5/team-1"} <= there
        assert members_of(TIER_1) == {str(n) for n in msp.psa.store.get("boardTeams", 1)["members"]}
        assert all(team.is_active and team.slug for team in Team.objects.all())

    def test_follow_who_joins_and_who_leaves(self, msp: Msp) -> None:
        change_team(msp, members=[101, 102])

        now = sync(msp)

        assert members_of(TIER_1) == {"101", "102"}
        newcomer = TeamMember.objects.get(team__source=TIER_1, agent__calendars__external_id="102")
        assert newcomer.away[0] == [0, int(now.timestamp())]

    def test_follow_a_new_name_and_keep_what_was_chosen_here(self, msp: Msp) -> None:
        Team.objects.filter(source=TIER_1).update(external_name="First line", rule="round_robin", slug="first")
        TeamMember.objects.filter(team__source=TIER_1, agent__calendars__external_id="101").update(weight=3)
        change_team(msp, name="Tier One")

        sync(msp)

        team = Team.objects.get(source=TIER_1)
        assert (team.internal_name, team.external_name, team.rule, team.slug) == (
            "Tier One",
            "First line",
            "round_robin",
            "first",
        )
        assert TeamMember.objects.get(team=team, agent__calendars__external_id="101").weight == 3

    def test_bear_their_boards_name_when_another_board_uses_the_same(self, msp: Msp) -> None:
        [other] = [team for team in msp.psa.store.all("boardTeams") if team["id"] == 2]
        msp.psa.store.put("boardTeams", {**other, "name": "Tier 1", "boardId": 2})

        sync(msp)

        names = Team.objects.filter(internal_name__startswith="Tier 1").values_list("internal_name", flat=True)
        assert sorted(names) == ["Tier 1 (Managed Services)", "Tier 1 (Service Desk)"]

    def test_cannot_be_asked_for_when_they_are_gone_and_can_when_they_come_back(self, msp: Msp) -> None:
        team = msp.psa.store.get("boardTeams", 1)
        msp.psa.store.remove("boardTeams", 1)
        sync(msp)
        assert not Team.objects.get(source=TIER_1).is_active

        msp.psa.store.put("boardTeams", team)
        sync(msp)

        assert Team.objects.get(source=TIER_1).is_active

    def test_stay_archived_when_somebody_archived_them_here(self, msp: Msp) -> None:
        Team.objects.filter(source=TIER_1).update(is_active=False, archived_at=timezone.now())

        sync(msp)

        assert not Team.objects.get(source=TIER_1).is_active

    def test_do_not_change_when_they_are_read_again(self, msp: Msp) -> None:
        sync(msp)
        before = (list(Team.objects.order_by("id").values()), list(TeamMember.objects.order_by("id").values()))

        sync(msp)

        assert (list(Team.objects.order_by("id").values()), list(TeamMember.objects.order_by("id").values())) == before

    def test_of_ours_are_left_alone(self, msp: Msp) -> None:
        ours = Team.objects.create(account=msp.account, internal_name="Ours", slug="ours")
        TeamMember.objects.create(team=ours, agent=msp.agent)

        sync(msp)

        ours.refresh_from_db()
        assert ours.is_active
        assert Agent.objects.filter(team_places__team=ours).get() == msp.agent


class TestChoices:
    def test_of_hours_and_holidays_survive_the_synchronisation(self, msp: Msp) -> None:
        own = [{"days": [2], "start": "10:00", "end": "12:00"}]
        Agent.objects.filter(pk=msp.agent.pk).update(
            hours_from="own", own_hours=own, holidays_from="own", holiday_list=None
        )

        sync(msp)

        msp.agent.refresh_from_db()
        assert msp.agent.hours == own
        assert msp.agent.psa_hours == [{"days": [1, 2, 3, 4, 5], "start": "08:00", "end": "17:00"}]
        assert msp.agent.holiday_list is None
        assert msp.agent.psa_holiday_list is not None

    def test_keep_the_first_hour_free_of_the_psas_hours_too(self, msp: Msp) -> None:
        Agent.objects.filter(pk=msp.agent.pk).update(
            kept_free=[{"days": [1, 2, 3, 4, 5], "start": "08:00", "end": "09:00"}]
        )

        sync(msp)

        msp.agent.refresh_from_db()
        assert msp.agent.hours == [{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}]

    def test_of_a_zone_are_asked_for_when_the_psas_is_unknown(self, msp: Msp) -> None:
        calendar = Calendar.objects.get(agent=msp.agent)
        member = msp.psa.store.get("members", int(calendar.external_id))
        msp.psa.store.put("members", {**member, "timeZone": {"id": 999, "name": "Moon Base Alpha"}})

        sync(msp)

        msp.agent.refresh_from_db()
        assert msp.agent.zone_from == "own"


class TestAMissingRight:
    def test_leaves_those_teams_as_they_were_and_is_said_until_they_can_be_read(self, msp: Msp) -> None:
        change_team(msp, members=[101])
        before = members_of(PROJECT_TEAM)

        with broken(msp.psa, "403", path="/project/boards/*"):
            sync(msp)

        assert Team.objects.get(source=PROJECT_TEAM).is_active
        assert (members_of(PROJECT_TEAM), members_of(TIER_1)) == (before, {"101"})
        msp.connection.refresh_from_db()
        assert (msp.connection.state, len(msp.connection.left_out)) == ("working", 1)

        sync(msp)

        msp.connection.refresh_from_db()
        assert msp.connection.left_out == []
