"""Another role, leaving and coming back."""

from __future__ import annotations

import pytest

from slotdesk.domain.events.models import Event
from slotdesk.domain.people.members import (
    HasLeft,
    LastAdministrator,
    add_member,
    change_role,
    deactivate_person,
    reactivate_person,
)
from slotdesk.domain.people.models import Agent, TeamMember
from slotdesk.domain.people.persons import get_person, link_by_email, list_people, person_of_member
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.domain.tenants.permissions import BuiltIn
from slotdesk.domain.tenants.queries import NotAMember, get_membership
from tests.support.factories import NOW, make_agent, make_team
from tests.support.members import make_member


def give(member: Membership, key: str, by: Membership) -> None:
    change_role(member=member, role=Role.objects.get(key=key), by=by.role, actor="Bo", now=NOW)


class TestAddMember:
    def add(self, account: Account, email: str, role: BuiltIn) -> Membership:
        return add_member(account=account, email=email, name="Ann", role=role, password=None, actor="demo", now=NOW)

    def test_tells_who_got_which_place_once(self, account: Account) -> None:
        for _ in range(2):
            member = self.add(account, "ann@summit.example", BuiltIn.DISPATCHER)

        added = Event.objects.get(kind="member.added")
        assert (added.subject, added.actor, added.changes) == (member.public_id, "demo", {"role": [None, "Dispatcher"]})

    def test_tells_another_role_and_that_somebody_is_back(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "user")
        Membership.objects.filter(pk=member.pk).update(left_at=NOW)

        self.add(account, member.user.email, BuiltIn.DISPATCHER)

        changes = Event.objects.get(kind="member.added").changes
        assert changes == {"role": ["User", "Dispatcher"], "is_active": [False, True]}

    def test_keeps_the_last_administrator(self, account: Account, boss: Membership) -> None:
        with pytest.raises(LastAdministrator):
            self.add(account, boss.user.email, BuiltIn.USER)


class TestChangeRole:
    def test_gives_another_role_and_tells_both(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "user")

        give(member, "dispatcher", boss)

        member.refresh_from_db()
        assert member.role.key == "dispatcher"
        assert Event.objects.get(kind="member.role_changed").changes == {"role": ["User", "Dispatcher"]}

    def test_keeps_the_last_administrator(self, account: Account, boss: Membership) -> None:
        with pytest.raises(LastAdministrator):
            give(boss, "user", boss)

    def test_does_not_count_administrators_who_left(self, account: Account, boss: Membership) -> None:
        second = make_member(account)
        Membership.objects.filter(pk=second.pk).update(left_at=NOW)

        with pytest.raises(LastAdministrator):
            give(boss, "user", boss)

    def test_lets_an_administrator_go_when_there_is_another(self, account: Account, boss: Membership) -> None:
        make_member(account)

        give(boss, "user", boss)

        boss.refresh_from_db()
        assert boss.role.key == "user"

    def test_lets_nobody_give_or_take_more_than_they_have(self, account: Account, boss: Membership) -> None:
        dispatcher, user = make_member(account, "dispatcher"), make_member(account, "user")
        make_member(account)

        with pytest.raises(NotYoursToGive):
            give(user, "administrator", dispatcher)
        with pytest.raises(NotYoursToGive):
            give(boss, "user", dispatcher)

    def test_is_not_for_people_who_left(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "user")
        Membership.objects.filter(pk=member.pk).update(left_at=NOW)

        with pytest.raises(HasLeft):
            give(member, "dispatcher", boss)


class TestLeaving:
    def test_ends_everything_at_once_and_can_be_undone(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "user")
        agent = make_agent(account, membership=member)

        deactivate_person(person=get_person(agent.public_id), by=boss.role, actor="Bo", now=NOW)

        agent.refresh_from_db()
        assert (agent.is_active, agent.left_at) == (False, NOW)
        with pytest.raises(NotAMember):
            get_membership(user=member.user)

        reactivate_person(person=get_person(agent.public_id), by=boss.role, actor="Bo", now=NOW)

        agent.refresh_from_db()
        assert (agent.is_active, agent.is_schedulable) == (True, False)
        assert get_membership(user=member.user) == member
        kinds = list(Event.objects.filter(kind__startswith="member.").order_by("id").values_list("kind", flat=True))
        assert kinds == ["member.deactivated", "member.reactivated"]

    def test_takes_the_person_out_of_turn_until_they_can_be_booked_again(
        self, account: Account, boss: Membership
    ) -> None:
        agent = make_agent(account)
        make_team(account, [agent])

        deactivate_person(person=get_person(agent.public_id), by=boss.role, actor="Bo", now=NOW)
        [[since, until]] = TeamMember.objects.get().away
        reactivate_person(person=get_person(agent.public_id), by=boss.role, actor="Bo", now=NOW)

        assert since == NOW.timestamp() < until
        assert TeamMember.objects.get().away == [[since, until]]

    def test_is_told_once(self, account: Account, boss: Membership) -> None:
        person = person_of_member(make_member(account, "user"))

        for _ in range(2):
            deactivate_person(person=person, by=boss.role, actor="Bo", now=NOW)

        assert Event.objects.filter(kind="member.deactivated").count() == 1

    def test_is_not_for_the_last_administrator(self, boss: Membership) -> None:
        with pytest.raises(LastAdministrator):
            deactivate_person(person=person_of_member(boss), by=boss.role, actor="Bo", now=NOW)

    def test_of_an_administrator_is_for_administrators(self, account: Account, boss: Membership) -> None:
        make_member(account)

        with pytest.raises(NotYoursToGive):
            deactivate_person(
                person=person_of_member(boss), by=make_member(account, "dispatcher").role, actor="Eve", now=NOW
            )


class TestPeople:
    def test_are_members_agents_and_both_each_once(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "user")
        both = make_agent(account, "Ann", membership=member)
        alone = make_agent(account, "Ben")

        people = list_people()

        assert [person.public_id for person in people] == [both.public_id, alone.public_id, boss.public_id]
        assert get_person(member.public_id).agent == both

    def test_agents_are_linked_with_members_of_their_address(self, account: Account, boss: Membership) -> None:
        agent = make_agent(account, email=boss.user.email.upper())
        twin = make_agent(account, email=boss.user.email)

        link_by_email([twin, agent])

        assert Agent.objects.get(pk=agent.pk).membership == boss
        assert Agent.objects.get(pk=twin.pk).membership is None
