from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.connectwise.server import Sandbox


@pytest.fixture
def pages(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, follow_redirects=True, trust_env=False) as client:
        yield client


def _ticket(sandbox: Sandbox) -> dict[str, Any]:
    return next(t for t in sandbox.store.all("tickets") if t["board"]["id"] == 1 and not t["closedFlag"])


class TestEveryPage:
    @pytest.mark.parametrize(
        "path",
        [
            "/", "/?q=printer&board=1&state=all", "/?page=2", "/?page=x", "/?q=nothing-like-this", "/tickets/48201",
            "/tickets/48208", "/members", "/members/jdoe", "/members/rmenon?week=2027-03-14", "/setup/panel",
            "/companies", "/companies/251", "/activities",
            "/sandbox/faults", "/sandbox/record", "/sandbox/record?show=effects", "/sandbox/record?show=deliveries",
        ],
    )  # fmt: skip
    def test_opens_and_runs_only_its_own_scripts(self, pages: httpx.Client, path: str) -> None:
        page = pages.get(path)

        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]

    @pytest.mark.parametrize("path", ["/tickets/1", "/members/nobody", "/companies/1", "/sandbox/record?show=secrets"])
    def test_that_is_not_there_says_so(self, pages: httpx.Client, path: str) -> None:
        page = pages.get(path)

        assert page.status_code == 404
        assert "Not found" in page.text


class TestTicketList:
    def test_finds_by_words_and_board(self, pages: httpx.Client, sandbox: Sandbox) -> None:
        ticket = _ticket(sandbox)

        found = pages.get("/", params={"q": f"#{ticket['id']}", "board": 1})

        assert f"/tickets/{ticket['id']}" in found.text
        assert f"/tickets/{ticket['id']}" not in pages.get("/", params={"q": str(ticket["id"]), "board": 2}).text

    def test_is_reached_by_the_vendors_link(self, pages: httpx.Client) -> None:
        link = "/v2026_1/services/system_io/Service/fv_sr100_request.rails?service_recid=48201&companyName=summit"

        assert "#48201" in pages.get(link).text


class TestCompanies:
    def test_show_what_another_program_made(self, pages: httpx.Client, api: httpx.Client) -> None:
        company = {"identifier": "Fabrikam-1", "name": "Fabrikam", "types": [{"id": 2}]}
        company = api.post("/company/companies", json=company).json()
        item = {"type": {"id": 1}, "value": "ana@fabrikam.example", "defaultFlag": True}
        contact = {"firstName": "Ana", "lastName": "Ruiz", "company": {"id": company["id"]}}
        contact = api.post("/company/contacts", json={**contact, "communicationItems": [item]}).json()
        activity = {"name": "Review call", "assignTo": {"identifier": "jdoe"}, "company": {"id": company["id"]}}
        api.post("/sales/activities", json={**activity, "contact": {"id": contact["id"]}}).raise_for_status()

        listed, shown = pages.get("/companies").text, pages.get(f"/companies/{company['id']}").text

        assert listed.index("Fabrikam") < listed.index("/companies/251")
        assert all(
            text in shown for text in ("Ana Ruiz", "ana@fabrikam.example", "Review call", "SchedulingAPI", "Prospect")
        )
        assert "Review call" in pages.get("/activities").text


class TestTicketPage:
    def test_frames_the_panel_for_this_ticket(self, pages: httpx.Client, api: httpx.Client) -> None:
        url = "http://127.0.0.1:9/pod?id=[cw_id]&screen=[cw_screen]"
        body = {"screenId": 1, "description": "Schedule", "url": url, "type": "Pod"}
        api.post("/system/connectwisehostedsetups", json=body)

        page = pages.get("/tickets/48201").text

        assert 'data-src="http://127.0.0.1:9/pod?id=48201&amp;screen=ticket"' in page
        assert 'data-origin="http://127.0.0.1:9"' in page
        assert "data-src" not in pages.get("/tickets/48208").text

    def test_lets_the_viewer_write_change_and_schedule(self, pages: httpx.Client, sandbox: Sandbox) -> None:
        ticket = _ticket(sandbox)
        path = f"/tickets/{ticket['id']}"
        status = next(
            s for s in sandbox.store.all("boardStatuses") if s["board"]["id"] == 1 and s["name"] == "Scheduled"
        )
        pages.post("/signed-in-member", data={"member": "praman"})

        pages.post(f"{path}/notes", data={"text": "Called.\nNo answer.", "kind": "discussion"})
        pages.post(f"{path}/status", data={"status": str(status["id"])})
        entry = {"member": "104", "date": "2027-03-06", "start": "10:00", "minutes": "30"}
        page = pages.post(f"{path}/entries", data=entry).text

        assert "Called.\nNo answer." in page
        assert "abyrne" in page
        effects = sandbox.store.entries("effects")
        assert [e["kind"] for e in effects] == ["note.created", "status.changed", "entry.created"]
        assert {(e["by"], e["via"]) for e in effects} == {("praman", "screen")}
        # Ten o'clock for Aoife in Leeds.
        assert effects[-1]["object"]["dateStart"] == "2027-03-06T10:00:00Z"

    def test_says_why_something_is_refused(self, pages: httpx.Client) -> None:
        page = pages.post("/tickets/48201/notes", data={"text": " "})
        told = pages.post("/tickets/48201/status", data={"status": "1"}, headers={"accept": "application/json"})

        assert page.status_code == 400
        assert "The text field is required." in page.text
        assert told.json() == {"reasons": ["The status is not valid."]}


class TestCalendar:
    def test_shows_a_night_on_both_of_its_days_and_lets_it_go(self, pages: httpx.Client, sandbox: Sandbox) -> None:
        night = {"name": "Cut-over", "date": "2027-03-09", "from": "22:00", "until": "23:30"}
        page = pages.post("/members/jdoe/entries", data=night)
        entry = sandbox.store.all("entries")[-1]
        assert entry["dateStart"] == "2027-03-10T03:00:00Z"
        shown = pages.get("/members/jdoe?week=2027-03-09").text

        pages.post(f"/entries/{entry['id']}/deletion")

        assert page.status_code == 200
        assert "Cut-over" in shown
        assert "22:00–23:30" in shown
        assert "Cut-over" not in pages.get("/members/jdoe?week=2027-03-09").text


class TestControls:
    def test_register_the_panel_for_both_kinds_of_ticket(self, pages: httpx.Client, sandbox: Sandbox) -> None:
        pages.post("/setup/panel", data={"description": "Schedule", "url": "http://127.0.0.1:9/pod?id=[cw_id]"})
        assert [setup["screenId"] for setup in sandbox.store.all("hostedSetups")] == [1, 2]

        pages.post("/setup/panel/1/deletion")

        assert [setup["screenId"] for setup in sandbox.store.all("hostedSetups")] == [2]

    def test_switch_faults_on_and_off(self, pages: httpx.Client, sandbox: Sandbox) -> None:
        pages.post("/sandbox/faults", data={"preset": "Everything down"})
        page = pages.post("/sandbox/faults", data={"kind": "429", "path": "/schedule/*", "every": "2", "method": "GET"})
        assert "Faults are on" in pages.get("/").text
        assert [fault.kind for fault in sandbox.switchboard.faults] == ["down", "429"]
        assert "one call in 2" in page.text

        pages.post("/sandbox/faults", data={"off": "0"})
        assert [fault.kind for fault in sandbox.switchboard.faults] == ["429"]
        pages.post("/sandbox/faults", data={"off": "all"})

        assert sandbox.switchboard.faults == []
        assert pages.post("/sandbox/faults", data={"kind": "rain"}).status_code == 400

    def test_tell_that_something_changed(self, pages: httpx.Client, api: httpx.Client) -> None:
        before = pages.get("/sandbox/revision").json()
        api.get("/system/info")
        looked = pages.get("/sandbox/revision").json()
        api.post("/service/tickets/48201/notes", json={"text": "x", "internalAnalysisFlag": True})
        written = pages.get("/sandbox/revision").json()

        assert looked["documents"] == before["documents"]
        assert looked["records"] != before["records"]
        assert written["documents"] != looked["documents"]

    def test_start_afresh(self, pages: httpx.Client, sandbox: Sandbox) -> None:
        pages.post("/tickets/48201/notes", data={"text": "Gone soon"})

        page = pages.post("/sandbox/fresh-start")

        assert page.status_code == 200
        assert "Gone soon" not in {note["text"] for note in sandbox.store.all("notes")}
