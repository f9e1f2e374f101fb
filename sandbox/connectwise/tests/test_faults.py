from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.connectwise.server import Sandbox


def _switch(sandbox: Sandbox, *faults: dict[str, Any]) -> httpx.Response:
    return httpx.put(f"{sandbox.url}/_sandbox/faults", json={"faults": faults}, trust_env=False)


NOTE = {"text": "Hello", "internalAnalysisFlag": True}


class TestHeader:
    def test_spoils_one_call(self, api: httpx.Client) -> None:
        spoiled = api.get("/system/info", headers={"X-Sandbox-Fault": "429"})

        assert spoiled.status_code == 429
        assert spoiled.headers["retry-after"] == "30"
        assert api.get("/system/info", headers={"X-Sandbox-Fault": "500"}).status_code == 500
        assert api.get("/system/info", headers={"X-Sandbox-Fault": "latency=1"}).status_code == 200
        assert api.get("/system/info", headers={"X-Sandbox-Fault": "nonsense"}).status_code == 400
        assert api.get("/system/info").status_code == 200

    def test_drops_the_connection(self, api: httpx.Client) -> None:
        with pytest.raises(httpx.RemoteProtocolError):
            api.get("/system/info", headers={"X-Sandbox-Fault": "reset"})

    def test_gives_no_answer(self, api: httpx.Client) -> None:
        with pytest.raises(httpx.ReadTimeout):
            api.get("/system/info", headers={"X-Sandbox-Fault": "timeout"}, timeout=0.2)


class TestSwitchboard:
    def test_hits_the_calls_that_match(self, sandbox: Sandbox, api: httpx.Client) -> None:
        _switch(sandbox, {"kind": "500", "path": "/schedule/*", "method": "GET"})

        assert api.get("/schedule/entries").status_code == 500
        assert api.get("/system/info").status_code == 200
        assert api.post("/schedule/entries", json={}).status_code == 400

    def test_hits_each_nth_call_and_only_so_many(self, sandbox: Sandbox, api: httpx.Client) -> None:
        _switch(sandbox, {"kind": "429", "every": 2, "times": 2, "amount": 7})

        answers = [api.get("/system/info") for _ in range(6)]

        assert [answer.status_code for answer in answers] == [200, 429, 200, 429, 200, 200]
        assert answers[1].headers["retry-after"] == "7"

    def test_can_lose_the_answer_of_a_call_that_was_carried_out(self, sandbox: Sandbox, api: httpx.Client) -> None:
        _switch(sandbox, {"kind": "reset-after", "method": "POST", "times": 1})

        with pytest.raises(httpx.RemoteProtocolError):
            api.post("/service/tickets/48201/notes", json=NOTE)

        assert [effect["kind"] for effect in sandbox.store.entries("effects")] == ["note.created"]
        request = sandbox.store.entries("requests")[-1]
        assert (request["fault"], request["carriedOut"]) == ("reset-after", 201)

    def test_carries_nothing_out_when_the_fault_comes_first(self, sandbox: Sandbox, api: httpx.Client) -> None:
        _switch(sandbox, {"kind": "500"})

        assert api.post("/service/tickets/48201/notes", json=NOTE).status_code == 500

        assert sandbox.store.entries("effects") == []

    @pytest.mark.parametrize(("kind", "status"), [("403", 403), ("expired-key", 401), ("down", 503), ("503", 503)])
    def test_can_refuse_everybody(self, sandbox: Sandbox, api: httpx.Client, kind: str, status: int) -> None:
        _switch(sandbox, {"kind": kind})

        assert api.get("/system/info").status_code == status

    def test_takes_discovery_down_with_the_rest(self, sandbox: Sandbox) -> None:
        _switch(sandbox, {"kind": "down"})

        assert httpx.get(f"{sandbox.url}/login/companyinfo/summit", trust_env=False).status_code == 503
        assert httpx.get(f"{sandbox.url}/", trust_env=False).status_code == 200

    @pytest.mark.parametrize("fault", [{"kind": "rain"}, {"kind": "500", "every": 0}, {"kind": "500", "colour": 1}])
    def test_refuses_what_it_does_not_know(self, sandbox: Sandbox, fault: dict[str, Any]) -> None:
        assert _switch(sandbox, fault).status_code == 400
        assert sandbox.switchboard.faults == []


class TestRecord:
    def test_keeps_what_was_asked_and_no_secret(self, sandbox: Sandbox, api: httpx.Client) -> None:
        api.get("/service/tickets", params={"conditions": "id=48201"})
        api.post("/service/tickets/48201/notes", json=NOTE)

        answer = httpx.get(f"{sandbox.url}/_sandbox/requests", params={"since": 0}, trust_env=False)

        first, second = answer.json()["requests"]
        assert (first["method"], first["path"], first["status"]) == ("GET", "/service/tickets", 200)
        assert first["query"] == "conditions=id%3D48201"
        assert (second["body"], second["by"]) == (NOTE, "SchedulingAPI")
        assert sandbox.private_key not in answer.text
