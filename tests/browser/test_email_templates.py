"""Writing an e-mail template in a real browser: values at the cursor, a preview that follows, no script needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.messages.models import Template
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.browser import chromium
from tests.support.factories import make_account
from tests.support.members import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/app/settings/e-mail/new/?kind=confirmation"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def account(transactional_db: None) -> Iterator[Account]:
    cache.clear()
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer, account: Account) -> Iterator[Callable[..., Page]]:
    """Return the page of an administrator. An error in a script, or one that the policy refuses, fails the test."""
    faults: list[str] = []
    contexts = []

    def enter(**options: Any) -> Page:
        member: Client = signed_in(account)
        context = browser.new_context(base_url=live_server.url, locale="en-US", **options)
        contexts.append(context)
        cookie = member.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


def preview_of(page: Page) -> Any:
    return page.frame_locator("iframe.mail-frame:not(.is-coming)")


class TestEditor:
    def test_puts_a_value_where_the_cursor_is_and_shows_it_in_the_preview(self, enter: Callable[..., Page]) -> None:
        page = enter(viewport={"width": 1360, "height": 900})
        page.goto(NEW)
        expect(preview_of(page).frame_locator("iframe").get_by_role("heading", level=1)).to_have_text(
            "Your appointment is booked"
        )

        page.get_by_label("Subject").fill("For : done")
        page.get_by_label("Subject").evaluate("field => { field.focus(); field.setSelectionRange(4, 4) }")
        page.get_by_text("Insert a value").click()
        page.get_by_role("button", name="client.name").click()

        expect(page.get_by_label("Subject")).to_have_value("For {{ client.name }}: done")
        expect(preview_of(page).get_by_role("heading", level=1)).to_have_text("Subject For Ana Ruiz: done")

    def test_wraps_what_is_chosen_and_can_be_undone(self, enter: Callable[..., Page]) -> None:
        page = enter()
        page.goto(NEW)
        body = page.get_by_label("Body")
        body.fill("<p>Hello there</p>")
        body.evaluate("field => { field.focus(); field.setSelectionRange(9, 14) }")

        page.get_by_role("button", name="Bold").click()

        expect(body).to_have_value("<p>Hello <strong>there</strong></p>")
        page.keyboard.press("ControlOrMeta+z")
        expect(body).to_have_value("<p>Hello there</p>")

    def test_leads_to_the_line_of_a_problem_and_keeps_what_was_typed(self, enter: Callable[..., Page]) -> None:
        page = enter()
        page.goto(NEW)
        page.get_by_label("Name").fill("Ours")
        page.get_by_label("Body").fill("<p>one</p>\n<p>{{ client.nmae }}</p>\n<p>three</p>")
        page.get_by_role("button", name="Make the template").click()

        page.get_by_role("button", name="Go to line 2").click()

        chosen = page.get_by_label("Body").evaluate(
            "field => field.value.slice(field.selectionStart, field.selectionEnd)"
        )
        assert chosen == "<p>{{ client.nmae }}</p>"
        expect(page.get_by_label("Name")).to_have_value("Ours")

    def test_shows_phone_and_text(self, enter: Callable[..., Page]) -> None:
        page = enter(viewport={"width": 1360, "height": 900})
        page.goto(NEW)
        page.get_by_text("Text", exact=True).click()
        expect(preview_of(page).get_by_label("Text")).to_contain_text("See your appointment <https://book.example/")

        page.get_by_text("Phone", exact=True).click()

        expect(preview_of(page).locator("body.phone")).to_be_visible()

    def test_goes_back_to_the_list_and_not_through_the_previews(self, enter: Callable[..., Page]) -> None:
        page = enter()
        page.goto("/app/settings/e-mail/")
        page.locator(f'a[href="{NEW}"]').click()
        for text in ("One", "Two"):
            page.get_by_text("Phone", exact=True).click()
            page.get_by_text("Desktop", exact=True).click()
            page.get_by_label("Subject").fill(text)
            expect(preview_of(page).get_by_role("heading", level=1)).to_have_text(f"Subject {text}")
        page.once("dialog", lambda dialog: dialog.accept())

        page.go_back()

        expect(page.get_by_role("heading", level=1)).to_have_text("E-mail templates")

    def test_works_without_scripts(self, enter: Callable[..., Page], account: Account) -> None:
        page = enter(java_script_enabled=False)
        page.goto(NEW)
        page.get_by_label("Name").fill("Ours")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.frame_locator("iframe.mail-frame").get_by_role("heading", level=1)).to_contain_text(
            "Subject Booked"
        )

        page.get_by_role("button", name="Make the template").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Ours")
        assert Template.objects.get().name == "Ours"
