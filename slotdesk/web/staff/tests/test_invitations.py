"""Users → Invite users."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from slotdesk.domain.messages.staff_mail import send_invitation
from slotdesk.domain.people.invitations import LIFETIME
from slotdesk.domain.tenants.models import Account, Invitation, Membership, Role, User
from tests.support.factories import NOW, make_invitation, make_team
from tests.support.members import text_of

SignIn = Callable[[str], Client]
URL = "/app/invitations/"


def entered(emails: str, **more: object) -> dict[str, object]:
    return {"emails": emails, "role": Role.objects.get(key="dispatcher").public_id, **more}


class TestInvite:
    def test_takes_a_pasted_list_with_role_and_teams(self, account: Account, sign_in: SignIn) -> None:
        team = make_team(account, [])
        pasted = "Ann Lee <Ann@summit.example>; ben@summit.example,\n ben@summit.example\tcem@summit.example"

        answer = sign_in("administrator").post(f"{URL}new/", entered(pasted, teams=[team.public_id]), follow=True)

        invited = Invitation.objects.order_by("email")
        assert [each.email.partition("@")[0] for each in invited] == ["ann", "ben", "cem"]
        assert {each.role.key for each in invited} == {"dispatcher"}
        assert invited[0].team_ids == [team.public_id]
        assert "3 people invited" in text_of(answer)

    def test_writes_to_them(self, account: Account, sign_in: SignIn) -> None:
        sign_in("administrator").post(f"{URL}new/", entered("ann@summit.example"))

        send_invitation(invitation_id=Invitation.objects.get().pk, now=NOW)

        assert mail.outbox[0].to == ["ann@summit.example"]
        assert mail.outbox[0].subject == "The administrator invites you to Summit MSP on Slotdesk"

    @pytest.mark.parametrize(
        ("emails", "words"),
        [
            ("ann@summit.example, ben", "Not an e-mail address: ben"),
            ("  ", "This field is required"),
            (" ".join(f"p{number}@summit.example" for number in range(101)), "At most 100 at a time"),
        ],
    )
    def test_names_what_is_wrong_and_invites_nobody(
        self, account: Account, sign_in: SignIn, emails: str, words: str
    ) -> None:
        answer = sign_in("administrator").post(f"{URL}new/", entered(emails))

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert not Invitation.objects.exists()

    def test_answers_the_same_whether_or_not_somebody_signs_in_with_the_address_elsewhere(
        self, account: Account, sign_in: SignIn
    ) -> None:
        User.objects.create_user("known@elsewhere.example")
        browser = sign_in("administrator")

        known, unknown = (
            text_of(browser.post(f"{URL}new/", entered(email), follow=True)).replace(email, "…")
            for email in ("known@elsewhere.example", "unknown@elsewhere.example")
        )

        assert known.count("1 person invited") == unknown.count("1 person invited") == 1
        assert "Here already" not in known

    def test_offers_no_role_that_allows_more_than_one_s_own(self, account: Account, sign_in: SignIn) -> None:
        inviter = Role.objects.create(account=account, name="Inviter", permissions=["users.view", "users.add"])
        browser = sign_in("user")
        Membership.objects.filter(role__key="user").update(role=inviter)
        administrator = Role.objects.get(key="administrator")

        answer = browser.post(f"{URL}new/", {"emails": "eve@summit.example", "role": administrator.public_id})

        assert answer.status_code == 422
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize("role", ["dispatcher", "user", "finance"])
    def test_is_not_for_every_role(self, account: Account, sign_in: SignIn, role: str) -> None:
        browser = sign_in(role)

        assert browser.post(f"{URL}new/", entered("eve@summit.example")).status_code == 403
        assert not Invitation.objects.exists()


class TestOpenInvitations:
    def test_show_how_they_stand(self, account: Account, sign_in: SignIn) -> None:
        browser, sent = sign_in("administrator"), make_invitation(account, "sent@summit.example")
        make_invitation(account, "waiting@summit.example")
        make_invitation(account, "late@summit.example", now=NOW - LIFETIME)
        Invitation.objects.filter(pk=sent.pk).update(sent_at=NOW)
        make_invitation(account, "wrong@summit.example")
        Invitation.objects.filter(email="wrong@summit.example").update(problem="The mail server refused it.")

        page = text_of(browser.get(URL))

        assert all(words in page for words in ("Sent", "Being sent", "Expired", "The mail server refused it."))

    def test_can_be_sent_again(self, account: Account, sign_in: SignIn) -> None:
        invitation = make_invitation(account, now=NOW - LIFETIME)

        sign_in("administrator").post(f"{URL}{invitation.public_id}/renewal/")

        invitation.refresh_from_db()
        assert invitation.expires_at == NOW + LIFETIME

    def test_can_be_taken_back(self, account: Account, sign_in: SignIn) -> None:
        browser, invitation = sign_in("administrator"), make_invitation(account)

        browser.post(f"{URL}{invitation.public_id}/revocation/")

        invitation.refresh_from_db()
        assert invitation.revoked_at == NOW
        assert "No open invitations" in text_of(browser.get(URL))

    def test_say_when_it_was_too_late(self, account: Account, sign_in: SignIn) -> None:
        browser, invitation = sign_in("administrator"), make_invitation(account)
        Invitation.objects.update(accepted_at=NOW)

        with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
            answers = [
                text_of(browser.post(f"{URL}{invitation.public_id}/{what}/", follow=True))
                for what in ("renewal", "revocation")
            ]

        assert "was accepted meanwhile" in answers[0]
        assert "Deactivate the person instead" in answers[1]
