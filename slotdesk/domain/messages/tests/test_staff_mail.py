"""The e-mail that invites somebody into the account."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from slotdesk.domain.messages.staff_mail import list_unsent_invitations, send_invitation
from slotdesk.domain.people.invitations import (
    LIFETIME,
    invitation_link,
    invite_people,
    renew_invitation,
    revoke_invitation,
)
from slotdesk.domain.tenants.models import Account, Invitation, Role
from slotdesk.domain.tenants.scope import active
from slotdesk.ports.errors import Unreachable
from tests.support.factories import NOW, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def boss(account: Account) -> Role:
    return Role.objects.get(key="administrator")


@pytest.fixture
def invitation(account: Account, boss: Role) -> Invitation:
    emails = ["ann@summit.example"]
    return invite_people(account=account, emails=emails, role=boss, team_ids=[], by=boss, actor="Bo", now=NOW).sent[0]


class TestSendInvitation:
    def test_writes_the_link_to_the_address_once(self, invitation: Invitation) -> None:
        for _ in range(2):
            send_invitation(invitation_id=invitation.pk, now=NOW)

        (sent,) = mail.outbox
        invitation.refresh_from_db()
        assert sent.to == ["ann@summit.example"]
        assert invitation_link(invitation) in sent.body
        assert invitation.sent_at == NOW
        assert list_unsent_invitations(now=NOW) == []

    def test_writes_again_with_the_new_link_when_renewed(self, boss: Role, invitation: Invitation) -> None:
        send_invitation(invitation_id=invitation.pk, now=NOW)
        renew_invitation(invitation=invitation, by=boss, actor="Bo", now=NOW + timedelta(days=1))

        assert list_unsent_invitations(now=NOW) == [invitation.pk]
        send_invitation(invitation_id=invitation.pk, now=NOW + timedelta(days=1))

        first, second = mail.outbox
        assert first.body != second.body
        assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]

    def test_writes_nothing_when_it_is_over(self, invitation: Invitation) -> None:
        send_invitation(invitation_id=invitation.pk, now=NOW + LIFETIME)
        revoke_invitation(invitation=invitation, actor="Bo", now=NOW)
        send_invitation(invitation_id=invitation.pk, now=NOW)

        assert mail.outbox == []
        assert list_unsent_invitations(now=NOW) == []

    def test_is_tried_again_when_the_mail_server_is_away(self, invitation: Invitation) -> None:
        with mock.patch.object(EmailMultiAlternatives, "send", side_effect=OSError), pytest.raises(Unreachable):
            send_invitation(invitation_id=invitation.pk, now=NOW)

        assert list_unsent_invitations(now=NOW) == [invitation.pk]

    def test_is_given_up_when_the_address_is_refused(self, invitation: Invitation) -> None:
        refused = smtplib.SMTPRecipientsRefused({"ann@summit.example": (550, b"no such user")})
        with mock.patch.object(EmailMultiAlternatives, "send", side_effect=refused):
            send_invitation(invitation_id=invitation.pk, now=NOW)

        invitation.refresh_from_db()
        assert invitation.problem == "The mail server refused ann@summit.example."
        assert list_unsent_invitations(now=NOW) == []
