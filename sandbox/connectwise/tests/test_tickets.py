from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.connectwise.server import Sandbox


def _replace(path: str, value: Any) -> list[dict[str, Any]]:
    return [{"op": "replace", "path": path, "value": value}]


@pytest.fixture
def ticket(api: httpx.Client) -> dict[str, Any]:
    params: dict[str, Any] = {"conditions": "board/id=1 and closedFlag=false and contact != null", "pageSize": 1}
    found: dict[str, Any] = api.get("/service/tickets", params=params).json()[0]
    return found


def _status(api: httpx.Client, board: int, name: str) -> int:
    found = api.get(f"/service/boards/{board}/statuses", params={"conditions": f'name="{name}"'}).json()
    return int(found[0]["id"])


class TestPatch:
    def test_changes_the_status_and_is_told_by_it_whether_the_ticket_is_closed(
        self, api: httpx.Client, ticket: dict[str, Any]
    ) -> None:
        path = f"/service/tickets/{ticket['id']}"

        closed = api.patch(path, json=_replace("status", {"id": _status(api, 1, "Closed")})).json()
        opened = api.patch(path, json=_replace("status", {"name": "Scheduled"})).json()

        assert closed["closedFlag"] is True
        assert closed["closedDate"]
        assert opened["closedFlag"] is False
        assert "closedDate" not in opened
        assert opened["status"] == {"id": _status(api, 1, "Scheduled"), "name": "Scheduled"}

    def test_refuses_the_status_of_another_board(self, api: httpx.Client, ticket: dict[str, Any]) -> None:
        path, foreign = f"/service/tickets/{ticket['id']}", _status(api, 2, "Scheduled")

        answer = api.patch(path, json=_replace("status", {"id": foreign}))

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "status"
        assert api.patch(path, json=_replace("board", {"id": 2})).status_code == 400
        both = [*_replace("board", {"id": 2}), *_replace("status", {"id": foreign})]
        unset = [{"op": "remove", "path": name} for name in ("type", "team")]
        assert api.patch(path, json=[*both, *unset]).json()["board"]["id"] == 2

    def test_answers_200_for_a_nested_path_and_changes_nothing(self, api: httpx.Client, ticket: dict[str, Any]) -> None:
        answer = api.patch(f"/service/tickets/{ticket['id']}", json=_replace("company/identifier", "other"))

        assert answer.status_code == 200
        assert answer.json() == ticket

    @pytest.mark.parametrize(
        "body",
        [
            {"op": "replace", "path": "summary", "value": "x"},
            _replace("Summary", "case matters"),
            _replace("summary", "x" * 101),
            _replace("summary", 5),
            _replace("requiredDate", "soon"),
            _replace("automaticEmailContactFlag", "yes"),
            _replace("contact", "Jo"),
            _replace("customFields", {"id": 1}),
            [{"op": "copy", "path": "summary", "value": "x"}],
            [{"op": "remove", "path": "summary"}],
            _replace("owner", {"identifier": "nobody"}),
            ["summary"],
        ],
    )
    def test_refuses_what_makes_no_sense(self, api: httpx.Client, ticket: dict[str, Any], body: Any) -> None:
        answer = api.patch(f"/service/tickets/{ticket['id']}", json=body)

        assert answer.status_code == 400
        assert api.get(f"/service/tickets/{ticket['id']}").json() == ticket

    def test_takes_a_reference_by_its_natural_key(self, api: httpx.Client, ticket: dict[str, Any]) -> None:
        changed = api.patch(f"/service/tickets/{ticket['id']}", json=_replace("owner", {"identifier": "PRAMAN"})).json()

        assert changed["owner"] == {"id": 102, "identifier": "praman", "name": "Priya Raman"}


class TestCreating:
    def test_fills_in_what_the_caller_leaves_out(self, api: httpx.Client) -> None:
        body = {"summary": "Set up", "company": {"identifier": "BirchwoodDentalGroup"}, "contact": {"id": 3000}}

        made = api.post("/service/tickets", json={**body, "initialDescription": "From Monday."}).json()

        assert made["status"]["name"] == "New"
        assert made["board"]["id"] == 1
        assert "@" in made["contactEmailAddress"]
        notes = api.get(f"/service/tickets/{made['id']}/notes").json()
        assert [note["text"] for note in notes] == ["From Monday."]

    def test_refuses_a_ticket_without_its_required_fields(self, api: httpx.Client) -> None:
        answer = api.post("/service/tickets", json={"summary": "No company"})

        assert answer.status_code == 400
        assert answer.json() == {
            "code": "InvalidObject",
            "message": "ticket object is invalid",
            "errors": [
                {
                    "code": "MissingRequiredField",
                    "message": "The company field is required.",
                    "resource": "ticket",
                    "field": "company",
                }
            ],
        }

    def test_takes_a_project_tickets_company_and_board_from_its_phase(self, api: httpx.Client) -> None:
        made = api.post("/project/tickets", json={"summary": "Survey", "phase": {"id": 3011}}).json()

        assert made["project"]["id"] == 301
        assert made["board"]["name"] == "Client Projects"
        assert "recordType" not in made


class TestReplacing:
    def test_resets_what_the_body_leaves_out(self, api: httpx.Client, ticket: dict[str, Any]) -> None:
        body = {key: ticket[key] for key in ("summary", "company", "board", "status")}

        api.put(f"/service/tickets/{ticket['id']}", json=body)

        assert "contact" not in api.get(f"/service/tickets/{ticket['id']}").json()


class TestNotes:
    def test_say_who_wrote_them_and_when(self, api: httpx.Client, ticket: dict[str, Any], sandbox: Sandbox) -> None:
        path = f"/service/tickets/{ticket['id']}/notes"

        note = api.post(path, json={"text": "Booked.", "internalAnalysisFlag": True, "member": {"id": 101}}).json()

        assert note["createdBy"] == "SchedulingAPI"
        assert note["internalFlag"] is True
        assert note in api.get(path).json()
        everything = api.get(f"/service/tickets/{ticket['id']}/allNotes").json()
        assert "TicketNote" in {each["noteType"] for each in everything}
        effect = sandbox.store.entries("effects")[-1]
        assert (effect["kind"], effect["ticketId"], effect["via"]) == ("note.created", ticket["id"], "api")

    @pytest.mark.parametrize("body", [{"text": "Nowhere to be shown"}, {"internalAnalysisFlag": True}])
    def test_need_a_text_and_a_place(self, api: httpx.Client, ticket: dict[str, Any], body: dict[str, Any]) -> None:
        assert api.post(f"/service/tickets/{ticket['id']}/notes", json=body).status_code == 400


class TestConflicts:
    def test_of_names_and_of_use_are_409(self, api: httpx.Client, ticket: dict[str, Any]) -> None:
        company = {"identifier": ticket["company"]["identifier"], "name": "Again"}

        assert api.post("/company/companies", json=company).json()["code"] == "ObjectExists"
        assert api.delete(f"/company/companies/{ticket['company']['id']}").status_code == 409
        assert api.delete(f"/company/contacts/{ticket['contact']['id']}").status_code == 409


class TestContacts:
    def test_show_their_communication_items_however_these_were_changed(self, api: httpx.Client) -> None:
        items = [{"type": {"name": "Email"}, "value": "kit@newcomer.example", "defaultFlag": True}]
        body = {"firstName": "Kit", "lastName": "Moore", "company": {"id": 250}, "communicationItems": items}
        made = api.post("/company/contacts", json=body).json()
        path = f"/company/contacts/{made['id']}"

        phone = api.post(f"{path}/communications", json={"type": {"id": 4}, "value": "6145550199"}).json()
        with_phone = api.get(path).json()
        api.delete(f"{path}/communications/{phone['id']}")

        assert made["communicationItems"][0]["domain"] == "@newcomer.example"
        assert with_phone["defaultPhoneNbr"] == "6145550199"
        assert len(with_phone["communicationItems"]) == 2
        assert len(api.get(path).json()["communicationItems"]) == 1
