"""
Pages on the way in, and settings, looked at by axe: invitations, proving oneself again, one's firm, one client's data,
custom attributes, name and language, and the way from one account to another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.attributes.operations import archive_attribute, fill_in_request, save_attribute
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.people.invitations import invitation_link, revoke_invitation
from slotdesk.domain.people.models import Agent
from slotdesk.domain.sign_in.single_sign_on import OidcSettings
from slotdesk.domain.tenants.models import Account, Membership, User
from slotdesk.domain.tenants.scope import active
from tests.browser.looking import what_is_wrong
from tests.sign_in.firm import connect
from tests.support.browser import chromium
from tests.support.factories import make_account, make_agent, make_invitation, make_request, make_type
from tests.support.members import give_place, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS: dict[str, ViewportSize] = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}
LOOKS = pytest.mark.parametrize(("screen", "scheme"), [("desktop", "light"), ("phone", "dark")])


@dataclass
class Shop:
    """An account and another one, an administrator of both, and what the pages show."""

    account: Account
    other: Account
    boss: Membership
    agent: Agent
    request: SchedulingRequest
    attribute: Attribute


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Shop]:
    cache.clear()
    account, other, now = make_account(slug="summit"), make_account("Other MSP"), datetime.now(UTC)
    user = User.objects.create_user("alex@summit.example", "correct horse battery", name="Alex Stone")
    boss = give_place(account, user)
    give_place(other, user)
    with active(account):
        agent = make_agent(account, "Maria Schmidt", now=now)
        Agent.objects.filter(pk=agent.pk).update(
            membership=give_place(account, User.objects.create_user("m@x.example"))
        )
        request = make_request(make_type(account), [agent], now=now)
        made: list[Attribute] = []
        for subject in ("request", "person"):
            for kind in Attribute.Kind:
                fields = {"subject": subject, "kind": kind, "name": f"{kind.label} of it", "key": f"{subject}_{kind}"}
                choices = ["First", "Second"] if kind == Attribute.Kind.CHOICE else []
                made.append(Attribute(account=account, help_text="As on the door.", choices=choices, **fields))
                save_attribute(attribute=made[-1], actor="Alex", now=now)
        archive_attribute(attribute=made[-1], actor="Alex", now=now)
        values = {"request_text": "Denver", "request_checkbox": "yes"}
        fill_in_request(request=request, values=values, actor="Alex", now=now)
        yield Shop(account, other, boss, agent, request, made[0])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Return a page of a visitor; of somebody who signed in, when their session is given."""
    contexts: list[BrowserContext] = []

    def visit(session: str = "", *, screen: str = "desktop", scheme: Any = "light") -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=SCREENS[screen], color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        if session:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield visit
    for context in contexts:
        context.close()


def session_of(user: User, *, minutes_ago: int = 0, provider: str = "") -> str:
    """A session that began so long ago, with a password or through a firm's provider."""
    client = Client()
    sign_in(client, user)
    session = client.session
    way = {"method": "socialaccount", "provider": provider} if provider else {"method": "password"}
    session["account_authentication_methods"] = [way | {"at": time.time() - 60 * minutes_ago}]
    session.save()
    return str(session.session_key)


def look_at(page: Page, paths: dict[str, str]) -> dict[str, list[str]]:
    """Open each path, make sure that it is the page with this heading, and return what is wrong."""
    wrong = {}
    for path, heading in paths.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        if faults := what_is_wrong(page):
            wrong[path] = faults
    return wrong


def path_of(link: str) -> str:
    return link.removeprefix(settings.PUBLIC_URL)


class TestInvitations:
    @LOOKS
    def test_pass_axe_in_every_state(self, visit: Open, shop: Shop, screen: str, scheme: str) -> None:
        now = datetime.now(UTC)
        fresh, closed = make_invitation(shop.account, now=now), make_invitation(shop.account, "bo@x.example", now=now)
        revoke_invitation(invitation=closed, actor="Alex", now=now)
        known = make_invitation(shop.account, "known@x.example", now=now)
        User.objects.create_user("known@x.example")
        paths = [path_of(invitation_link(each)) for each in (fresh, closed, known)]

        stranger = visit(screen=screen, scheme=scheme)
        boss = visit(session_of(shop.boss.user), screen=screen, scheme=scheme)
        wrong = look_at(stranger, dict.fromkeys([*paths, "/join/nothing/", "/accounts/join/"], ""))
        wrong |= {f"{path} as somebody else": faults for path, faults in look_at(boss, {paths[0]: ""}).items()}

        assert wrong == {}

    def test_name_the_field_that_is_wrong_and_still_pass(self, visit: Open, shop: Shop) -> None:
        page = visit()
        page.goto(path_of(invitation_link(make_invitation(shop.account, now=datetime.now(UTC)))))

        page.locator("form").evaluate("form => { form.noValidate = true; form.submit() }")

        expect(page.locator("[aria-invalid=true], .is-invalid").first).to_be_visible()
        assert what_is_wrong(page) == []


class TestProvingOneself:
    @LOOKS
    def test_passes_axe(self, visit: Open, shop: Shop, screen: str, scheme: str) -> None:
        user = shop.boss.user
        wrong = look_at(
            visit(session_of(user, minutes_ago=60), screen=screen, scheme=scheme), {"/accounts/reauthenticate/": ""}
        )
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        page = visit(session_of(user, minutes_ago=60), screen=screen, scheme=scheme)
        wrong |= look_at(page, {"/accounts/2fa/reauthenticate/": ""})

        assert wrong == {}


class TestOnesFirm:
    @LOOKS
    def test_passes_axe(self, visit: Open, shop: Shop, screen: str, scheme: str) -> None:
        said = {"server_url": "https://id.example", "client_id": "slotdesk", "client_secret": "a secret"}
        firm = connect(shop.account, OidcSettings.model_validate(said))
        session = session_of(shop.boss.user, minutes_ago=60, provider=firm.public_id)

        wrong = look_at(
            visit(screen=screen, scheme=scheme),
            {"/accounts/company/": "", "/accounts/company/?firm=nobody": "", "/accounts/company/summit/": "Summit MSP"},
        )
        wrong |= look_at(
            visit(session, screen=screen, scheme=scheme),
            {
                "/accounts/password/change/": "Your company’s sign-in takes care of this",
                "/app/settings/roles/new/": "Confirm that it is you",
            },
        )

        assert wrong == {}


class TestSettings:
    @LOOKS
    def test_pass_axe(self, visit: Open, shop: Shop, screen: str, scheme: str) -> None:
        page = visit(session_of(shop.boss.user), screen=screen, scheme=scheme)

        wrong = look_at(
            page,
            {
                "/app/settings/attributes/": "Custom attributes",
                "/app/settings/attributes/new/": "New attribute",
                f"/app/settings/attributes/{shop.attribute.public_id}/": "Text of it",
                f"/app/requests/{shop.request.public_id}/attributes/": "Custom attributes",
                f"/app/requests/{shop.request.public_id}/": "Ana Ruiz",
                "/app/requests/?attribute-request_number=many": "Requests",
                f"/app/users/{shop.agent.public_id}/attributes/": "Custom attributes",
                f"/app/users/{shop.agent.public_id}/details/": "Name and language",
                f"/app/users/{shop.agent.public_id}/": "Maria Schmidt",
                "/app/profile/": "Name and language",
                "/app/settings/audit/?area=attribute": "Audit log",
            },
        )

        assert wrong == {}

    @LOOKS
    def test_of_one_clients_data_pass_axe(self, visit: Open, shop: Shop, screen: str, scheme: str) -> None:
        page = visit(session_of(shop.boss.user), screen=screen, scheme=scheme)
        for email in ("ana@client.example", "nobody@client.example"):
            page.goto("/app/settings/privacy/")
            page.get_by_label("E-mail address").fill(email)
            page.get_by_role("button", name="Find").click()
            expect(page.get_by_role("heading", level=1, name=email)).to_be_visible()
            assert what_is_wrong(page) == []

    def test_fill_in_a_request_by_keyboard(self, visit: Open, shop: Shop) -> None:
        page = visit(session_of(shop.boss.user))
        page.goto(f"/app/requests/{shop.request.public_id}/")
        page.get_by_role("link", name="Fill in custom attributes").press("Enter")

        page.get_by_label("Number of it").fill("many")
        page.get_by_label("Number of it").press("Enter")
        expect(page.get_by_text("Enter a number, such as 12 or 1.5.")).to_be_visible()
        assert what_is_wrong(page) == []
        expect(page.get_by_label("Text of it")).to_have_value("Denver")
        page.get_by_label("Number of it").fill("12")
        page.get_by_label("Date of it").fill("2027-05-31")
        page.get_by_label("Number of it").press("Enter")

        expect(page.get_by_text("The custom attributes are saved.")).to_be_visible()
        expect(page.get_by_text("2027-05-31")).to_be_visible()


class TestSeveralAccounts:
    @LOOKS
    def test_are_switched_in_the_menu(self, visit: Open, shop: Shop, screen: str, scheme: str) -> None:
        page = visit(session_of(shop.boss.user), screen=screen, scheme=scheme)
        page.goto("/app/requests/")
        if screen == "phone":
            page.get_by_role("button", name="Menu").click()
        page.get_by_role("button", name="Alex Stone").click()
        expect(page.get_by_role("button", name="Other MSP")).to_be_visible()
        assert what_is_wrong(page) == []

        page.get_by_role("button", name="Other MSP").press("Enter")

        expect(page.get_by_text("You are at Other MSP now.")).to_be_visible()
        page.goto(f"/app/requests/{shop.request.public_id}/")
        expect(page.get_by_text("Ana Ruiz")).to_have_count(0)

    def test_leave_a_form_of_the_first_one_unsent(self, visit: Open, shop: Shop) -> None:
        first = visit(session_of(shop.boss.user))
        first.goto("/app/settings/account/")
        second = first.context.new_page()
        second.goto("/app/requests/")
        second.get_by_role("button", name="Alex Stone").click()
        second.get_by_role("button", name="Other MSP").click()
        expect(second.get_by_text("You are at Other MSP now.")).to_be_visible()

        first.get_by_role("button", name="Save").click()

        expect(first.get_by_role("heading", name="This page is out of date")).to_be_visible()
        assert what_is_wrong(first) == []
        assert Account.objects.get(pk=shop.other.pk).name == "Other MSP"
