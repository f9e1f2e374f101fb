"""Name and language of a member: their own, or somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.joining import become_agent
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account, Language, Membership, User
from slotdesk.domain.tenants.scope import all_accounts
from slotdesk.web.staff.pages import Clock
from tests.support.factories import NOW, make_account
from tests.support.members import give_place, make_member, signed_in, text_of

SignIn = Callable[[str], Client]
PROFILE = "/app/profile/"

pytestmark = pytest.mark.django_db(transaction=True)


def change(browser: Client, member: Membership, **fields: str) -> Any:
    return browser.post(f"/app/users/{member.public_id}/details/", {"name": "Kim Doe", "language": "fr"} | fields)


def name_of(member: Membership) -> tuple[str, str]:
    user = User.objects.get(pk=member.user_id)
    return user.name, user.language


class TestChangingSomebodyElses:
    def test_is_stored_and_told(self, account: Account, sign_in: SignIn) -> None:
        member = make_member(account, "user")

        assert change(sign_in("dispatcher"), member).status_code == 302

        assert name_of(member) == ("Kim Doe", "fr")
        event = Event.objects.get(kind="member.changed")
        assert (event.subject, event.actor) == (member.public_id, "The dispatcher")
        assert event.changes == {"name": ["The user", "Kim Doe"], "language": ["en", "fr"]}

    def test_of_an_administrator_takes_an_administrator(self, account: Account, sign_in: SignIn) -> None:
        boss = make_member(account)

        dispatcher, url = sign_in("dispatcher"), f"/app/users/{boss.public_id}/"
        assert change(dispatcher, boss).status_code == 403
        assert dispatcher.get(f"{url}details/").status_code == 403
        assert f"{url}details/" not in text_of(dispatcher.get(url))
        assert change(sign_in("administrator"), boss).status_code == 302

    def test_is_what_clients_read_where_the_psa_never_named_the_person(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        here, there = make_member(account, "user"), make_member(account, "user")
        made = become_agent(member=here, actor="Alex", now=NOW)
        Agent.objects.filter(pk=agent.pk).update(membership=there, psa_hours=[])

        for member in (here, there):
            change(sign_in("administrator"), member)

        made.refresh_from_db()
        agent.refresh_from_db()
        assert (made.name, agent.name) == ("Kim Doe", "Maria Schmidt")

    def test_of_somebody_in_another_account_too_is_theirs_alone(self, account: Account, sign_in: SignIn) -> None:
        member = make_member(account, "user")
        with all_accounts():
            give_place(make_account("Another MSP"), member.user)

        answer = change(sign_in("administrator"), member)

        assert answer.status_code == 422
        assert "belongs to another account too" in text_of(answer)
        assert 'value="Kim Doe"' in text_of(answer)
        assert name_of(member) == ("The user", "en")

    @pytest.mark.parametrize(
        "wrong", [{"name": " "}, {"name": "Ana Ruiz (Client)"}, {"name": "x" * 121}, {"language": "xx"}]
    )
    def test_refuses_what_would_mislead(self, account: Account, sign_in: SignIn, wrong: dict[str, str]) -> None:
        member = make_member(account, "user")

        assert change(sign_in("administrator"), member, **wrong).status_code == 422
        assert name_of(member) == ("The user", "en")

    def test_is_not_for_agents_whom_the_psa_names(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        answer = sign_in("administrator").get(f"/app/users/{agent.public_id}/details/", follow=True)

        assert "their name comes from the PSA" in text_of(answer)


class TestOnesOwn:
    @pytest.mark.parametrize("role", ["administrator", "dispatcher", "user", "finance"])
    def test_is_everybodys(self, account: Account, role: str) -> None:
        browser = signed_in(account, role)

        browser.post(PROFILE, {"name": "Kim Doe", "language": "de"})

        assert "Kim Doe" in text_of(browser.get("/app/requests/"))

    def test_holds_in_every_account_of_theirs(self, account: Account) -> None:
        browser = signed_in(account, "user")
        user = User.objects.latest("pk")
        with all_accounts():
            give_place(make_account("Another MSP"), user)

        assert browser.post(PROFILE, {"name": "Kim Doe", "language": "de"}).status_code == 302


class TestDates:
    @pytest.mark.parametrize(
        ("language", "written"),
        [
            ("en", "Tue 4 May"),
            ("es", "mar, 4 may"),
            ("fr", "mar. 4 mai"),
            ("de", "Di., 4. Mai"),
            ("pt-br", "ter., 4 de mai."),
        ],
    )
    def test_are_written_in_the_members_language(self, language: str, written: str) -> None:
        clock = Clock(zone="UTC", country="DE", today=datetime(2027, 5, 1, tzinfo=UTC).date(), language=language)

        assert clock.day(datetime(2027, 5, 4, 12, tzinfo=UTC)) == written

    @pytest.mark.parametrize("language", Language.values)
    def test_can_be_written_in_each_with_the_year_of_another_one(self, language: str) -> None:
        clock = Clock(zone="UTC", country="DE", today=NOW.date(), language=language)

        assert clock.day(datetime(2029, 5, 4, 12, tzinfo=UTC))
        assert "2029" in clock.day(datetime(2029, 5, 4, 12, tzinfo=UTC))

    def test_say_on_the_page_in_which_language_they_are(self, account: Account, request_: SchedulingRequest) -> None:
        browser = signed_in(account)
        browser.post(PROFILE, {"name": "Kim Doe", "language": "de"})

        page = text_of(browser.get(f"/app/requests/{request_.public_id}/"))

        assert 'lang="de" dir="auto">Mo., 3. Mai, 9:00 AM</time>' in page
