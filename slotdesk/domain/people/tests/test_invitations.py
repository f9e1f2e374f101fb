"""Inviting people, and their accepting it once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from slotdesk.domain.events.models import Event
from slotdesk.domain.people.invitations import (
    LIFETIME,
    InvitationClosed,
    InvitationState,
    Invited,
    SignInFirst,
    UnknownTeam,
    WrongPerson,
    accept_invitation,
    find_invitation,
    invitation_link,
    invite_people,
    list_open_invitations,
    renew_invitation,
    revoke_invitation,
    state_of,
)
from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Account, Invitation, Membership, Role, User
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_team
from tests.support.members import make_member

LATER = NOW + timedelta(hours=1)


def invite(boss: Membership, *emails: str, role: str = "user", teams: tuple[Team, ...] = ()) -> Invited:
    return invite_people(
        account=boss.account,
        emails=emails or ("ann@summit.example",),
        role=Role.objects.get(key=role),
        team_ids=[team.public_id for team in teams],
        by=boss.role,
        actor="Bo",
        now=NOW,
    )


def secret_of(invitation: Invitation) -> str:
    return invitation_link(invitation).rstrip("/").rpartition("/")[2]


@pytest.fixture
def invitation(boss: Membership) -> Invitation:
    return invite(boss).sent[0]


class TestInvitePeople:
    def test_invites_each_address_once(self, boss: Membership) -> None:
        invited = invite(boss, "Ann@summit.example ", "ann@summit.example", "ben@summit.example")

        assert [each.email for each in invited.sent] == ["ann@summit.example", "ben@summit.example"]
        assert Event.objects.filter(kind="invitation.sent").count() == 2

    def test_keeps_no_more_than_a_digest_of_the_secret(self, invitation: Invitation) -> None:
        secret = secret_of(invitation)

        assert secret not in str(Invitation.objects.values().get())
        assert secret not in str(list(Event.objects.values()))
        assert find_invitation(secret) == invitation
        assert find_invitation(secret[:-1] + "x") is None

    def test_gives_whoever_is_invited_already_a_new_link_role_and_week(self, boss: Membership) -> None:
        first = invite(boss).sent[0]
        Invitation.objects.update(expires_at=NOW)

        again = invite(boss, role="dispatcher").sent[0]

        assert (again.pk, again.role.key) == (first.pk, "dispatcher")
        assert again.expires_at == NOW + LIFETIME

    def test_says_who_is_a_member_already_and_writes_to_nobody_else(self, boss: Membership) -> None:
        invited = invite(boss, boss.user.email)

        assert (invited.sent, invited.members) == ([], [boss.user.email])

    def test_gives_no_role_that_allows_more_than_the_inviters_own(self, account: Account, boss: Membership) -> None:
        with pytest.raises(NotYoursToGive):
            invite(make_member(account, "dispatcher"), role="administrator")

        assert not Invitation.objects.exists()

    def test_refuses_teams_of_others_and_of_the_psa(self, account: Account, boss: Membership) -> None:
        mirrored = make_team(account, [], source="connectwise:board-1")
        other = make_account()
        with active(other):
            theirs = make_team(other, [])

        for team in (mirrored, theirs):
            with pytest.raises(UnknownTeam):
                invite(boss, teams=(team,))


class TestAccept:
    def test_gives_somebody_new_a_sign_in_and_the_role(self, invitation: Invitation) -> None:
        member = accept_invitation(
            invitation=invitation, user=None, name="Ann Lee", password="correct horse", now=LATER
        )

        assert (member.user.email, member.user.name, member.role.key) == ("ann@summit.example", "Ann Lee", "user")
        assert member.user.check_password("correct horse")
        event = Event.objects.get(kind="member.joined")
        assert (event.subject, event.member_id) == (member.public_id, member.public_id)

    def test_puts_the_person_into_the_teams(self, account: Account, boss: Membership) -> None:
        team = make_team(account, [])
        invitation = invite(boss, teams=(team,)).sent[0]

        member = accept_invitation(invitation=invitation, user=None, name="Ann Lee", now=LATER)

        place = TeamMember.objects.get(team=team)
        assert place.agent.membership == member
        assert not place.agent.is_schedulable
        assert place.away == [[0, int(LATER.timestamp())]]

    def test_joins_the_person_with_the_agent_of_their_address(self, account: Account, boss: Membership) -> None:
        agent = make_agent(account, email="Ann@summit.example")
        invitation = invite(boss).sent[0]

        member = accept_invitation(invitation=invitation, user=None, name="Ann Lee", now=LATER)

        assert Agent.objects.get(pk=agent.pk).membership == member

    def test_works_once(self, invitation: Invitation) -> None:
        accept_invitation(invitation=invitation, user=None, name="Ann Lee", now=LATER)

        with pytest.raises(InvitationClosed) as refusal:
            accept_invitation(invitation=invitation, user=None, name="Eve", now=LATER)

        assert refusal.value.state == InvitationState.ACCEPTED
        assert Membership.objects.filter(user__email="ann@summit.example").count() == 1

    def test_is_over_after_a_week(self, invitation: Invitation) -> None:
        with pytest.raises(InvitationClosed) as refusal:
            accept_invitation(invitation=invitation, user=None, name="Ann", now=NOW + LIFETIME)

        assert refusal.value.state == InvitationState.EXPIRED
        assert not User.objects.filter(email="ann@summit.example").exists()

    def test_is_over_when_it_was_taken_back(self, invitation: Invitation) -> None:
        revoke_invitation(invitation=invitation, actor="Bo", now=NOW)

        with pytest.raises(InvitationClosed) as refusal:
            accept_invitation(invitation=invitation, user=None, name="Ann", now=LATER)

        assert refusal.value.state == InvitationState.REVOKED

    def test_is_for_whoever_signs_in_with_that_address(self, account: Account, invitation: Invitation) -> None:
        ann = User.objects.create_user("ann@summit.example", "her own password", name="Ann")
        eve = User.objects.create_user("eve@summit.example")

        with pytest.raises(SignInFirst):
            accept_invitation(invitation=invitation, user=None, name="Eve", password="another", now=LATER)
        with pytest.raises(WrongPerson):
            accept_invitation(invitation=invitation, user=eve, now=LATER)
        accept_invitation(invitation=invitation, user=ann, now=LATER)

        ann.refresh_from_db()
        assert ann.check_password("her own password")
        assert list(Membership.objects.filter(account=account).exclude(role__key="administrator")) == [
            Membership.objects.get(user=ann)
        ]

    def test_brings_somebody_back_who_left(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "dispatcher")
        Membership.objects.filter(pk=member.pk).update(left_at=NOW)
        invitation = invite(boss, member.user.email).sent[0]

        back = accept_invitation(invitation=invitation, user=member.user, now=LATER)

        assert (back.pk, back.left_at, back.role.key) == (member.pk, None, "user")


class TestRenewAndRevoke:
    def test_a_renewed_link_replaces_the_one_before(self, boss: Membership, invitation: Invitation) -> None:
        old = secret_of(invitation)

        renew_invitation(invitation=invitation, by=boss.role, actor="Bo", now=NOW + LIFETIME)

        invitation.refresh_from_db()
        assert find_invitation(old) is None
        assert find_invitation(secret_of(invitation)) == invitation
        assert state_of(invitation, now=NOW + LIFETIME) == InvitationState.OPEN

    def test_what_is_over_is_not_renewed(self, boss: Membership, invitation: Invitation) -> None:
        revoke_invitation(invitation=invitation, actor="Bo", now=NOW)

        with pytest.raises(InvitationClosed):
            renew_invitation(invitation=invitation, by=boss.role, actor="Bo", now=NOW)
        assert list_open_invitations() == []

    def test_what_was_accepted_is_not_taken_back(self, invitation: Invitation) -> None:
        accept_invitation(invitation=invitation, user=None, name="Ann Lee", now=LATER)

        with pytest.raises(InvitationClosed):
            revoke_invitation(invitation=invitation, actor="Bo", now=LATER)
