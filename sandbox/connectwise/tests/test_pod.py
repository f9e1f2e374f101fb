"""The ticket screen's conversation with a pod, in a real browser."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route

from sandbox.connectwise.server import Sandbox
from tests.support.browser import chromium

BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium")
pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium: set CHROMIUM or install it")

# A pod that answers events, and keeps what it is told.
POD = b"""<!doctype html><title>Pod</title><script>
  window.heard = []; window.verdict = { result: "success" };
  const tell = (message) => parent.postMessage(JSON.stringify(message), "*");
  window.request = (name, args) => tell({ hosted_request: name, args, frameID: window.frame });
  addEventListener("message", ({ data, origin }) => {
    const message = JSON.parse(data);
    heard.push({ ...message, origin });
    if (message.MessageFrameID) window.frame = message.MessageFrameID;
    if (message.event && verdict) tell({ event: message.event, _id: message._id, frameID: window.frame, ...verdict });
  });
  tell({ message: "ready" });
</script>"""


class _PodHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(POD)))
        self.end_headers()
        self.wfile.write(POD)

    def log_message(self, *_args: Any) -> None:
        return None


@pytest.fixture(scope="module")
def pod_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _PodHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page()


@pytest.fixture
def page(browser_page: Page, sandbox: Sandbox, api: httpx.Client, pod_url: str) -> Page:
    """The page of ticket 48201, its pod ready."""
    setup = {"screenId": 1, "description": "Schedule", "url": f"{pod_url}/?id=[cw_id]", "type": "Pod"}
    api.post("/system/connectwisehostedsetups", json=setup)
    browser_page.goto(f"{sandbox.url}/tickets/48201")
    browser_page.get_by_text("Ready").wait_for()
    return browser_page


def _heard(page: Page, key: str, value: str) -> dict[str, Any]:
    """What the pod was told, once it was."""
    is_it = f"(window.heard || []).find((message) => message[{json.dumps(key)}] === {json.dumps(value)})"
    found: dict[str, Any] = page.frames[1].wait_for_function(is_it).json_value()
    return found


class TestPod:
    def test_is_named_and_told_which_record_is_open(self, page: Page, sandbox: Sandbox) -> None:
        told = _heard(page, "event", "onLoad")

        assert told["data"] == {"screenObject": {"screen": "ticket", "id": 48201, "hostedAs": "pod"}}
        assert told["origin"] == sandbox.url
        assert page.frames[1].evaluate("heard[0].MessageFrameID").startswith("frame-")

    def test_is_told_who_is_looking_with_a_proof_that_holds(self, page: Page, sandbox: Sandbox) -> None:
        page.frames[1].evaluate("request('getMemberAuthentication')")

        claims = _heard(page, "response", "getmemberauthentication")["data"]
        proof = (f"{claims['companyid']}+{claims['memberid']}", claims["memberHash"])
        headers = {"clientId": sandbox.client_id}
        answer = httpx.get(f"{sandbox.api_url}/system/myMembers/info", auth=proof, headers=headers, trust_env=False)

        assert claims["site"] == sandbox.url + "/"
        assert claims["codeBase"] == "v2026_1/"
        assert claims["memberEmail"] == "jordan.doe@summit.example"
        assert answer.json()["identifier"] == claims["memberid"] == "jdoe"

    def test_is_told_the_record_when_it_asks(self, page: Page) -> None:
        page.frames[1].evaluate("request('getScreenObject')")

        assert _heard(page, "response", "getscreenobject")["data"]["id"] == 48201

    def test_without_its_name_is_not_listened_to(self, page: Page) -> None:
        page.frames[1].evaluate("window.frame = 'frame-0'; request('setDirty', { dirty: true })")
        page.frames[1].evaluate("window.frame = heard[0].MessageFrameID; request('getScreenObject')")

        _heard(page, "response", "getscreenobject")

        assert page.get_by_text("Unsaved changes").count() == 0

    def test_says_that_it_is_dirty(self, page: Page) -> None:
        page.frames[1].evaluate("request('setDirty', { dirty: true })")
        page.get_by_text("Unsaved changes").wait_for()

        page.frames[1].evaluate("request('setDirty', { dirty: false })")

        page.get_by_text("Ready").wait_for()

    def test_can_have_the_screen_read_again(self, page: Page, api: httpx.Client) -> None:
        api.post("/service/tickets/48201/notes", json={"text": "From the pod", "internalAnalysisFlag": True})

        page.frames[1].evaluate("request('refreshScreen')")

        page.get_by_text("From the pod").wait_for()
        assert _heard(page, "response", "refreshscreen")

    def test_can_open_another_ticket(self, page: Page) -> None:
        page.frames[1].evaluate("request('openScreen', { newTab: false, screen: 'ticket', id: 48202 })")

        page.wait_for_url("**/tickets/48202")

    def test_may_object_to_saving(self, page: Page, sandbox: Sandbox) -> None:
        page.frames[1].evaluate("verdict = { result: 'failure', errors: ['Finish the panel first.'] }")
        page.get_by_placeholder("Write a note").fill("Too early")
        page.get_by_role("button", name="Add note").click()
        page.get_by_text("Finish the panel first.").wait_for()
        assert "Too early" not in {note["text"] for note in sandbox.store.all("notes")}

        page.frames[1].evaluate("verdict = { result: 'success' }")
        page.get_by_role("button", name="Add note").click()

        page.locator(".note", has_text="Too early").wait_for()
        assert _heard(page, "event", "beforeSave")["data"]["screenObject"]["id"] == 48201


class TestLivePage:
    def test_follows_status_and_entries_without_a_reload(self, page: Page, api: httpx.Client) -> None:
        board = api.get("/service/tickets/48201").json()["board"]["id"]
        statuses = api.get(f"/service/boards/{board}/statuses", params={"conditions": 'name="Scheduled"'}).json()
        page.evaluate("window.loadedOnce = true")

        change = [{"op": "replace", "path": "status", "value": {"id": statuses[0]["id"]}}]
        api.patch("/service/tickets/48201", json=change)
        entry = {"objectId": 48201, "type": {"identifier": "S"}, "member": {"identifier": "praman"}}
        times = {"dateStart": "2027-03-06T15:00:00Z", "dateEnd": "2027-03-06T15:30:00Z"}
        api.post("/schedule/entries", json={**entry, **times})

        page.locator("[data-status]", has_text="Scheduled").wait_for()
        page.locator("[data-entry]", has_text="Sat 6 Mar, 10:00–10:30").wait_for()
        assert page.evaluate("window.loadedOnce")

    def test_shows_what_happened_between_drawing_it_and_the_first_look(self, page: Page, api: httpx.Client) -> None:
        board = api.get("/service/tickets/48201").json()["board"]["id"]
        statuses = api.get(f"/service/boards/{board}/statuses", params={"conditions": 'name="Scheduled"'}).json()
        change = [{"op": "replace", "path": "status", "value": {"id": statuses[0]["id"]}}]

        def change_before_the_look(route: Route) -> None:
            api.patch("/service/tickets/48201", json=change)
            route.continue_()

        page.route("**/sandbox/revision", change_before_the_look, times=1)
        page.reload()

        page.locator("[data-status]", has_text="Scheduled").wait_for()
