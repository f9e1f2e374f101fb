from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from sandbox.connectwise.server import Options, Sandbox, running

from .conftest import TODAY, client_for


class Receiver:
    """A real HTTP server that answers with the statuses it is given, 200 when there are none left."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.received: queue.Queue[tuple[str, dict[str, str], bytes]] = queue.Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("content-length", "0")
                self.end_headers()
                receiver.received.put((self.path, headers, body))

            def log_message(self, *_args: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def next(self) -> tuple[str, dict[str, str], dict[str, Any], bytes]:
        path, headers, body = self.received.get(timeout=10)
        return path, headers, json.loads(body), body


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(10)


def _register(api: httpx.Client, receiver: Receiver, **changes: Any) -> dict[str, Any]:
    body = {"url": f"{receiver.url}/hook?recordId=", "objectId": 1, "type": "ticket", "level": "owner"}
    answer = api.post("/system/callbacks", json={**body, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _note(api: httpx.Client, ticket: int = 48201) -> None:
    api.post(f"/service/tickets/{ticket}/notes", json={"text": "Hello", "internalAnalysisFlag": True})


def _wait_for_deliveries(sandbox: Sandbox, count: int) -> list[dict[str, Any]]:
    """The log of deliveries, once it has so many entries."""
    for _ in range(1000):
        entries = sandbox.store.entries("deliveries")
        if len(entries) >= count:
            return entries
        threading.Event().wait(0.01)
    raise AssertionError(f"{len(entries)} deliveries instead of {count}")


class TestDelivery:
    def test_is_signed_with_the_key_that_it_names(self, api: httpx.Client, receiver: Receiver) -> None:
        callback = _register(api, receiver)

        _note(api)

        path, headers, message, body = receiver.next()
        key = httpx.get(message["Metadata"]["key_url"], trust_env=False).json()["signing_key"]
        digest = hmac.new(hashlib.sha256(key.encode()).digest(), body, hashlib.sha256).digest()
        assert headers["x-content-signature"] == base64.b64encode(digest).decode()
        assert path == "/hook?recordId=48201&action=updated"
        assert (message["Type"], message["Action"], message["ID"]) == ("ticket", "updated", 48201)
        assert message["CallbackObjectRecId"] == callback["id"]
        assert json.loads(message["Entity"])["summary"] == api.get("/service/tickets/48201").json()["summary"]

    def test_tells_of_an_entry_and_of_the_ticket_that_it_changed(self, api: httpx.Client, receiver: Receiver) -> None:
        _register(api, receiver)
        _register(api, receiver, type="schedule", level="member", objectId=101)
        body = {
            "objectId": 48201,
            "type": {"identifier": "S"},
            "member": {"id": 101},
            "dateStart": "2027-03-07T14:00:00Z",
            "dateEnd": "2027-03-07T15:00:00Z",
        }

        entry = api.post("/schedule/entries", json=body).json()
        told = {(message["Type"], message["Action"]) for _, _, message, _ in (receiver.next(), receiver.next())}
        api.delete(f"/schedule/entries/{entry['id']}")
        gone = {message["Action"]: message["Entity"] for _, _, message, _ in (receiver.next(), receiver.next())}

        assert told == {("schedule", "added"), ("ticket", "updated")}
        assert gone["deleted"] == ""

    def test_is_left_out_when_nobody_asked(self, api: httpx.Client, receiver: Receiver) -> None:
        _register(api, receiver, level="ticket", objectId=48202)
        _register(api, receiver, isSelfSuppressedFlag=True)
        status = {"op": "replace", "path": "status", "value": {"name": "New"}}
        skip = {"op": "replace", "path": "skipCallback", "value": True}

        _note(api, 48201)
        api.patch("/service/tickets/48202", json=[status, skip])
        _note(api, 48202)

        assert receiver.next()[2]["ID"] == 48202
        assert receiver.received.empty()

    @pytest.mark.parametrize("status", [404, 409, 419, 429])
    def test_is_tried_three_times_when_it_is_worth_it(
        self, api: httpx.Client, sandbox: Sandbox, receiver: Receiver, status: int
    ) -> None:
        _register(api, receiver)
        receiver.statuses = [status, status]

        _note(api)

        assert [entry["status"] for entry in _wait_for_deliveries(sandbox, 3)] == [status, status, 200]
        assert len({entry["messageId"] for entry in sandbox.store.entries("deliveries")}) == 1

    def test_is_not_tried_again_after_a_server_error(
        self, api: httpx.Client, sandbox: Sandbox, receiver: Receiver
    ) -> None:
        _register(api, receiver)
        receiver.statuses = [500]

        _note(api)
        _wait_for_deliveries(sandbox, 1)
        _note(api)

        assert [entry["status"] for entry in _wait_for_deliveries(sandbox, 2)] == [500, 200]

    def test_ends_after_three_failing_days_until_it_is_revived(self, receiver: Receiver) -> None:
        moment = datetime(2027, 3, 1, 12, tzinfo=UTC)
        options = Options(size="small", today=TODAY, clock=lambda: moment, callback_waits=(), rate_limit=0)
        with running(options) as sandbox, client_for(sandbox) as api:
            path = f"/system/callbacks/{_register(api, receiver)['id']}"
            for day in range(3):
                assert api.get(path).json()["inactiveFlag"] is False
                receiver.statuses = [500]
                _note(api)
                _wait_for_deliveries(sandbox, day + 1)
                moment += timedelta(days=1)

            assert _eventually(lambda: api.get(path).json()["inactiveFlag"] is True)
            revived = api.patch(path, json=[{"op": "replace", "path": "inactiveFlag", "value": False}]).json()
            _note(api)

            assert revived["inactiveFlag"] is False
            assert _wait_for_deliveries(sandbox, 4)[-1]["status"] == 200


def _eventually(holds: Any) -> bool:
    for _ in range(200):
        if holds():
            return True
        threading.Event().wait(0.01)
    return False


class TestRegistration:
    @pytest.mark.parametrize(
        "changes", [{"type": "weather"}, {"level": "phase"}, {"url": "ftp://x"}, {"objectId": "all"}, {"level": None}]
    )
    def test_is_refused_when_it_makes_no_sense(self, api: httpx.Client, changes: dict[str, Any]) -> None:
        body = {"url": "http://127.0.0.1:9/?recordId=", "objectId": 1, "type": "schedule", "level": "owner"}

        assert api.post("/system/callbacks", json={**body, **changes}).status_code == 400

    def test_is_refused_twice(self, api: httpx.Client, receiver: Receiver) -> None:
        _register(api, receiver)

        body = {"url": f"{receiver.url}/hook?recordId=", "objectId": 1, "type": "ticket", "level": "owner"}
        assert api.post("/system/callbacks", json=body).status_code == 409
