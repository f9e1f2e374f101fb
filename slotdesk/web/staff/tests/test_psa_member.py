"""Who somebody is in the PSA, on their page."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account, Membership
from tests.support.factories import make_account, make_agent
from tests.support.members import make_member, text_of

SignIn = Callable[[str], Client]


def url_of(public_id: str) -> str:
    return f"/app/users/{public_id}/psa-member/"


class TestPsaMember:
    def test_is_chosen_for_a_member_and_taken_back(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account, "user")
        assert "Choose who they are there" in text_of(browser.get(f"/app/users/{member.public_id}/"))

        answer = browser.post(url_of(member.public_id), {"chosen": agent.public_id}, follow=True)

        agent.refresh_from_db()
        assert agent.membership == member
        assert "Change who they are there" in text_of(answer)
        browser.post(url_of(member.public_id), {"chosen": "nobody"})
        agent.refresh_from_db()
        assert agent.membership is None

    def test_is_chosen_from_the_technicians_page_too(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        member = make_member(account, "user")

        sign_in("dispatcher").post(url_of(agent.public_id), {"chosen": member.public_id})

        agent.refresh_from_db()
        assert agent.membership == member

    def test_that_is_an_administrator_is_no_dispatchers_to_choose(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        member = make_member(account, "administrator")

        answer = sign_in("dispatcher").post(url_of(agent.public_id), {"chosen": member.public_id})

        assert answer.status_code == 422
        assert "Only somebody who may do it themselves" in text_of(answer)
        agent.refresh_from_db()
        assert agent.membership is None

    def test_is_nobody_of_another_account(self, account: Account, sign_in: SignIn) -> None:
        foreign, member = make_agent(make_account("Other MSP")), make_member(account, "user")

        assert sign_in("administrator").post(url_of(member.public_id), {"chosen": foreign.public_id}).status_code == 422


class TestHoursHere:
    def test_are_given_to_a_member_who_is_nobody_in_the_psa(self, account: Account, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account, "user")
        assert "Clients cannot book" in text_of(browser.get(f"/app/users/{member.public_id}/"))

        answer = browser.post(f"/app/users/{member.public_id}/calendar/")

        agent = Agent.objects.get(membership=member)
        assert answer.headers["Location"] == f"/app/users/{agent.public_id}/hours/"

    def test_are_not_given_to_somebody_who_left(self, account: Account, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account, "user")
        Membership.objects.filter(pk=member.pk).update(left_at=member.created_at)

        answer = browser.post(f"/app/users/{member.public_id}/calendar/", follow=True)

        assert "Reactivate them first" in text_of(answer)
        assert not Agent.objects.filter(membership=member).exists()
