"""The panel's script in a real browser, framed by the stand-in's ticket page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from slotdesk.integrations.connectwise import MANIFEST
from slotdesk.lib.tests.answering import Answer, Seen, Server, answering
from tests.contracts.connectwise_world import ConnectWiseWorld
from tests.support.browser import chromium

SCRIPT = Path(__file__).parents[1] / "static" / MANIFEST.panel_script
PANEL = """<!doctype html><meta charset="utf-8"><title>Panel</title>
<p id="said">waiting</p><button id="again">again</button><button id="refresh">refresh</button>
<script type="module">
  const psa = await import("/panel.js");
  const said = document.getElementById("said");
  const connect = async () => {
    said.textContent = "asking";
    try { said.textContent = JSON.stringify(await psa.connect({ origins: %s })); }
    catch (error) { said.textContent = error.message; }
  };
  document.getElementById("again").onclick = connect;
  document.getElementById("refresh").onclick = () => psa.refreshScreen();
  await connect();
</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    # Time-outs in the panel are tried on the page's own clock.
    page.clock.install()
    yield page
    page.close()


@pytest.fixture
def origins(world: ConnectWiseWorld) -> list[str]:
    """Where the panel believes its PSA to be; a test may change it before the page is opened."""
    return [world.sandbox.url]


@pytest.fixture
def panel(origins: list[str]) -> Iterator[Server]:
    def answer(seen: Seen) -> Answer:
        if seen.path == "/panel.js":
            return Answer(200, SCRIPT.read_bytes(), {"Content-Type": "text/javascript"})
        return Answer(200, (PANEL % json.dumps(origins)).encode(), {"Content-Type": "text/html"})

    with answering(answer) as server:
        yield server


def open_ticket(page: Page, world: ConnectWiseWorld, panel: Server) -> tuple[str, FrameLocator]:
    """A ticket page with our panel in it: the ticket's id and the panel's frame."""
    world.open().ensure_panel(url=f"{panel.url}/panel")
    ticket = world.make_ticket()
    page.goto(f"{world.sandbox.url}/tickets/{ticket.id}")
    return ticket.id, page.frame_locator("iframe[data-pod]")


class TestConnect:
    def test_brings_claims_that_the_psa_confirms_and_the_open_ticket(
        self, page: Page, world: ConnectWiseWorld, panel: Server
    ) -> None:
        ticket_id, frame = open_ticket(page, world, panel)

        expect(frame.locator("#said")).to_contain_text("memberHash")
        said = json.loads(frame.locator("#said").inner_text())
        assert said["screen"] == {"screen": "ticket", "id": ticket_id}
        assert world.open().prove_viewer(said["claims"]).identifier == said["claims"]["memberid"]

    def test_answers_the_screens_events_so_that_it_does_not_hang(
        self, page: Page, world: ConnectWiseWorld, panel: Server
    ) -> None:
        _id, frame = open_ticket(page, world, panel)

        expect(frame.locator("#said")).to_contain_text("memberHash")
        expect(page.locator("[data-pod-state]")).to_have_text("Ready")

    def test_may_be_called_again_for_fresh_claims(self, page: Page, world: ConnectWiseWorld, panel: Server) -> None:
        _id, frame = open_ticket(page, world, panel)
        expect(frame.locator("#said")).to_contain_text("memberHash")
        first = frame.locator("#said").inner_text()

        frame.locator("#again").click()

        expect(frame.locator("#said")).not_to_have_text(first)
        expect(frame.locator("#said")).to_contain_text("memberHash")

    def test_speaks_with_the_configured_psa_only(
        self, page: Page, world: ConnectWiseWorld, panel: Server, origins: list[str]
    ) -> None:
        origins[:] = ["https://na.myconnectwise.net"]
        _id, frame = open_ticket(page, world, panel)
        expect(frame.locator("#said")).to_have_text("asking")

        page.clock.run_for(16_000)

        expect(frame.locator("#said")).to_have_text("ConnectWise does not answer.")


class TestRefreshScreen:
    def test_has_the_ticket_screen_read_anew(self, page: Page, world: ConnectWiseWorld, panel: Server) -> None:
        _id, frame = open_ticket(page, world, panel)
        expect(frame.locator("#said")).to_contain_text("memberHash")
        page.evaluate("document.addEventListener('psa:refresh', () => { document.title = 'read anew'; })")

        frame.locator("#refresh").click()

        expect(page).to_have_title("read anew")
