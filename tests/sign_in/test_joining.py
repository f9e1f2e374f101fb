"""Joining one's firm's account by oneself, with a proved address of its domain."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from slotdesk.domain.messages.staff_mail import send_invitation
from slotdesk.domain.people.invitations import SEND, invite_people
from slotdesk.domain.people.join_domains import ASK, BadDomain, add_join_domain, invite_by_domain
from slotdesk.domain.tenants.models import Account, Invitation, JoinDomain, Membership, Role, User
from slotdesk.domain.tenants.scope import active
from tests.support.members import give_place, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


def allow(account: Account, domain: str = "summit.example") -> None:
    with active(account):
        boss, role = Role.objects.get(key="administrator"), Role.objects.get(key="dispatcher")
        add_join_domain(account=account, domain=domain, role=role, by=boss, actor="Alex", now=datetime.now(UTC))


def ask(email: str, browser: Client | None = None) -> str:
    """Send the form, and let the worker do what follows. Returns the page."""
    answer = (browser or Client(HTTP_HOST="localhost")).post("/accounts/join/", {"email": email})
    now = datetime.now(UTC)
    for job in ProcrastinateJob.objects.filter(task_name=ASK):
        invite_by_domain(**job.args, now=now)
    for job in ProcrastinateJob.objects.filter(task_name=SEND):
        send_invitation(**job.args, now=now)
    return text_of(answer)


class TestJoining:
    def test_takes_a_link_to_the_address_and_gives_the_domains_role(self, account: Account) -> None:
        allow(account)
        browser = Client(HTTP_HOST="localhost")

        ask("Kim@Summit.example", browser)
        [link] = re.findall(r"http://localhost:8000(/join/\S+)", str(mail.outbox[0].body))
        browser.post(link, {"name": "Kim Doe", "password": PASSWORD}, follow=True)

        with active(account):
            member = Membership.objects.select_related("user", "role").get()
        assert (member.user.email, member.role.key) == ("kim@summit.example", "dispatcher")
        assert "Kim Doe" in text_of(browser.get("/app/requests/"))

    def test_says_the_same_to_everybody(self, account: Account) -> None:
        allow(account)
        give_place(account, User.objects.create_user("dana@summit.example"), "user")

        pages = {
            email: ask(email).replace(email, "…")
            for email in ("dana@summit.example", "new@summit.example", "a@elsewhere.example")
        }

        assert len(set(pages.values())) == 1
        assert [message.to for message in mail.outbox] == [["new@summit.example"]]
        assert ProcrastinateJob.objects.filter(task_name=ASK).count() == 3

    def test_makes_nobody_before_the_address_is_proved(self, account: Account) -> None:
        allow(account)

        ask("kim@summit.example")

        assert not User.objects.filter(email="kim@summit.example").exists()

    def test_leaves_an_invitation_as_the_administrator_made_it(self, account: Account) -> None:
        allow(account)
        with active(account):
            boss, role = Role.objects.get(key="administrator"), Role.objects.get(key="finance")
            invite_people(
                account=account,
                emails=["kim@summit.example"],
                role=role,
                team_ids=[],
                by=boss,
                actor="Alex",
                now=datetime.now(UTC),
            )

        ask("kim@summit.example")

        with active(account):
            assert Invitation.objects.select_related("role").get().role.key == "finance"

    def test_is_refused_when_asked_for_too_often(self, account: Account) -> None:
        for number in range(25):
            answer = Client(HTTP_HOST="localhost").post("/accounts/join/", {"email": f"kim{number}@summit.example"})

        assert answer.status_code == 429


class TestDomains:
    def test_are_added_and_removed_by_an_administrator(self, account: Account) -> None:
        boss = signed_in(account)
        with active(account):
            role = Role.objects.get(key="user").public_id

        boss.post("/app/settings/security/join/add/", {"domain": "@Summit.example", "role": role})
        page = text_of(boss.get("/app/settings/security/"))
        boss.post("/app/settings/security/join/remove/", {"domain": "summit.example"})

        assert "summit.example<span" in page
        with active(account):
            assert not JoinDomain.objects.exists()

    @pytest.mark.parametrize("domain", ["gmail.com", "not a domain", "localhost", ""])
    def test_are_refused_when_everybody_or_nobody_has_an_address_there(self, account: Account, domain: str) -> None:
        with pytest.raises(BadDomain):
            allow(account, domain)

    def test_make_nobody_an_administrator(self, account: Account) -> None:
        with active(account):
            boss = Role.objects.get(key="administrator")
            with pytest.raises(BadDomain):
                add_join_domain(
                    account=account, domain="summit.example", role=boss, by=boss, actor="Alex", now=datetime.now(UTC)
                )

    def test_cannot_give_more_than_the_giver_has(self, account: Account) -> None:
        browser = signed_in(account, "user")
        with active(account):
            helper = Role.objects.create(account=account, name="Security", permissions=["security.edit"])
            Membership.objects.update(role=helper)
            dispatcher = Role.objects.get(key="dispatcher")

        answer = browser.post(
            "/app/settings/security/join/add/", {"domain": "summit.example", "role": dispatcher.public_id}
        )

        assert answer.status_code == 302
        with active(account):
            assert not JoinDomain.objects.exists()
