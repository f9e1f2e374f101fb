"""Which member of the PSA somebody is: chosen by hand where addresses differ."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.connections.psa_members import (
    LinkedByAddress,
    NotToBeLinked,
    link_psa_member,
    list_free_members,
    list_free_psa_members,
    unlink_psa_member,
)
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.joining import become_agent
from slotdesk.domain.people.members import HasLeft
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.teams import add_to_teams
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type
from tests.support.members import make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def boss(account: Account) -> Role:
    return Role.objects.get(key="administrator")


@pytest.fixture
def member(account: Account) -> Membership:
    return make_member(account, "user")


def link(member: Membership, agent: Agent, by: Role) -> Agent:
    link_psa_member(member=member, agent=agent, by=by, actor="Alex", now=NOW)
    agent.refresh_from_db()
    return agent


class TestLink:
    def test_makes_the_psas_member_theirs_and_is_told(self, account: Account, member: Membership, boss: Role) -> None:
        agent = make_agent(account, "Maria Schmidt")
        assert [each.agent for each in list_free_psa_members()] == [agent]
        assert list_free_members() == [member]

        assert link(member, agent, boss).membership == member

        assert list_free_psa_members() == []
        assert list_free_members() == []
        told = Event.objects.get(kind="member.psa_member_changed")
        assert (told.subject, told.changes) == (member.public_id, {"psa_member": [None, "Maria Schmidt"]})

    def test_leaves_who_they_were_before_to_nobody(self, account: Account, member: Membership, boss: Role) -> None:
        before = link(member, make_agent(account, "Maria Schmidt"), boss)

        link(member, make_agent(account, "M. Schmidt-Jones"), boss)

        before.refresh_from_db()
        assert (before.membership, before.is_active) == (None, True)

    def test_takes_over_the_teams_of_one_that_was_made_for_them(
        self, account: Account, member: Membership, boss: Role
    ) -> None:
        made = become_agent(member=member, actor="Alex", now=NOW)
        team = make_team(account, [])
        add_to_teams(agent=made, teams=[team], actor="Alex", now=NOW)

        agent = link(member, make_agent(account, "Maria Schmidt"), boss)

        assert [place.agent for place in team.members.all()] == [agent]
        assert not Agent.objects.filter(pk=made.pk).exists()

    def test_keeps_one_that_was_asked_for_as_somebody_who_left(
        self, account: Account, member: Membership, boss: Role
    ) -> None:
        made = become_agent(member=member, actor="Alex", now=NOW)
        make_request(make_type(account), [make_agent(account)]).resources.update(agent=made)

        link(member, make_agent(account, "Maria Schmidt"), boss)

        made.refresh_from_db()
        assert (made.membership, made.is_active, made.left_at) == (None, False, NOW)

    def test_refuses_who_is_somebody_elses_or_nobody_in_the_psa(
        self, account: Account, member: Membership, boss: Role
    ) -> None:
        taken = link(make_member(account, "user"), make_agent(account), boss)
        nobody = make_agent(account)
        Calendar.objects.filter(agent=nobody).delete()

        for agent in (taken, nobody):
            with pytest.raises(NotToBeLinked):
                link(member, agent, boss)

    def test_refuses_somebody_who_left(self, account: Account, member: Membership, boss: Role) -> None:
        Membership.objects.filter(pk=member.pk).update(left_at=NOW)

        with pytest.raises(HasLeft):
            link(member, make_agent(account), boss)

    def test_gives_nobody_a_panel_that_allows_more_than_the_giver_may(self, account: Account) -> None:
        dispatcher, administrator = Role.objects.get(key="dispatcher"), make_member(account)
        agent = make_agent(account)

        with pytest.raises(NotYoursToGive):
            link(administrator, agent, dispatcher)

        agent.refresh_from_db()
        assert agent.membership is None


class TestUnlink:
    def test_leaves_the_technician_without_a_sign_in(self, account: Account, member: Membership, boss: Role) -> None:
        agent = link(member, make_agent(account), boss)

        for _twice in range(2):
            unlink_psa_member(member=member, by=boss, actor="Alex", now=NOW)

        agent.refresh_from_db()
        assert agent.membership is None
        assert Event.objects.filter(kind="member.psa_member_changed").count() == 2

    def test_refuses_where_the_next_synchronisation_would_undo_it(
        self, account: Account, member: Membership, boss: Role
    ) -> None:
        link(member, make_agent(account, email=member.user.email.upper()), boss)

        with pytest.raises(LinkedByAddress):
            unlink_psa_member(member=member, by=boss, actor="Alex", now=NOW)


class TestBecomeAgent:
    def test_gives_hours_here_once_and_no_bookings_yet(self, account: Account, member: Membership) -> None:
        agent = become_agent(member=member, actor="Alex", now=NOW)

        assert become_agent(member=member, actor="Alex", now=NOW) == agent
        assert (agent.membership, agent.is_schedulable, agent.hours_from) == (member, False, Agent.HoursFrom.OWN)
        assert Event.objects.filter(kind="member.calendar_given").count() == 1
