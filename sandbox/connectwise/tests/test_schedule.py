from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.connectwise.server import Sandbox

TICKET = 48201
ENTRY = {
    "objectId": TICKET,
    "type": {"identifier": "S"},
    "member": {"identifier": "jdoe"},
    "dateStart": "2027-03-07T14:00:00Z",
    "dateEnd": "2027-03-07T15:30:00Z",
}


def _made(api: httpx.Client, **changes: Any) -> dict[str, Any]:
    answer = api.post("/schedule/entries", json={**ENTRY, **changes})
    assert answer.status_code == 201, answer.text
    entry: dict[str, Any] = answer.json()
    return entry


def _resources(api: httpx.Client) -> str:
    return str(api.get(f"/service/tickets/{TICKET}").json().get("resources", ""))


class TestEntry:
    def test_gets_name_status_and_hours_from_the_psa(self, api: httpx.Client) -> None:
        entry = _made(api)

        assert entry["name"] == api.get(f"/service/tickets/{TICKET}").json()["summary"]
        assert entry["status"]["name"] == "Firm"
        assert entry["hours"] == 1.5
        references = api.get(f"/service/tickets/{TICKET}/scheduleentries").json()
        assert references == [{"id": entry["id"], "description": entry["name"]}]

    def test_puts_its_member_on_the_ticket_until_the_last_open_one_is_gone(self, api: httpx.Client) -> None:
        first = _made(api)
        second = _made(api, dateStart="2027-03-07T18:00:00Z", dateEnd="2027-03-07T19:00:00Z")
        _made(api, member={"identifier": "praman"})
        assert _resources(api) == "jdoe, praman"

        api.delete(f"/schedule/entries/{first['id']}")
        assert _resources(api) == "jdoe, praman"
        api.patch(f"/schedule/entries/{second['id']}", json=[{"op": "replace", "path": "doneFlag", "value": True}])

        assert _resources(api) == "praman"

    def test_is_written_in_utc_whatever_the_offset(self, api: httpx.Client) -> None:
        entry = _made(api, dateStart="2027-03-07T09:00:00-05:00")

        assert entry["dateStart"] == "2027-03-07T14:00:00Z"

    def test_is_refused_over_another_unless_conflicts_are_allowed(self, api: httpx.Client) -> None:
        _made(api)
        across = {"dateStart": "2027-03-07T15:00:00Z", "dateEnd": "2027-03-07T16:00:00Z"}

        refused = api.post("/schedule/entries", json={**ENTRY, **across})

        assert refused.status_code == 400
        assert refused.json()["errors"][0]["code"] == "ScheduleConflict"
        _made(api, **across, allowScheduleConflictsFlag=True)
        _made(api, dateStart="2027-03-07T16:00:00Z", dateEnd="2027-03-07T16:30:00Z")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"type": None}, "type"),
            ({"member": None}, "member"),
            ({"member": {"identifier": "lsterling"}}, "member"),
            ({"member": {"identifier": "SchedulingAPI"}}, "member"),
            ({"objectId": None}, "objectId"),
            ({"objectId": 1}, "objectId"),
            ({"dateEnd": "2027-03-07T13:00:00Z"}, "dateEnd"),
            ({"dateStart": "soon"}, "dateStart"),
            ({"objectId": "48201"}, "objectId"),
            ({"doneFlag": 1}, "doneFlag"),
            ({"name": "x" * 251}, "name"),
        ],
    )
    def test_is_refused_without_what_it_needs(self, api: httpx.Client, changes: dict[str, Any], field: str) -> None:
        answer = api.post("/schedule/entries", json={**ENTRY, **changes})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == field

    def test_moves_but_keeps_its_ticket(self, api: httpx.Client) -> None:
        path = f"/schedule/entries/{_made(api)['id']}"
        later = [
            {"op": "replace", "path": "dateStart", "value": "2027-03-07T20:00:00Z"},
            {"op": "replace", "path": "dateEnd", "value": "2027-03-07T21:00:00Z"},
        ]

        assert api.patch(path, json=later).json()["hours"] == 1.0
        assert api.patch(path, json=[{"op": "replace", "path": "objectId", "value": 48202}]).status_code == 400

    def test_on_a_project_needs_a_member_of_its_team(self, api: httpx.Client) -> None:
        ticket = api.get("/project/tickets", params={"pageSize": 1}).json()[0]
        body = {**ENTRY, "objectId": ticket["id"]}
        team = f"/project/projects/{ticket['project']['id']}/teamMembers"
        before = len(api.get(team).json())

        assert api.post("/schedule/entries", json=body).json()["errors"][0]["field"] == "member"
        joined = api.post("/schedule/entries", json={**body, "addMemberToProjectFlag": True, "projectRoleId": 1})

        assert joined.status_code == 201
        assert len(api.get(team).json()) == before + 1

    def test_may_be_deleted_with_word_to_the_member(self, api: httpx.Client) -> None:
        entry = _made(api)

        assert api.delete(f"/schedule/entries/{entry['id']}/true").status_code == 204
        assert api.get(f"/schedule/entries/{entry['id']}").status_code == 404


class TestActivity:
    def test_with_dates_holds_an_entry_that_follows_it(self, api: httpx.Client) -> None:
        dates = {"dateStart": "2027-03-07T14:00:00Z", "dateEnd": "2027-03-07T15:00:00Z"}
        activity = api.post("/sales/activities", json={"name": "Review", "assignTo": {"id": 101}, **dates}).json()
        path = f"/sales/activities/{activity['id']}"
        of_it = {"conditions": f'type/identifier="C" and objectId={activity["id"]}'}

        api.patch(path, json=[{"op": "replace", "path": "dateEnd", "value": "2027-03-07T16:00:00Z"}])
        assert [e["dateEnd"] for e in api.get("/schedule/entries", params=of_it).json()] == ["2027-03-07T16:00:00Z"]
        api.patch(path, json=[{"op": "replace", "path": "status", "value": {"name": "Closed"}}])
        assert [e["doneFlag"] for e in api.get("/schedule/entries", params=of_it).json()] == [True]
        api.delete(path)

        assert api.get("/schedule/entries", params=of_it).json() == []


class TestEffects:
    def test_tell_of_every_write_through_the_api_once(self, api: httpx.Client, sandbox: Sandbox) -> None:
        entry = _made(api)
        scheduled = {"op": "replace", "path": "status", "value": {"name": "Scheduled"}}
        api.patch(f"/service/tickets/{TICKET}", json=[scheduled])
        api.delete(f"/schedule/entries/{entry['id']}")

        answer = httpx.get(f"{sandbox.url}/_sandbox/effects", params={"since": 0}, trust_env=False).json()["effects"]

        assert [effect["kind"] for effect in answer] == ["entry.created", "status.changed", "entry.deleted"]
        assert {effect["ticketId"] for effect in answer} == {TICKET}
        assert answer[1]["to"]["name"] == "Scheduled"
        later = httpx.get(f"{sandbox.url}/_sandbox/effects", params={"since": answer[-1]["seq"]}, trust_env=False)
        assert later.json() == {"effects": []}
