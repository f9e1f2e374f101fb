"""The codes with which links and pages are shown on websites."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.embedding import save_websites
from slotdesk.domain.tenants.models import Account
from tests.support.factories import NOW, make_team
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
SCRIPT = f'<script async src="{settings.PUBLIC_URL}/embed.js"></script>'

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(half_hour: AppointmentType, agent: Agent) -> AppointmentType:
    """A call that can be booked by link with Maria."""
    Agent.objects.update(slug="maria")
    AppointmentType.objects.update(slug="call", shareable="activity", external_name="A “quick” call")
    half_hour.refresh_from_db()
    return half_hour


def url_of(call: AppointmentType, query: str = "") -> str:
    return f"/app/types/{call.public_id}/embedding/{query}"


def codes_of(page: str) -> list[str]:
    return [unescape(code) for code in re.findall(r'<pre class="embed-source"[^>]*>([^<]*)</pre>', page)]


class TestCodes:
    def test_are_three_with_the_links_address_and_the_accounts_colour(
        self, account: Account, sign_in: SignIn, call: AppointmentType
    ) -> None:
        Account.objects.update(brand_color="#ffd000")
        link = f"{settings.PUBLIC_URL}/maria/call"

        page = sign_in("dispatcher").get(url_of(call, "?for=maria"))

        assert "A “quick” call with Maria Schmidt" in text_of(page)
        assert codes_of(page.content.decode()) == [
            f'<slotdesk-booking src="{link}"></slotdesk-booking>\n{SCRIPT}',
            f'<a href="{link}" data-slotdesk-popup>Book a time</a>\n{SCRIPT}',
            f'<slotdesk-booking mode="button" src="{link}" color="#ffd000" text-color="#000000"></slotdesk-booking>'
            f"\n{SCRIPT}",
        ]

    def test_say_what_was_chosen_and_let_nothing_break_out(
        self, account: Account, sign_in: SignIn, call: AppointmentType
    ) -> None:
        query = '?for=maria&label="><b>Talk&theme=dark&lang=de&position=top-left'

        inline, popup, button = codes_of(sign_in("administrator").get(url_of(call, query)).content.decode())

        assert 'theme="dark" lang="de">' in inline
        assert 'data-slotdesk-theme="dark" data-slotdesk-lang="de">&quot;&gt;&lt;b&gt;Talk</a>' in popup
        assert 'label="&quot;&gt;&lt;b&gt;Talk" position="top-left"' in button

    def test_are_for_whom_the_link_asks(
        self, account: Account, sign_in: SignIn, call: AppointmentType, agent: Agent
    ) -> None:
        make_team(account, [agent], slug="help-desk", external_name="The help desk")
        browser = sign_in("administrator")

        assert f'src="{settings.PUBLIC_URL}/maria,help-desk/call"' in unescape(
            browser.get(url_of(call, "?for=maria,help-desk")).content.decode()
        )
        assert browser.get(url_of(call, "?for=nobody")).status_code == 404
        assert len(codes_of(browser.get(url_of(call)).content.decode())) == 3

    def test_are_none_for_a_type_without_an_address(
        self, account: Account, sign_in: SignIn, half_hour: AppointmentType
    ) -> None:
        AppointmentType.objects.update(slug="")

        page = sign_in("administrator").get(url_of(half_hour))

        assert codes_of(page.content.decode()) == []
        assert "There is nothing to embed yet" in text_of(page)

    def test_come_with_a_warning_while_the_link_is_off(
        self, account: Account, sign_in: SignIn, call: AppointmentType
    ) -> None:
        AppointmentType.objects.update(shareable="off")

        assert "Shareable URLs are off" in text_of(sign_in("administrator").get(url_of(call)))


class TestHint:
    def test_leads_to_the_websites_while_none_is_let_in(
        self, account: Account, sign_in: SignIn, call: AppointmentType
    ) -> None:
        administrator, dispatcher = sign_in("administrator"), sign_in("dispatcher")

        assert 'href="/app/settings/embedding/">Let your website in' in administrator.get(url_of(call)).content.decode()
        assert "An administrator can let yours in" in text_of(dispatcher.get(url_of(call)))
        assert "<slotdesk-booking" not in administrator.get(url_of(call)).content.decode()

    def test_gives_way_to_a_preview_of_the_real_page(
        self, account: Account, sign_in: SignIn, call: AppointmentType
    ) -> None:
        save_websites(account=account, websites=["https://www.summit.example"], actor="Alex", now=NOW)

        page = sign_in("administrator").get(url_of(call)).content.decode()

        assert "No website may show" not in page
        assert '<slotdesk-booking src="/maria/call" theme="">' in page


class TestPages:
    def test_of_people_and_teams_have_codes_too(self, account: Account, sign_in: SignIn, agent: Agent) -> None:
        Agent.objects.update(slug="maria")
        agent.refresh_from_db()
        team = make_team(account, [agent], slug="help-desk")
        page = get_page(agent)
        page.is_on = True
        save_page(page=page, slug="maria", offers=[], actor="Alex", now=NOW)
        browser = sign_in("administrator")

        personal = browser.get(f"/app/users/{agent.public_id}/page/embedding/")
        of_team = browser.get(f"/app/teams/{team.public_id}/page/embedding/")

        assert f'src="{settings.PUBLIC_URL}/maria/"' in codes_of(personal.content.decode())[0]
        assert "The page is off" not in text_of(personal)
        assert f'src="{settings.PUBLIC_URL}/help-desk/"' in codes_of(of_team.content.decode())[0]
        assert "The page is off: turn it on first." in text_of(of_team)

    def test_are_ones_own_for_whoever_sees_no_others(self, account: Account, agent: Agent) -> None:
        own, stranger = signed_in(account, "user", agent=agent), signed_in(account, "user")
        url = f"/app/users/{agent.public_id}/page/embedding/"

        assert (own.get(url).status_code, stranger.get(url).status_code) == (200, 404)


class TestTheWayThere:
    def test_stands_beside_links_and_pages(
        self, account: Account, sign_in: SignIn, call: AppointmentType, agent: Agent
    ) -> None:
        browser = sign_in("administrator")

        editor = browser.get(f"/app/types/{call.public_id}/").content.decode()
        page = browser.get(f"/app/users/{agent.public_id}/page/").content.decode()

        assert f'href="{url_of(call)}?for=maria"' in editor
        assert f'href="/app/users/{agent.public_id}/page/embedding/"' in page
