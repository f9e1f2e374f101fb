"""The workflow editor in a real browser: by mouse, by keyboard alone, on a phone, and looked at by axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.catalog.classic import workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.tenants.models import User
from slotdesk.domain.tenants.scope import active
from tests.browser.looking import what_is_wrong
from tests.support.browser import chromium
from tests.support.factories import make_account, make_agent, make_request, make_type
from tests.support.members import give_place

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PASSWORD = "alex@summit.example", "correct horse battery"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def type_(transactional_db: None) -> Iterator[AppointmentType]:
    cache.clear()
    account = make_account()
    user = User.objects.create_user(EMAIL, PASSWORD, name="Alex Stone")
    with active(account):
        give_place(account, user, "administrator")
        now = datetime.now(UTC)
        made = make_type(account, internal_name="Remote session", reminders=[{"after_minutes": 1440, "template": ""}])
        make_type(account, internal_name="Phone call")
        make_request(made, [make_agent(account, "Maria Schmidt", now=now)], now=now)
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer, type_: AppointmentType) -> Iterator[Callable[..., Page]]:
    """Return the editor's page, seen by somebody who has signed in. An error in a script fails the test."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def enter(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, locale="en-US", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="Requests")).to_be_visible()
        page.goto(f"/app/types/{type_.public_id}/workflow/")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


def steps(page: Page, branch: str) -> list[str]:
    return page.get_by_role("list", name=f"Steps: {branch}").locator("strong").all_inner_texts()


class TestEditor:
    @pytest.mark.parametrize(
        ("screen", "scheme"), [({"width": 1360, "height": 900}, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
    )
    def test_fits_and_passes_axe_in_every_state(
        self, enter: Callable[..., Page], screen: dict[str, int], scheme: Any
    ) -> None:
        page = enter(viewport=screen, color_scheme=scheme, reduced_motion="reduce")
        found = {"classic": what_is_wrong(page)}
        page.get_by_role("button", name="Switch to Workflow Mode").click()
        page.get_by_role("button", name="Add a condition to: A request is made").click()
        expect(page.get_by_label("What it asks about").first).to_be_focused()
        for summary in page.locator(".flow-settings > summary").all():
            summary.click()
        found["open"] = what_is_wrong(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Condition 1")
        found["wrong"] = what_is_wrong(page)
        page.get_by_role("button", name="Remove condition 1 of: A request is made").click()
        page.get_by_role("button", name="Try it out").click()
        expect(page.get_by_role("region", name="What it would do")).to_be_focused()
        found["tried"] = what_is_wrong(page)
        page.get_by_role("button", name="Remove the branch: A request is made").click()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("is saved")).to_be_visible()
        page.get_by_role("link", name="Back to classic").click()
        expect(page.get_by_role("heading", level=1, name="Back to classic?")).to_be_visible()
        found["back"] = what_is_wrong(page)

        assert {state: each for state, each in found.items() if each} == {}

    def test_works_by_keyboard_alone(self, enter: Callable[..., Page], type_: AppointmentType) -> None:
        page = enter()
        page.get_by_role("button", name="Switch to Workflow Mode").press("Enter")
        first, second = steps(page, "An appointment is booked")[:2]

        page.get_by_role("button", name=f"Move down: {first}").first.press("Enter")
        expect(page.locator(".flow-step:focus")).to_contain_text(first)
        page.get_by_label("New step").first.select_option("wait")
        page.get_by_role("button", name="Add a step: A request is made").press("Enter")
        expect(page.get_by_label("How long", exact=True)).to_be_visible()
        page.get_by_role("button", name=re.compile("^Remove: Wait")).press("Enter")
        expect(page.get_by_label("How long", exact=True)).to_have_count(0)
        expect(page.get_by_text("Not saved yet")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).press("Enter")

        expect(page.get_by_text("is saved")).to_be_visible()
        assert steps(page, "An appointment is booked")[:2] == [second, first]
        type_.refresh_from_db()
        assert workflow_of(type_).branches[1].steps[0].action == "add_note"

    def test_moves_a_step_by_mouse_to_another_branch(self, enter: Callable[..., Page]) -> None:
        page = enter(viewport={"width": 1360, "height": 1600})
        page.get_by_role("button", name="Switch to Workflow Mode").click()
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
        moved = page.locator("#branch-0 .flow-step").first
        key = moved.get_attribute("data-key")

        moved.locator(".flow-grip").drag_to(page.locator("#branch-1 .flow-step").nth(1))

        expect(page.locator(f"#branch-1 [data-key='{key}']")).to_be_visible()
        expect(page.get_by_text("Not saved yet")).to_be_visible()
        expect(page.locator(f"#branch-0 [data-key='{key}']")).to_have_count(0)

    def test_asks_again_what_fits_when_a_condition_asks_about_something_else(
        self, enter: Callable[..., Page], type_: AppointmentType
    ) -> None:
        page = enter()
        page.get_by_role("button", name="Switch to Workflow Mode").click()
        page.get_by_role("button", name="Add a condition to: A request is made").click()

        page.get_by_label("What it asks about").first.select_option("cancelled_by")
        branch = page.get_by_role("region", name="A request is made")
        branch.get_by_role("combobox", name="Compared with").select_option("staff")
        page.get_by_role("button", name="Save", exact=True).click()

        expect(page.get_by_text("is saved")).to_be_visible()
        type_.refresh_from_db()
        (condition,) = workflow_of(type_).branches[0].when
        assert (condition.field, condition.values) == ("cancelled_by", ("staff",))

    def test_puts_a_variable_where_the_cursor_is(self, enter: Callable[..., Page]) -> None:
        page = enter()
        page.get_by_role("button", name="Switch to Workflow Mode").click()
        page.get_by_label("New step").first.select_option("send_own_email")
        page.get_by_role("button", name="Add a step: A request is made").click()
        page.get_by_label("Subject", exact=True).fill("Hello ")

        page.get_by_text("Variables for subjects").click()
        page.get_by_role("button", name="client.name").click()

        expect(page.get_by_label("Subject", exact=True)).to_have_value("Hello {{ client.name }}")
        page.get_by_role("button", name="Add a condition to: A request is made").click()
        expect(page.get_by_label("What it asks about").first).to_be_focused()
        # What was unfolded stays so, with what was typed.
        expect(page.get_by_label("Subject", exact=True)).to_be_visible()
        expect(page.get_by_label("Subject", exact=True)).to_have_value("Hello {{ client.name }}")

    def test_shows_the_mail_that_a_step_would_send(self, enter: Callable[..., Page]) -> None:
        page = enter()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Show it below as it looks").first.click()

        expect(page.frame_locator("iframe[name=tried-mail]").get_by_text("Ana Ruiz").first).to_be_visible()

    def test_works_without_scripts(self, enter: Callable[..., Page], type_: AppointmentType) -> None:
        page = enter(java_script_enabled=False)
        page.get_by_role("button", name="Switch to Workflow Mode").click()

        page.get_by_role("button", name="Remove the branch: A request is made").click()
        page.get_by_role("button", name="Save", exact=True).click()

        expect(page.get_by_text("is saved")).to_be_visible()
        type_.refresh_from_db()
        assert workflow_of(type_).branches[0].trigger == "appointment.booked"
