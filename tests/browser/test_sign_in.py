"""Signing in by passkey in a real browser with an authenticator of its own, and axe on the pages around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.sign_in.second_factor import ask_for_second_factor
from slotdesk.domain.tenants.models import Account, SecondFactor, User
from slotdesk.domain.tenants.scope import active
from tests.browser.looking import what_is_wrong
from tests.support.browser import chromium
from tests.support.factories import make_account
from tests.support.members import give_place

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PASSWORD = "alex@summit.example", "correct horse battery"
SCREENS = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def account(transactional_db: None) -> Account:
    cache.clear()
    account = make_account("Summit MSP", slug="summit")
    give_place(account, User.objects.create_user(EMAIL, PASSWORD, name="Alex Stone"))
    with active(account):
        ask_for_second_factor(account=account, whom=SecondFactor.EVERYBODY, actor="Alex", now=datetime.now(UTC))
    return account


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, account: Account) -> Iterator[Page]:
    """A page, with a platform authenticator that confirms whatever it is asked. A script's error fails the test."""
    faults: list[str] = []
    # Passkeys belong to a name, not to a number.
    address = live_server.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=address, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()
    assert faults == []


def enter(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def add_passkey(page: Page) -> None:
    page.goto("/accounts/2fa/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name", exact=True).fill("Laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


class TestPasskey:
    def test_is_added_and_then_signs_in_without_a_password(self, page: Page) -> None:
        enter(page)
        add_passkey(page)
        page.context.clear_cookies()

        page.goto("/accounts/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()

        expect(page.get_by_text("Alex Stone").first).to_be_visible()
        assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1

    def test_is_the_second_step_after_a_password(self, page: Page) -> None:
        enter(page)
        add_passkey(page)
        page.context.clear_cookies()

        enter(page)
        page.get_by_role("button", name="Use a passkey or security key").click()

        expect(page.get_by_text("Alex Stone").first).to_be_visible()


class TestPages:
    @pytest.mark.parametrize("screen", SCREENS)
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_have_nothing_for_axe_to_find(self, page: Page, screen: str, scheme: str) -> None:
        page.set_viewport_size(SCREENS[screen])  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found: dict[str, list[str]] = {}

        def look(path: str) -> None:
            page.goto(path)
            found[path] = what_is_wrong(page)

        for path in (
            "/accounts/login/",
            "/accounts/company/?firm=nobody",
            "/accounts/join/",
            "/accounts/password/reset/",
        ):
            look(path)
        enter(page)
        add_passkey(page)
        for path in (
            "/accounts/2fa/",
            "/accounts/2fa/passkeys/",
            "/accounts/2fa/passkeys/add/",
            "/app/settings/security/",
            "/app/settings/security/company/",
            *(f"/app/settings/security/company/?kind={kind}" for kind in ("entra", "google", "oidc", "saml")),
        ):
            look(path)

        assert {path: faults for path, faults in found.items() if faults} == {}
