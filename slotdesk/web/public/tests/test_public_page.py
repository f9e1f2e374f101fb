"""Personal and team pages, as visitors and search engines see them."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType, TypeResource
from slotdesk.domain.links.models import PublicPage
from slotdesk.domain.links.pages import Offer, get_page, save_page
from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_team, make_type

pytestmark = pytest.mark.django_db

NOT_THERE = "This link leads nowhere"


@pytest.fixture
def maria(agent: Agent) -> Agent:
    with active(agent.account):
        Agent.objects.filter(pk=agent.pk).update(slug="maria")
        agent.refresh_from_db()
    return agent


@pytest.fixture
def call(account: Account) -> AppointmentType:
    with active(account):
        return make_type(account, slug="call", external_name="A quick call", shareable="ticket", position=1)


def put_page(resource: Agent | Team, *offers: Offer, **fields: Any) -> PublicPage:
    with active(resource.account):
        page = get_page(resource)
        for name, value in ({"is_on": True} | fields).items():
            setattr(page, name, value)
        save_page(page=page, slug=resource.slug, offers=offers, actor="Alex", now=NOW)
    return page


def see(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def titles(page: str) -> list[str]:
    return [part.split("<bdi>", 1)[1].split("<", 1)[0] for part in page.split("<h3>")[1:]]


class TestPage:
    def test_is_off_until_somebody_turns_it_on(self, browser: Client, maria: Agent, call: AppointmentType) -> None:
        assert NOT_THERE in see(browser, "/maria/", 404)

        put_page(maria, is_on=False)
        assert NOT_THERE in see(browser, "/maria/", 404)

        put_page(maria)
        assert "Book a time with Maria Schmidt" in see(browser, "/maria/")
        assert "Book a time with Maria Schmidt" in see(browser, "/MARIA/")

    def test_leads_to_the_links_and_takes_the_campaign_along(
        self, browser: Client, maria: Agent, call: AppointmentType
    ) -> None:
        put_page(maria, title="Talk to Maria", text="Your account manager.")

        page = see(browser, "/maria/?utm_source=news+letter&utm_medium=mail&other=x")

        assert "Talk to Maria" in page
        assert "Your account manager." in page
        assert 'href="/maria/call/?utm_source=news+letter&utm_medium=mail"' in page
        assert "A quick call" in see(browser, "/maria/call/")

    def test_lists_what_may_be_booked_there_and_nothing_else(
        self, browser: Client, account: Account, maria: Agent, call: AppointmentType
    ) -> None:
        with active(account):
            other = make_agent(account, "Jordan Doe")
            make_type(account, internal_name="Not shared")
            make_type(account, internal_name="Archived", shareable="ticket", is_archived=True)
            make_type(account, internal_name="Without an address", shareable="ticket", slug="")
            hers = make_type(account, internal_name="Hers", shareable="activity", position=2)
            TypeResource.objects.create(appointment_type=hers, agent=maria)
            TypeResource.objects.create(appointment_type=hers, agent=other)
            his = make_type(account, internal_name="His", shareable="ticket")
            TypeResource.objects.create(appointment_type=his, agent=other)
        put_page(maria)

        assert titles(see(browser, "/maria/")) == ["A quick call", "Hers"]

    def test_keeps_to_its_own_order_and_words_and_adds_new_types_last(
        self, browser: Client, account: Account, maria: Agent, call: AppointmentType
    ) -> None:
        with active(account):
            review, visit = (
                make_type(account, internal_name=name, shareable="ticket", position=9) for name in ("Review", "Visit")
            )
        put_page(maria, Offer(review, "Once a quarter."), Offer(visit, is_hidden=True), Offer(call))
        with active(account):
            make_type(account, internal_name="New", shareable="ticket", position=0)

        page = see(browser, "/maria/")

        assert titles(page) == ["Review", "A quick call", "New"]
        assert "Once a quarter." in page

    def test_remembers_what_it_says_of_a_type_that_is_off_for_now(
        self, account: Account, maria: Agent, call: AppointmentType
    ) -> None:
        page = put_page(maria, Offer(call, "Words"))

        put_page(maria)

        with active(account):
            assert [(entry.appointment_type, entry.text) for entry in page.entries.all()] == [(call, "Words")]

    @pytest.mark.parametrize("fields", [{"is_schedulable": False}, {"zone": ""}])
    def test_says_so_when_nobody_can_be_booked(
        self, browser: Client, maria: Agent, call: AppointmentType, fields: dict[str, Any]
    ) -> None:
        put_page(maria)
        with active(maria.account):
            Agent.objects.filter(pk=maria.pk).update(**fields)

        page = see(browser, "/maria/")

        assert "Nothing can be booked here right now" in page
        assert "help@summit.example" in page
        assert titles(page) == []

    def test_is_gone_with_whoever_has_left(self, browser: Client, maria: Agent, call: AppointmentType) -> None:
        put_page(maria)
        with active(maria.account):
            Agent.objects.filter(pk=maria.pk).update(is_active=False)

        assert NOT_THERE in see(browser, "/maria/", 404)

    def test_asks_no_more_of_the_database_for_more_types(
        self, browser: Client, maria: Agent, call: AppointmentType, django_assert_max_num_queries: Any
    ) -> None:
        put_page(maria)
        with active(maria.account):
            for _ in range(20):
                make_type(maria.account, shareable="ticket")

        with django_assert_max_num_queries(12):
            see(browser, "/maria/")


class TestTeamPage:
    def test_names_the_team_as_clients_know_it_and_nobody_of_it(
        self, browser: Client, account: Account, maria: Agent, call: AppointmentType
    ) -> None:
        with active(account):
            team = make_team(account, [maria], internal_name="T1", external_name="Our help desk", slug="help-desk")
        put_page(team)

        page = see(browser, "/help-desk/")

        assert "Our help desk" in page
        assert 'href="/help-desk/call/"' in page
        assert "T1" not in page
        assert "Maria" not in page

    def test_offers_nothing_while_all_of_it_pause(
        self, browser: Client, account: Account, maria: Agent, call: AppointmentType
    ) -> None:
        with active(account):
            team = make_team(account, [maria], slug="help-desk")
            TeamMember.objects.update(is_paused=True)
        put_page(team)

        assert titles(see(browser, "/help-desk/")) == []

    def test_is_gone_with_the_team(self, browser: Client, account: Account, maria: Agent) -> None:
        with active(account):
            team = make_team(account, [maria], slug="help-desk")
        put_page(team)
        with active(account):
            Team.objects.update(is_active=False)

        see(browser, "/help-desk/", 404)


class TestAddress:
    def test_of_a_further_account_has_its_name_and_leads_nowhere_without(
        self, browser: Client, account: Account, maria: Agent
    ) -> None:
        other = make_account("Other MSP", slug="other")
        with active(other):
            theirs = make_agent(other, "Theo Third", slug="theo")
            make_type(other, slug="call", shareable="ticket")
        put_page(theirs)

        assert NOT_THERE in see(browser, "/theo/", 404)
        assert NOT_THERE in see(browser, "/@nobody/theo/", 404)
        page = see(browser, "/@other/theo/")
        assert 'href="/@other/theo/call/"' in page
        assert f'content="{settings.PUBLIC_URL}/@other/theo/"' in page

    def test_that_names_several_has_no_page(self, browser: Client, maria: Agent) -> None:
        put_page(maria)

        assert browser.get("/maria,maria/").status_code == 404

    def test_takes_along_what_fills_in_the_form(self, browser: Client, maria: Agent, call: AppointmentType) -> None:
        put_page(maria)

        page = see(browser, "/maria/?name=Nina+New&answer_device=Laptop")

        assert 'href="/maria/call/?name=Nina+New&answer_device=Laptop"' in page

    def test_leads_on_without_its_last_slash(self, browser: Client, maria: Agent) -> None:
        put_page(maria)

        assert browser.get("/maria?utm_source=x").headers["Location"] == "/maria/?utm_source=x"


class TestSearchEngines:
    def test_are_kept_out_until_the_page_lets_them_in(self, browser: Client, maria: Agent) -> None:
        put_page(maria)
        assert '<meta name="robots" content="noindex, nofollow">' in see(browser, "/maria/")

        put_page(maria, is_listed=True)
        assert '<meta name="robots" content="index, follow">' in see(browser, "/maria/")

    def test_and_messengers_are_told_what_the_page_is(self, browser: Client, account: Account, maria: Agent) -> None:
        Profile.objects.create(account=account, logo_digest="abc", logo_width=10, logo_height=10)
        put_page(maria, title='Talk to "Maria"', description="Times & more.")

        page = browser.get("/maria/").content.decode()

        assert '<meta name="description" content="Times &amp; more.">' in page
        assert '<meta property="og:title" content="Talk to &quot;Maria&quot;">' in page
        assert '<meta property="og:description" content="Times &amp; more.">' in page
        assert f'<meta property="og:url" content="{settings.PUBLIC_URL}/maria/">' in page
        image = f"{settings.PUBLIC_URL}/brand/{account.public_id}/abc.png"
        assert f'<meta property="og:image" content="{image}">' in page

    def test_read_the_text_where_there_is_no_description_and_no_picture_without_a_logo(
        self, browser: Client, maria: Agent
    ) -> None:
        put_page(maria, text="One line.\nAnother " + "x" * 300)

        page = see(browser, "/maria/")

        assert 'content="One line. Another xxx' in page
        assert "x" * 200 not in page.split("</head>", maxsplit=1)[0]
        assert "og:image" not in page
