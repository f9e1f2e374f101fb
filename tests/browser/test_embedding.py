"""Booking pages inside another website, by the script that it loads from us: everything on two real origins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.links.proof_mail import send_proof
from slotdesk.domain.links.proofs import code_of
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.browser.booking_page import elsewhere
from tests.browser.embedding import (
    NINE,
    Shop,
    book,
    expect_told,
    fill_in,
    frame_of,
    open_shop,
    open_website,
    pick_nine,
    told,
)
from tests.browser.looking import what_axe_finds
from tests.support.factories import NOW


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    # Nine o’clock is over: it would be offered, and be too late when it is chosen.
    with time_machine.travel(NOW + timedelta(minutes=1), tick=True):
        yield


@pytest.fixture
def shop(transactional_db: None, live_server: LiveServer) -> Iterator[Shop]:
    with open_shop(live_server.url) as shop:
        yield shop


def fits(page: Page) -> float:
    """The height of the frame, once it is that of its page."""
    body = frame_of(page).locator("body")
    frame = page.locator("iframe")
    for _ in range(100):
        inside = body.evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
        outside = frame.evaluate("frame => frame.getBoundingClientRect().height")
        if inside == outside:
            return float(outside)
        page.wait_for_timeout(50)
    raise AssertionError(f"{inside} inside, {outside} outside")


def faults(page: Page) -> list[str]:
    """What axe-core finds in the website's page, our part of it included, and in the page inside."""
    return [fault for each in page.frames for fault in what_axe_finds(each)]


def newest_code() -> str:
    """The code of the newest e-mail, which is on its way then."""
    with all_accounts():
        proof = EmailProof.objects.latest("id")
    send_proof(proof_id=proof.pk, now=timezone.now())
    return code_of(proof)


class TestInline:
    def test_books_moves_and_cancels_and_tells_the_website(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking id="call" src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            frame = frame_of(page)
            book(frame)
            expect_told(page, "ready slot-chosen booked")
            ready, chosen, booked = told(page)
            frame.get_by_role("link", name="Choose another time").click()
            pick_nine(frame, "Wednesday, May 5")
            frame.get_by_role("button", name="Move the appointment").click()
            expect_told(page, "ready slot-chosen booked slot-chosen rescheduled")
            frame.get_by_role("link", name="Cancel the appointment").click()
            frame.get_by_role("button", name="Cancel the appointment").click()
            expect(frame.get_by_role("heading", name="This appointment was cancelled")).to_be_visible()
            expect_told(page, "ready slot-chosen booked slot-chosen rescheduled cancelled")
            cancelled = told(page)[-1]

        time = {"type": "Call", "starts_at": "2027-05-04T13:00:00+00:00", "ends_at": "2027-05-04T13:30:00+00:00"}
        assert ready == ("ready", {}, "call")
        assert chosen == ("slot-chosen", {**time, "zone": "America/New_York"}, "call")
        assert booked[1].pop("id") == cancelled[1]["id"]
        assert booked == ("booked", {**time, "zone": "America/New_York"}, "call")
        assert cancelled[1]["starts_at"] == "2027-05-05T13:00:00+00:00"

    def test_is_as_high_as_its_page_at_every_step_and_shows_each_from_its_top(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')

        with open_website(address, viewport={"width": 375, "height": 667}) as page:
            frame = frame_of(page)
            expect(frame.get_by_role("heading", level=1)).to_have_text("Call")
            heights = [fits(page)]
            frame.get_by_role("radio", name="Tuesday, May 4").check(force=True)
            frame.get_by_role("button", name="4:30 PM").locator("visible=true").first.click()
            expect(frame.get_by_label("Your name")).to_be_visible()
            heights.append(fits(page))

            expect(page.locator("[part=stage]")).to_be_in_viewport()
            assert page.locator("[part=stage]").evaluate("stage => Math.round(stage.getBoundingClientRect().top)") == 0
            assert heights[0] != heights[1]

    def test_brings_the_times_of_a_day_onto_a_small_screen(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')

        with open_website(address, viewport={"width": 375, "height": 667}) as page:
            frame = frame_of(page)
            first = frame.get_by_role("button", name=NINE).locator("visible=true").first
            frame.locator("[name=day][value='2027-05-12']").click()

            expect(first).to_be_in_viewport(ratio=0.9)

    def test_waits_below_the_screen_without_holding_up_the_page(self, shop: Shop) -> None:
        address = shop.write(f'{"<br>" * 400}<slotdesk-booking src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            assert page.evaluate("document.readyState") == "complete"
            page.locator("slotdesk-booking").scroll_into_view_if_needed()

            book(frame_of(page))

    def test_needs_no_cookies(self, shop: Shop) -> None:
        """Chromium gives a page of another website none here, which the test makes sure of."""
        with active(shop.account):
            AppointmentType.objects.update(checks_email=True)
        address = shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            frame = frame_of(page)
            frame.locator("body").evaluate("document.cookie = 'a=1; SameSite=None; Secure'")
            assert frame.locator("body").evaluate("document.cookie") == ""
            pick_nine(frame)
            fill_in(frame)
            expect(frame.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
            frame.get_by_label("Code from the e-mail").fill(elsewhere(newest_code))
            frame.get_by_role("button", name="Book this time").click()
            expect(frame.get_by_role("heading", name="You are booked")).to_be_visible()
            expect_told(page, "ready slot-chosen booked")


class TestMessages:
    def test_reach_a_website_that_is_let_in_by_its_domain(self, shop: Shop) -> None:
        port = shop.address.rpartition(":")[2]
        shop.let_in(f"http://*.localhost:{port}")
        shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')

        with open_website(f"http://shop.localhost:{port}") as page:
            frame_of(page)
            expect_told(page, "ready")

    def test_begin_with_the_website_where_browsers_do_not_say_who_is_around(self, shop: Shop) -> None:
        shop.write(f'<slotdesk-booking src="{shop.link}" theme="dark"></slotdesk-booking>')
        script = Path("slotdesk/web/static/public/frame.js").read_text()
        shop.pages["/first"] = "<!doctype html><title>First</title>"

        with open_website(f"{shop.address}/first") as page:
            page.route("**/frame.js", lambda route: route.fulfill(body=script.replace("ancestorOrigins", "unknown")))
            page.goto(shop.address)
            book(frame_of(page))

            expect_told(page, "ready slot-chosen booked")
            assert background(page) == DARK

    def test_of_others_are_not_believed(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')
        forged = '{ slotdesk: 1, type: "news", news: { kind: "booked", redirect_url: "https://elsewhere.example" } }'

        with open_website(address) as page:
            frame = frame_of(page)
            page.evaluate(f"postMessage({forged}, '*')")
            frame.locator("body").evaluate(f"parent.postMessage({{ type: 'news', news: {forged}.news }}, '*')")
            pick_nine(frame)

            expect_told(page, "ready slot-chosen")


class TestRefusal:
    def test_is_said_with_a_way_on(self, shop: Shop) -> None:
        shop.let_in("https://www.elsewhere.example")
        address = shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            expect(page.get_by_text("The booking page cannot be shown here.")).to_be_visible(timeout=15_000)
            expect_told(page, "error")
            link = page.get_by_role("link", name="Open it in a new tab")

            assert told(page) == [("error", {"reason": "not-loaded"}, "")]
            assert link.get_attribute("href") == f"{shop.link}"
            expect(page.locator("iframe")).to_be_hidden()

    def test_is_said_of_what_is_no_address(self, shop: Shop) -> None:
        address = shop.write('<slotdesk-booking src="javascript:alert(1)"></slotdesk-booking>')

        with open_website(address) as page:
            expect(page.get_by_text("The booking page cannot be shown here.")).to_be_visible()
            expect(page.get_by_role("link", name="Open it in a new tab")).to_have_count(0)
            assert told(page) == [("error", {"reason": "bad-address"}, "")]


class TestPrefill:
    def test_comes_from_attributes_and_from_what_is_let_through_of_the_pages_address(self, shop: Shop) -> None:
        address = shop.write(
            f'<slotdesk-booking src="{shop.link}" prefill-name="Nina New" utm-campaign="spring" '
            f'pass-query="utm_* email"></slotdesk-booking>'
        )
        query = "?utm_source=letter&utm_campaign=other&email=nina@newcomer.example&name=Somebody&phone=1"

        with open_website(f"{address}/{query}") as page:
            frame = frame_of(page)
            frame.get_by_role("button", name="Earliest").click()

            expect(frame.get_by_label("Your name")).to_have_value("Nina New")
            expect(frame.get_by_label("E-mail")).to_have_value("nina@newcomer.example")
            expect(frame.get_by_label("Phone")).to_have_value("")
            campaign = {
                name: frame.locator(f"[name={name}]").first.get_attribute("value")
                for name in ("utm_source", "utm_campaign")
            }
            assert campaign == {"utm_source": "letter", "utm_campaign": "spring"}


def background(page: Page) -> str:
    """The colour of the page inside."""
    color: str = frame_of(page).locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    return color


LIGHT, DARK = "rgb(255, 255, 255)", "rgb(23, 28, 37)"


class TestTheme:
    @pytest.mark.parametrize(
        ("attributes", "page_scheme", "device", "expected"),
        [
            ("", "normal", "dark", LIGHT),
            ("", "light dark", "dark", DARK),
            ("", "light dark", "light", LIGHT),
            ("", "dark", "light", DARK),
            ('theme="light"', "dark", "dark", LIGHT),
            ('theme="dark"', "normal", "light", DARK),
        ],
    )
    def test_is_the_one_that_is_asked_for_or_what_the_website_can_be(
        self, shop: Shop, attributes: str, page_scheme: str, device: str, expected: str
    ) -> None:
        head = f'<meta name="color-scheme" content="{page_scheme}">'
        address = shop.write(f'<slotdesk-booking src="{shop.link}" {attributes}></slotdesk-booking>', head=head)

        with open_website(address, color_scheme=device) as page:
            assert background(page) == expected

    def test_stays_from_step_to_step_and_follows_the_website(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking src="{shop.link}" theme="dark"></slotdesk-booking>')

        with open_website(address) as page:
            book(frame_of(page))
            assert background(page) == DARK
            page.locator("slotdesk-booking").evaluate("element => element.setAttribute('theme', 'light')")

            expect(frame_of(page).locator("html")).to_have_attribute("data-theme", "light")
            assert background(page) == LIGHT


class TestPagesInside:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_can_be_read_by_everybody(self, shop: Shop, scheme: str) -> None:
        body = f'<slotdesk-booking src="{shop.link}" theme="{scheme}"></slotdesk-booking>'
        wrong = []

        with open_website(shop.write(body)) as page:
            frame = frame_of(page)
            wrong += faults(page)
            pick_nine(frame)
            expect(frame.get_by_label("Your name")).to_be_visible()
            wrong += faults(page)
            fill_in(frame)
            expect(frame.get_by_role("heading", name="You are booked")).to_be_visible()
            wrong += faults(page)

        assert wrong == []

    def test_leave_out_what_surrounds_them_and_lead_out_into_tabs_of_their_own(self, shop: Shop) -> None:
        with active(shop.account):
            Profile.objects.update(privacy_url="https://summit.example/privacy", footer="12 Main Street")
        address = shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            frame = frame_of(page)
            book(frame)

            expect(frame.get_by_role("banner")).to_have_count(0)
            expect(frame.get_by_role("contentinfo")).to_contain_text("Privacy")
            expect(frame.get_by_role("contentinfo")).not_to_contain_text("12 Main Street")
            outside = frame.locator(f"a[href^='http']:not([href^='{shop.slotdesk}'])")
            assert outside.count() >= 2
            assert outside.evaluate_all("links => links.every((link) => link.target === '_blank')")

    def test_say_what_cannot_be_booked(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking src="{shop.slotdesk}/maria/nothing"></slotdesk-booking>')

        with open_website(address) as page:
            expect(frame_of(page).get_by_role("heading", name="This link leads nowhere")).to_be_visible()


class TestLanguage:
    def test_is_the_one_that_is_asked_for_at_every_step(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking src="{shop.link}" lang="de"></slotdesk-booking>')

        with open_website(address) as page:
            assert page.locator("iframe").get_attribute("title") == "Termin buchen"
            frame = frame_of(page)
            expect(frame.locator("html")).to_have_attribute("lang", "de")
            frame.locator(".earliest").click()
            expect(frame.locator("[name=name]")).to_be_visible()
            expect(frame.locator("html")).to_have_attribute("lang", "de")
            frame.locator("[name=name]").fill("Nina New")
            frame.locator("[name=email]").fill("nina@newcomer.example")
            frame.locator("button.main-button").click()
            expect_told(page, "ready slot-chosen booked")

            expect(frame.locator("html")).to_have_attribute("lang", "de")


class TestAfterBooking:
    def test_the_website_goes_on_to_where_the_type_says_unless_it_has_plans_of_its_own(self, shop: Shop) -> None:
        shop.pages["/thanks"] = "<!doctype html><title>Thanks</title><h1>Thank you</h1>"
        with active(shop.account):
            AppointmentType.objects.update(redirect_url=f"{shop.address}/thanks")
        address = shop.write(f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>')
        stay = "document.addEventListener('slotdesk:booked', (event) => event.preventDefault())"

        with open_website(address) as page:
            page.evaluate(stay)
            book(frame_of(page))
            expect_told(page, "ready slot-chosen booked")
            assert told(page)[-1][1]["redirect_url"] == f"{shop.address}/thanks"
            page.goto(address)
            page.evaluate("document.addEventListener('slotdesk:booked', () => {})")
            frame = frame_of(page)
            frame.get_by_role("button", name="Earliest").click()
            fill_in(frame)

            expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
            assert page.url == f"{shop.address}/thanks"
