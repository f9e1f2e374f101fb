"""The list and the editor of appointment types in a real browser, and the booking form that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account, User
from slotdesk.domain.tenants.scope import active
from tests.browser.looking import what_is_wrong
from tests.support.browser import chromium
from tests.support.factories import make_account, make_agent, make_request, make_type
from tests.support.members import give_place

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PASSWORD = "alex@summit.example", "correct horse battery"
SCREENS: dict[str, Any] = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
ASKED = [
    ("device", "Which device is it about?", "text", []),
    ("floor", "Which floor are you on?", "choice", ["Ground floor", "First floor"]),
    ("story", "What has happened?", "paragraph", []),
    ("consent", "I will be at my desk", "checkbox", []),
]


@pytest.fixture
def account(transactional_db: None) -> Iterator[Account]:
    cache.clear()
    account = make_account()
    user = User.objects.create_user(EMAIL, PASSWORD, name="Alex Stone")
    with active(account):
        give_place(account, user, "administrator")
        make_agent(account, "Maria Schmidt", now=datetime.now(UTC))
        yield account


@pytest.fixture
def kind(account: Account) -> AppointmentType:
    """The first of three types, with questions, a reminder, and what is worth a second look."""
    made = [
        make_type(account, internal_name=name, position=place, place="remote", meeting="personal")
        for place, name in enumerate(("Remote session", "Phone call", "Visit"))
    ]
    AppointmentType.objects.update(reminders=[{"after_minutes": 1440, "template": ""}], description="We look at it.")
    for position, (key, label, answer, options) in enumerate(ASKED):
        Question.objects.create(
            appointment_type=made[0], position=position, key=key, label=label, kind=answer, options=options
        )
    return AppointmentType.objects.get(pk=made[0].pk)


@pytest.fixture
def asked(kind: AppointmentType) -> SchedulingRequest:
    now = datetime.now(UTC)
    return make_request(kind, [Agent.objects.get()], now=now)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer, account: Account) -> Iterator[Callable[..., Page]]:
    """Return a page of the administrator. An error in a script fails the test, and so does what the policy stops."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def enter(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, locale="en-US", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        # A refused form is a line in the console, too, and no fault.
        page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="Requests")).to_be_visible()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


def _is_fault(said: ConsoleMessage) -> bool:
    return said.type == "error" and "status of 422" not in said.text


def open_editor(page: Page, kind: AppointmentType, section: str = "") -> None:
    page.goto(f"/app/types/{kind.public_id}/")
    if section:
        page.get_by_role("link", name=section, exact=True).click()


def labels(page: Page) -> list[str]:
    return [field.input_value() for field in page.get_by_label("Question", exact=True).all()]


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {target}")


class TestEditor:
    @pytest.mark.parametrize(("screen", "scheme"), [("desktop", "light"), ("phone", "dark")])
    def test_every_section_fits_and_passes_axe(
        self, enter: Callable[..., Page], kind: AppointmentType, screen: str, scheme: Any
    ) -> None:
        page = enter(viewport=SCREENS[screen], color_scheme=scheme, reduced_motion="reduce")
        problems = {}
        for path in ("/app/types/", "/app/types/new/"):
            page.goto(path)
            problems[path] = what_is_wrong(page)
        open_editor(page, kind)
        expect(page.frame_locator("iframe").locator("h1")).to_be_attached()
        for link in page.get_by_role("navigation", name="Sections").get_by_role("link").all():
            if link.is_visible():
                link.click()
                problems[link.inner_text()] = what_is_wrong(page)

        assert {where: found for where, found in problems.items() if found} == {}

    def test_the_preview_follows_what_is_typed_and_nothing_is_saved(
        self, enter: Callable[..., Page], kind: AppointmentType
    ) -> None:
        page = enter(viewport=SCREENS["desktop"])
        open_editor(page, kind)
        frame = page.frame_locator("iframe[title='Booking form']")

        page.get_by_label("Name for clients").fill("Help <b>now</b>")

        expect(frame.get_by_role("heading", level=1)).to_have_text("Help <b>now</b>")
        expect(frame.get_by_label("Which floor are you on?")).to_be_visible()
        # The account's own style sheet reaches into the frame, and no script does.
        assert frame.locator("body").evaluate("element => getComputedStyle(element).display") == "flex"
        page.get_by_label("Show", exact=True).select_option("Confirmation")
        expect(page.frame_locator("iframe[title='Confirmation']").get_by_text("Ana Ruiz").first).to_be_visible()
        kind.refresh_from_db()
        assert kind.external_name == ""

    def test_questions_are_added_filled_in_and_put_in_order_with_the_keyboard_alone(
        self, enter: Callable[..., Page], kind: AppointmentType
    ) -> None:
        page = enter(viewport=SCREENS["desktop"])
        open_editor(page, kind, "Fields")
        up = page.get_by_role("button", name="Move question 3 up")
        tab_to(page, up)

        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Move question 2 up")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.get_by_role("button", name="Move question 1 down")).to_be_focused()
        assert labels(page)[:2] == ["What has happened?", "Which device is it about?"]
        tab_to(page, page.get_by_role("button", name="Add a question"))
        page.keyboard.press("Enter")
        expect(page.get_by_label("Question", exact=True).nth(4)).to_be_focused()
        page.keyboard.type("Anything broken?")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Remote session is saved.")).to_be_visible()
        assert [each.label for each in kind.questions.order_by("position")] == [
            "What has happened?",
            "Which device is it about?",
            "Which floor are you on?",
            "I will be at my desk",
            "Anything broken?",
        ]

    def test_a_question_is_dragged_to_another_place(self, enter: Callable[..., Page], kind: AppointmentType) -> None:
        page = enter(viewport={"width": 1440, "height": 2400})
        open_editor(page, kind, "Fields")

        page.locator(".drag-handle").nth(2).drag_to(
            page.locator(".question-row").first, target_position={"x": 9, "y": 9}
        )

        assert labels(page)[:2] == ["What has happened?", "Which device is it about?"]

    def test_what_is_wrong_opens_its_section_and_nothing_typed_is_lost(
        self, enter: Callable[..., Page], kind: AppointmentType
    ) -> None:
        page = enter(viewport=SCREENS["phone"])
        open_editor(page, kind, "Scheduling Options")
        page.get_by_label("Buffer before (minutes)").fill("-5")
        page.get_by_role("link", name="Overview", exact=True).click()
        page.get_by_label("Internal name").fill("Another name")

        page.get_by_role("button", name="Save").last.click()

        expect(page.get_by_role("alert")).to_contain_text("Buffer before")
        expect(page.get_by_label("Buffer before (minutes)")).to_be_visible()
        page.get_by_role("link", name="Overview", exact=True).click()
        expect(page.get_by_label("Internal name")).to_have_value("Another name")
        page.get_by_role("alert").get_by_role("link", name="Buffer before").click()
        expect(page.get_by_label("Buffer before (minutes)")).to_be_focused()

    def test_works_without_scripts(self, enter: Callable[..., Page], kind: AppointmentType) -> None:
        page = enter(java_script_enabled=False)
        open_editor(page, kind)
        page.get_by_label("Internal name").fill("Typed before")

        page.get_by_role("button", name="Move question 2 up").click()

        assert labels(page)[0] == "Which floor are you on?"
        expect(page.get_by_label("Internal name")).to_have_value("Typed before")
        page.get_by_role("button", name="Save", exact=True).last.click()
        expect(page.get_by_text("Typed before is saved.")).to_be_visible()


class TestList:
    def test_is_put_in_order_with_the_keyboard_and_by_dragging(
        self, enter: Callable[..., Page], kind: AppointmentType
    ) -> None:
        page = enter(viewport=SCREENS["desktop"])
        page.goto("/app/types/")
        tab_to(page, page.get_by_role("button", name="Move Visit up"))

        page.keyboard.press("Enter")
        expect(page.get_by_role("row").nth(2)).to_contain_text("Visit")
        expect(page.get_by_role("button", name="Move Visit up")).to_be_focused()
        assert [each.internal_name for each in list_types()] == ["Remote session", "Visit", "Phone call"]
        with page.expect_response("**/place/"):  # the row is there at once, and stored a moment later
            page.get_by_role("row").nth(3).locator("td").nth(2).drag_to(
                page.get_by_role("row").nth(1), target_position={"x": 500, "y": 4}
            )
        expect(page.get_by_role("row").nth(1)).to_contain_text("Phone call")
        page.reload()
        expect(page.get_by_role("row").nth(1)).to_contain_text("Phone call")


class TestBookingForm:
    @pytest.mark.parametrize(("screen", "scheme"), [("desktop", "light"), ("phone", "dark")])
    def test_questions_are_answered_and_axe_finds_nothing(
        self, browser: Browser, live_server: LiveServer, asked: SchedulingRequest, screen: str, scheme: Any
    ) -> None:
        Question.objects.update(is_required=True)
        now = datetime.now(UTC)
        days = timedelta(days=10)
        start = list_times(asked, starts_at=now, ends_at=now + days, client_zone="UTC", now=now).slots[0].start
        page = browser.new_context(viewport=SCREENS[screen], color_scheme=scheme, reduced_motion="reduce").new_page()
        page.goto(f"{live_server.url}/schedule/{asked.token}/details/?start={start}&zone=UTC")

        assert what_is_wrong(page) == []
        page.get_by_role("button", name="Add a guest").click()
        guest = page.get_by_role("textbox", name="E-mail address of a guest")
        guest.fill("nonsense")
        page.get_by_role("button", name="Book this time").click()
        expect(page.get_by_role("alert")).to_contain_text("“nonsense” does not look like an e-mail address")
        assert what_is_wrong(page) == []
        guest.fill("bo@client.example")
        page.get_by_label("Which device is it about?").fill("LAP-7")
        page.get_by_label("Which floor are you on?").select_option("First floor")
        page.get_by_label("I will be at my desk").check()
        page.get_by_role("button", name="Book this time").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
        expect(page.get_by_text("LAP-7")).to_be_visible()
        assert what_is_wrong(page) == []
