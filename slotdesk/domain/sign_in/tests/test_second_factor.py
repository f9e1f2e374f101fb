"""Until when members have time for a second factor, and how one is taken away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from slotdesk.domain.events.models import Event
from slotdesk.domain.sign_in.mails import SEND_RESET_NOTICE, send_second_factor_notice
from slotdesk.domain.sign_in.second_factor import (
    GRACE,
    AdministratorsOnly,
    PlacesElsewhere,
    ask_for_second_factor,
    find_deadline,
    reset_second_factor,
)
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Account, Membership, SecondFactor
from slotdesk.domain.tenants.scope import active
from tests.support.factories import make_account
from tests.support.members import give_place, make_member, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2027, 5, 3, 13, tzinfo=UTC)


@pytest.fixture
def account(transactional_db: None) -> Account:
    return make_account()


def joined(account: Account, role: str, at: datetime) -> Membership:
    """A member who came at that time, read anew with the account as it is now."""
    member = make_member(account, role)
    with active(account):
        Membership.objects.filter(pk=member.pk).update(created_at=at)
        return Membership.objects.select_related("account", "role").get(pk=member.pk)


def again(member: Membership) -> Membership:
    with active(member.account):
        return Membership.objects.select_related("account", "role").get(pk=member.pk)


def ask(account: Account, whom: SecondFactor, now: datetime = NOW) -> None:
    with active(account):
        ask_for_second_factor(account=account, whom=whom, actor="Alex", now=now)


def give_factor(member: Membership) -> None:
    Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data={"secret": "x"})


class TestDeadline:
    def test_is_not_there_while_nobody_is_asked(self, account: Account) -> None:
        assert find_deadline(joined(account, "administrator", NOW)) is None

    def test_is_seven_days_after_the_asking(self, account: Account) -> None:
        member = joined(account, "user", NOW - timedelta(days=100))
        ask(account, SecondFactor.EVERYBODY)

        assert find_deadline(again(member)) == NOW + GRACE

    def test_is_seven_days_after_somebody_came_later(self, account: Account) -> None:
        ask(account, SecondFactor.EVERYBODY)
        came = NOW + timedelta(days=30)

        assert find_deadline(joined(account, "user", came)) == came + GRACE

    def test_is_for_administrators_alone_when_only_they_are_asked(self, account: Account) -> None:
        ask(account, SecondFactor.ADMINISTRATORS)

        assert find_deadline(joined(account, "dispatcher", NOW)) is None
        assert find_deadline(joined(account, "administrator", NOW)) == NOW + GRACE

    def test_is_gone_with_a_second_factor_but_not_with_recovery_codes_alone(self, account: Account) -> None:
        ask(account, SecondFactor.EVERYBODY)
        member = joined(account, "user", NOW)
        Authenticator.objects.create(user=member.user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
        assert find_deadline(member) is not None

        give_factor(member)

        assert find_deadline(member) is None

    def test_does_not_begin_again_when_fewer_are_asked(self, account: Account) -> None:
        ask(account, SecondFactor.EVERYBODY)
        ask(account, SecondFactor.ADMINISTRATORS, NOW + timedelta(days=5))

        assert find_deadline(joined(account, "administrator", NOW - timedelta(days=1))) == NOW + GRACE

    def test_begins_anew_for_those_who_were_not_asked_before(self, account: Account) -> None:
        ask(account, SecondFactor.ADMINISTRATORS)
        ask(account, SecondFactor.EVERYBODY, NOW + timedelta(days=30))

        assert find_deadline(joined(account, "user", NOW)) == NOW + timedelta(days=37)


class TestReset:
    def test_takes_all_factors_away_and_tells_the_person(self, account: Account) -> None:
        boss, member = joined(account, "administrator", NOW), joined(account, "user", NOW)
        give_factor(member)

        with active(account):
            reset_second_factor(member=member, by=boss, actor=Actor("Alex Stone", address="203.0.113.9"), now=NOW)

        assert not Authenticator.objects.filter(user=member.user).exists()
        with active(account):
            event = Event.objects.get(kind="user.second_factor_reset")
        assert (event.subject, event.address) == (member.public_id, "203.0.113.9")
        send_second_factor_notice(**ProcrastinateJob.objects.get(task_name=SEND_RESET_NOTICE).args)
        [message] = mail.outbox
        assert message.to == [member.user.email]
        assert "Alex Stone has reset" in str(message.body)

    def test_ends_the_sessions_of_the_person(self, account: Account) -> None:
        boss, member = joined(account, "administrator", NOW), joined(account, "user", NOW)
        give_factor(member)
        browser = Client(HTTP_HOST="localhost")
        sign_in(browser, member.user)
        assert browser.get("/app/requests/").status_code == 200

        with active(account):
            reset_second_factor(member=member, by=boss, actor=Actor("Alex Stone"), now=NOW)

        assert browser.get("/app/requests/").headers["Location"].startswith("/accounts/login/")

    def test_of_an_administrator_takes_an_administrator(self, account: Account) -> None:
        boss, helper = joined(account, "administrator", NOW), joined(account, "dispatcher", NOW)
        give_factor(boss)

        with active(account), pytest.raises(AdministratorsOnly):
            reset_second_factor(member=boss, by=helper, actor=Actor("H"), now=NOW)

        assert Authenticator.objects.filter(user=boss.user).exists()

    def test_leaves_alone_who_belongs_to_another_account_too(self, account: Account) -> None:
        boss, member = joined(account, "administrator", NOW), joined(account, "user", NOW)
        give_factor(member)
        give_place(make_account(), member.user, "user")

        with active(account), pytest.raises(PlacesElsewhere):
            reset_second_factor(member=member, by=boss, actor=Actor("Alex"), now=NOW)

        assert Authenticator.objects.filter(user=member.user).exists()
