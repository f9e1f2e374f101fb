from __future__ import annotations

import re
from typing import Any

import httpx


def _link(answer: httpx.Response, rel: str) -> str | None:
    found = re.search(rf'<([^>]+)>; rel="{rel}"', answer.headers.get("link", ""))
    return found[1] if found else None


class TestPaging:
    def test_gives_25_at_a_time_and_links_to_the_next_page(self, api: httpx.Client) -> None:
        first = api.get("/service/tickets")
        url = _link(first, "next")
        assert url is not None
        second = api.get(url)

        assert len(first.json()) == 25
        assert _link(second, "next") is None
        assert _link(second, "prev") is not None
        assert len(first.json()) + len(second.json()) == api.get("/service/tickets/count").json()["count"]
        assert first.json()[-1]["id"] < second.json()[0]["id"]

    def test_keeps_the_question_in_its_links(self, api: httpx.Client) -> None:
        params: dict[str, Any] = {
            "conditions": 'board/name = "Service Desk" and id > 0',
            "orderBy": "id desc",
            "pageSize": 3,
        }
        answer = api.get("/service/tickets", params=params)
        seen = answer.json()
        while url := _link(answer, "next"):
            answer = api.get(url)
            seen += answer.json()

        ids = [ticket["id"] for ticket in seen]
        assert ids == sorted(set(ids), reverse=True)
        assert {ticket["board"]["name"] for ticket in seen} == {"Service Desk"}
        assert len(ids) == api.get("/service/tickets/count", params=params).json()["count"]

    def test_goes_forward_by_the_last_id_seen(self, api: httpx.Client) -> None:
        headers = {"pagination-type": "forward-only"}
        answer = api.get("/schedule/entries", params={"pageSize": 60, "orderBy": "id desc"}, headers=headers)
        ids = [entry["id"] for entry in answer.json()]
        while url := _link(answer, "next"):
            assert "pageId=" in url
            answer = api.get(url, headers=headers)
            ids += [entry["id"] for entry in answer.json()]

        assert ids == sorted(set(ids))
        assert len(ids) == api.get("/schedule/entries/count").json()["count"]

    def test_never_gives_more_than_1000(self, api: httpx.Client) -> None:
        assert len(api.get("/schedule/entries", params={"pageSize": 5000}).json()) <= 1000
        assert api.get("/service/tickets", params={"page": 0}).status_code == 400
        assert api.get("/service/tickets", params={"pageSize": "many"}).status_code == 400
        assert api.get("/service/tickets", params={"page": 99}).json() == []


class TestFields:
    def test_are_the_ones_asked_for(self, api: httpx.Client) -> None:
        answer = api.get("/service/tickets", params={"fields": "id,company/name", "pageSize": 1}).json()[0]

        assert set(answer) == {"id", "company"}
        assert set(answer["company"]) == {"name"}


class TestQuestions:
    def test_are_refused_in_the_vendors_shape_when_they_make_no_sense(self, api: httpx.Client) -> None:
        for params in ({"conditions": "summary ="}, {"conditions": "colour='red'"}, {"orderBy": "id sideways"}):
            answer = api.get("/service/tickets", params=params)

            assert answer.status_code == 400
            assert set(answer.json()) == {"code", "message", "errors"}

    def test_may_be_posted(self, api: httpx.Client) -> None:
        asked: dict[str, Any] = {"conditions": "closedFlag=false", "orderBy": "id desc"}

        found = api.post("/service/tickets/search", json=asked, params={"pageSize": 5}).json()

        assert len(found) == 5
        assert found == api.get("/service/tickets", params={**asked, "pageSize": 5}).json()

    def test_find_a_contact_by_address(self, api: httpx.Client) -> None:
        shared = api.get("/company/contacts", params={"childConditions": 'communicationItems/value like "frontdesk@*"'})

        assert len(shared.json()) == 2

    def test_of_one_kind_of_ticket_never_show_the_other(self, api: httpx.Client) -> None:
        project = api.get("/project/tickets").json()[0]["id"]

        assert api.get(f"/service/tickets/{project}").status_code == 404
        assert api.get(f"/service/tickets/{project}/notes").status_code == 404
        assert api.get(f"/project/tickets/{project}").status_code == 200

    def test_about_nothing_are_404_and_405(self, api: httpx.Client) -> None:
        assert api.get("/service/nonsense").status_code == 404
        assert api.get("/service/boards/99/statuses").status_code == 404
        assert api.delete("/service/boards/1").status_code == 405
        assert (
            api.post("/service/tickets", content=b"{", headers={"content-type": "application/json"}).status_code == 400
        )
        assert api.post("/service/tickets", content=b"x").status_code == 415

    def test_get_the_model_version_that_they_pin(self, api: httpx.Client) -> None:
        pinned = "application/vnd.connectwise.com+json; version=2025.1"

        assert api.get("/system/info", headers={"accept": pinned}).headers["content-type"] == pinned
        assert api.get("/system/info").headers["content-type"] == "application/json"
