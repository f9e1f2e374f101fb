"""Other people's websites with booking pages inside, and what they were told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from slotdesk.domain.profile.embedding import save_websites
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.support.factories import NOW, make_account, make_agent, make_type
from tests.support.websites import website

CALL = {"shareable": "activity", "checks_email": False, "clients_may_change": True}
NINE = "9:00 AM"

# Everything that the script tells, and everything that the website's policy refuses.
_LISTEN = """
window.told = []; window.refused = [];
for (const kind of ["ready", "slot-chosen", "booked", "rescheduled", "cancelled", "closed", "error"]) {
  document.addEventListener(`slotdesk:${kind}`, (event) => {
    told.push([kind, event.detail, event.target.id]);
    document.documentElement.dataset.told = told.map(([each]) => each).join(" ");
  });
}
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  refused.push(`${effectiveDirective} ${blockedURI}`);
});
"""


def strict_policy(slotdesk: str) -> str:
    """The least that a website can allow: our script and our frames."""
    return f"default-src 'none'; script-src {slotdesk}; frame-src {slotdesk}; require-trusted-types-for 'script'"


def host_page(slotdesk: str, body: str, *, head: str = "", script: str = "async") -> str:
    """script: how it loads ours; without a word it is there before the body."""
    return (
        f'<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">'
        f'<title>Summit</title>{head}<script {script} src="{slotdesk}/embed.js"></script></head>'
        f"<body><main><h1>Summit MSP</h1>{body}</main></body></html>"
    )


@contextmanager
def open_website(address: str, **options: Any) -> Iterator[Page]:
    """A page of the website, as its visitor sees it; its policy must have refused nothing in the end."""
    with open_browser(**options) as page:
        page.add_init_script(_LISTEN)
        page.goto(address)
        yield page
        assert page.evaluate("refused") == []


def told(page: Page) -> list[Any]:
    """What the website was told so far: (what, details, of which element)."""
    return [tuple(each) for each in page.evaluate("told")]


def expect_told(page: Page, kinds: str) -> None:
    """Wait until the website was told of just these, in this order."""
    expect(page.locator("html")).to_have_attribute("data-told", kinds)


def frame_of(page: Page) -> FrameLocator:
    """The booking page inside, once it is there."""
    expect(page.locator("[part=stage]")).to_have_attribute("data-state", "ready")
    return page.frame_locator("iframe")


@dataclass(frozen=True, slots=True)
class Shop:
    """An account whose call anybody may book with Maria, and its website."""

    account: Account
    slotdesk: str
    address: str
    pages: dict[str, str]

    @property
    def link(self) -> str:
        return f"{self.slotdesk}/maria/call"

    def write(self, body: str, **options: str) -> str:
        """Put this into the website's page, see host_page, and return its address."""
        self.pages["/"] = host_page(self.slotdesk, body, **options)
        return self.address

    def let_in(self, *websites: str) -> None:
        with active(self.account):
            save_websites(account=self.account, websites=websites, actor="Alex", now=NOW)


@contextmanager
def open_shop(slotdesk: str) -> Iterator[Shop]:
    """slotdesk: the live server's address."""
    account = make_account(support_phone="(212) 555-0142")
    with active(account):
        make_agent(account, "Maria Schmidt", slug="maria")
        make_type(account, internal_name="Call", slug="call", **CALL)
    pages: dict[str, str] = {}
    with website(pages, policy=strict_policy(slotdesk)) as address:
        shop = Shop(account, slotdesk, address, pages)
        shop.let_in(address)
        yield shop


def pick_nine(frame: FrameLocator, day: str = "Tuesday, May 4") -> None:
    """Nine o'clock of another day than today."""
    frame.get_by_role("radio", name=day).check(force=True)
    frame.get_by_role("button", name=NINE).locator("visible=true").first.click()


def fill_in(frame: FrameLocator) -> None:
    """What is asked before booking."""
    frame.get_by_label("Your name").fill("Nina New")
    frame.get_by_label("E-mail").fill("nina@newcomer.example")
    frame.get_by_role("button", name="Book this time").click()


def book(frame: FrameLocator) -> None:
    """From the times to the confirmation: tomorrow's first one."""
    pick_nine(frame)
    fill_in(frame)
    expect(frame.get_by_role("heading", name="You are booked")).to_be_visible()
