"""
A walk through the API, every answer held against the vendor's own schema, without a property more than it names.

The schema is not ours to keep: it is read from a folder beside the repository and the walk is skipped where that is
absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from sandbox.connectwise import constants
from sandbox.connectwise.server import Options, Sandbox, running
from sandbox.connectwise.tests.conftest import TODAY

SCHEMA = Path(__file__).parents[4] / "shared" / "specs" / "connectwise.json"
SERVER = "https://api-na.myconnectwise.net"

pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason=f"the vendor's schema is not there: {SCHEMA}")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", today=TODAY, rate_limit=0)) as started:
        yield started


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SCHEMA.read_text())
    _forbid_unnamed_properties(document["components"]["schemas"])
    return document


@pytest.fixture(scope="module")
def contract(schema: dict[str, Any]) -> OpenAPI:
    return OpenAPI.from_dict(schema)


def _forbid_unnamed_properties(node: Any) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
            node["additionalProperties"] = False
        for child in node.values():
            _forbid_unnamed_properties(child)
    elif isinstance(node, list):
        for child in node:
            _forbid_unnamed_properties(child)


class Walk:
    """Calls the API and checks each exchange, request and response."""

    def __init__(self, api: httpx.Client, contract: OpenAPI) -> None:
        self.api = api
        self.contract = contract

    def __call__(self, method: str, path: str, *, body: Any = None, params: dict[str, Any] | None = None) -> Any:
        response = self.api.request(method, path, json=body, params=params)
        assert response.status_code < 300, f"{method} {path}: {response.status_code} {response.text}"
        request = MockRequest(
            SERVER,
            method.lower(),
            f"/v4_6_release/apis/3.0{path}",
            args=params,
            headers={"clientId": constants.CLIENT_ID, "Authorization": "Basic c3VtbWl0"},
            data=json.dumps(body).encode() if body is not None else b"",
            content_type="application/json",
        )
        answer = MockResponse(
            response.content,
            status_code=response.status_code,
            content_type=response.headers.get("content-type", ""),
        )
        if body is not None:
            self.contract.validate_request(request)
        self.contract.validate_response(request, answer)
        return response.json() if response.content else None


@pytest.fixture
def walk(api: httpx.Client, contract: OpenAPI) -> Walk:
    return Walk(api, contract)


def _words(text: str) -> list[str]:
    return text.split()


READ = _words("""
/system/info /system/info/members /system/info/members/101 /system/members /system/members/count /system/members/101
/system/myMembers /system/myMembers/info /system/locations /system/locations/2 /system/departments
/system/departments/10 /system/timeZoneSetups /system/timeZoneSetups/info /system/timeZoneSetups/1 /system/cwTimeZones
/system/cwTimeZones/1 /system/links /system/links/1 /system/connectWiseHostedScreens /system/connectwisehostedsetups
/system/callbacks /system/callbacks/count /service/boards /service/boards/count /service/boards/1
/service/boards/1/statuses /service/boards/1/statuses/501 /service/boards/1/types /service/boards/1/types/211
/service/boards/1/subtypes /service/boards/1/items /service/boards/1/teams /service/boards/1/teams/1 /service/teams
/service/teams/1 /service/locations /service/locations/1 /service/priorities /service/priorities/1 /service/sources
/service/scheduling/members/info /service/tickets /service/tickets/count /service/tickets/48201
/service/tickets/48201/notes /service/tickets/48201/allNotes /service/tickets/48201/scheduleentries
/service/tickets/48201/scheduleentries/count /service/tickets/48201/activities /project/tickets /project/tickets/count
/project/tickets/48208 /project/tickets/48208/notes /project/tickets/48208/allNotes
/project/tickets/48208/scheduleentries /project/projects /project/projects/count /project/projects/301
/project/projects/301/phases /project/projects/301/teamMembers /project/projects/301/teamMembers/3011
/project/boards/5/teams /project/boards/5/teams/1 /project/boards/5/teams/1/members /company/companies
/company/companies/count /company/companies/250 /company/companies/250/sites /company/companies/250/sites/count
/company/companies/250/sites/1250 /company/companies/250/teams /company/companies/250/teams/250
/company/companies/statuses /company/companies/types /company/contacts /company/contacts/count /company/contacts/3000
/company/contacts/3000/communications /company/contacts/3000/communications/30001 /company/contacts/types
/company/communicationTypes /company/communicationTypes/1 /schedule/calendars /schedule/calendars/info
/schedule/calendars/1 /schedule/holidayLists /schedule/holidayLists/1 /schedule/holidayLists/1/holidays
/schedule/holidayLists/1/holidays/1 /schedule/reminderTimes /schedule/reminderTimes/1 /schedule/statuses
/schedule/statuses/1 /schedule/types /schedule/types/count /schedule/types/4 /schedule/entries /schedule/entries/count
/schedule/entries/7001 /schedule/entries/7001/details /sales/activities /sales/activities/count /sales/activities/types
/sales/activities/types/1 /sales/activities/statuses /sales/activities/statuses/1
""")


class TestVendorSchema:
    @pytest.mark.parametrize("path", READ)
    def test_holds_for_what_is_read(self, walk: Walk, path: str) -> None:
        last = path.rpartition("/")[2]
        is_list = not last.isdigit() and last not in ("count", "info", "myMembers")

        answer = walk("GET", path, params={"pageSize": 1000} if is_list else None)

        assert answer or path.rpartition("/")[2] in (
            "subtypes", "items", "callbacks", "connectwisehostedsetups", "activities", "scheduleentries"
        )  # fmt: skip

    def test_holds_for_a_booking_and_its_end(self, walk: Walk) -> None:
        entry = walk(
            "POST",
            "/schedule/entries",
            body={
                "objectId": 48201,
                "type": {"identifier": "S"},
                "member": {"identifier": "jdoe"},
                "dateStart": "2027-03-06T14:00:00Z",
                "dateEnd": "2027-03-06T15:00:00Z",
                "status": {"name": "Firm"},
                "where": {"name": "Remote"},
                "reminder": {"id": 4},
            },
        )
        note = {"text": "Booked.", "internalAnalysisFlag": True}

        walk("PATCH", f"/schedule/entries/{entry['id']}", body=[{"op": "replace", "path": "doneFlag", "value": True}])
        walk("PUT", f"/schedule/entries/{entry['id']}", body={**_writable(entry), "name": "Moved"})
        walk("GET", "/service/tickets/48201/scheduleentries")
        kept = walk("POST", "/service/tickets/48201/notes", body=note)
        walk(
            "PATCH",
            f"/service/tickets/48201/notes/{kept['id']}",
            body=[{"op": "replace", "path": "text", "value": "x"}],
        )
        walk("POST", "/project/tickets/48208/notes", body=note)
        walk("POST", "/service/tickets/search", body={"conditions": "id=48201"})
        walk("DELETE", f"/schedule/entries/{entry['id']}")

    def test_holds_for_tickets_contacts_and_activities(self, walk: Walk) -> None:
        company = walk("POST", "/company/companies", body={"identifier": "Newcomer", "name": "Newcomer Ltd"})
        site = walk("POST", f"/company/companies/{company['id']}/sites", body={"name": "Branch"})
        items = [{"type": {"id": 1}, "value": "kit@newcomer.example", "defaultFlag": True}]
        contact = walk(
            "POST",
            "/company/contacts",
            body={
                "firstName": "Kit",
                "lastName": "Moore",
                "company": {"id": company["id"]},
                "communicationItems": items,
            },
        )
        communications = f"/company/contacts/{contact['id']}/communications"
        phone = walk("POST", communications, body={"type": {"id": 4}, "value": "6145550199"})
        walk(
            "PATCH", f"{communications}/{phone['id']}", body=[{"op": "replace", "path": "value", "value": "6145550198"}]
        )
        ticket = walk(
            "POST",
            "/service/tickets",
            body={
                "summary": "Set up the new office",
                "company": {"id": company["id"]},
                "contact": {"id": contact["id"]},
                "site": {"id": site["id"]},
                "initialDescription": "From Monday.",
            },
        )
        walk("GET", f"/service/tickets/{ticket['id']}/notes")
        walk("POST", "/project/tickets", body={"summary": "Survey", "phase": {"id": 3011}})
        activity = walk(
            "POST",
            "/sales/activities",
            body={
                "name": "Review",
                "assignTo": {"id": 101},
                "dateStart": "2027-03-07T14:00:00Z",
                "dateEnd": "2027-03-07T15:00:00Z",
                "ticket": {"id": ticket["id"]},
            },
        )
        walk("GET", f"/service/tickets/{ticket['id']}/activities")
        walk("GET", "/schedule/entries", params={"conditions": 'type/identifier="C"'})
        walk("DELETE", f"/sales/activities/{activity['id']}")

    def test_holds_for_callbacks_and_hosted_setups(self, walk: Walk) -> None:
        callback = walk(
            "POST",
            "/system/callbacks",
            body={"url": "http://127.0.0.1:9/?recordId=", "objectId": 1, "type": "ticket", "level": "owner"},
        )
        path = f"/system/callbacks/{callback['id']}"
        setup = walk(
            "POST",
            "/system/connectwisehostedsetups",
            body={"screenId": 1, "description": "Panel", "url": "http://127.0.0.1:9/pod?id=[cw_id]", "type": "Pod"},
        )

        walk("PATCH", path, body=[{"op": "replace", "path": "inactiveFlag", "value": True}])
        walk("GET", path)
        walk("GET", f"/system/connectwisehostedsetups/{setup['id']}")
        walk("DELETE", path)

    def test_holds_for_discovery(self, sandbox: Sandbox, schema: dict[str, Any]) -> None:
        answer = httpx.get(f"{sandbox.url}/login/companyinfo/summit", trust_env=False).json()

        assert set(answer) == set(schema["components"]["schemas"]["LoginCompanyInfo"]["properties"])

    def test_holds_for_refusals(self, api: httpx.Client, schema: dict[str, Any]) -> None:
        answers = [
            api.get("/service/tickets/1"),
            api.get("/service/tickets", params={"conditions": "summary ="}),
            api.post("/service/tickets", json={}),
            api.get("/service/tickets", headers={"clientId": ""}),
        ]

        named = schema["components"]["schemas"]["ErrorResponseMessage"]["properties"]
        fields = schema["components"]["schemas"]["ValidationError"]["properties"]
        for answer in answers:
            assert answer.status_code >= 400
            assert set(answer.json()) == set(named)
            assert all(set(error) <= set(fields) for error in answer.json()["errors"] or ())


def _writable(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in ("id", "_info")}
