from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx

from sandbox.connectwise.data.build import build
from sandbox.connectwise.server import Options, running, wait_until_open

from .conftest import TODAY, client_for

NOTE = {"text": "Still here", "internalAnalysisFlag": True}


class TestState:
    def test_survives_a_restart(self, tmp_path: Path) -> None:
        options = Options(size="small", today=TODAY, state=tmp_path / "psa.sqlite")
        with running(options) as sandbox, client_for(sandbox) as api:
            note = api.post("/service/tickets/48201/notes", json=NOTE).json()
            claims = httpx.post(f"{sandbox.url}/member-authentication", trust_env=False).json()

        with running(options) as sandbox, client_for(sandbox) as api:
            notes = api.get("/service/tickets/48201/notes").json()
            proof = (f"summit+{claims['memberid']}", claims["memberHash"])

            assert note in notes
            assert [effect["kind"] for effect in sandbox.store.entries("effects")] == ["note.created"]
            assert api.get("/system/myMembers/info", auth=proof).status_code == 200
            assert api.post("/service/tickets/48201/notes", json=NOTE).json()["id"] > note["id"]

    def test_starts_afresh_on_request_with_record_numbers_that_go_on(self, tmp_path: Path) -> None:
        options = Options(size="small", today=TODAY, state=tmp_path / "psa.sqlite")
        with running(options) as sandbox, client_for(sandbox) as api:
            before = api.get("/service/tickets/48201/notes").json()
            api.post("/service/tickets/48201/notes", json=NOTE)
            last = sandbox.store.entries("effects")[-1]["seq"]

            httpx.post(f"{sandbox.url}/_sandbox/reset", trust_env=False)
            afresh = api.get("/service/tickets/48201/notes").json()
            api.post("/service/tickets/48201/notes", json=NOTE)

            assert afresh == before
            assert [effect["seq"] for effect in sandbox.store.entries("effects")] == [last + 1]

    def test_never_gives_an_id_twice(self, tmp_path: Path) -> None:
        options = Options(size="small", today=TODAY, state=tmp_path / "psa.sqlite")
        with running(options) as sandbox, client_for(sandbox) as api:
            gone = api.post("/service/tickets/48201/notes", json=NOTE).json()["id"]
            api.delete(f"/service/tickets/48201/notes/{gone}")

        with running(options) as sandbox, client_for(sandbox) as api:
            assert api.post("/service/tickets/48201/notes", json=NOTE).json()["id"] > gone


class TestCommand:
    def test_serves_until_it_is_told_to_stop(self, tmp_path: Path) -> None:
        with running() as elsewhere:
            port = int(elsewhere.url.rpartition(":")[2])
        command = [sys.executable, "-m", "sandbox.connectwise", "--port", str(port), "--size", "small"]
        command += ["--public-url", "http://psa.example:9999", "--state", str(tmp_path / "psa.sqlite")]
        process = subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE)
        try:
            wait_until_open("127.0.0.1", port)
            credentials = httpx.get(f"http://127.0.0.1:{port}/_sandbox/credentials", trust_env=False).json()
        finally:
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=10)

        assert credentials["site"] == "http://psa.example:9999"
        assert process.returncode == 0
        assert b"http://psa.example:9999" in output

    def test_says_in_one_line_that_the_port_is_taken(self) -> None:
        with running() as taken:
            port = taken.url.rpartition(":")[2]
            command = [sys.executable, "-m", "sandbox.connectwise", "--port", port, "--size", "small"]
            done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)

        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert f":{port}" in done.stderr


class TestData:
    def test_is_the_same_for_the_same_seed_and_date(self) -> None:
        assert build(seed=1, today=TODAY, size="full") == build(seed=1, today=TODAY, size="full")
        assert build(seed=1, today=TODAY, size="full") != build(seed=2, today=TODAY, size="full")

    def test_is_the_msp_that_was_promised(self) -> None:
        made = build(seed=1, today=TODAY, size="full")
        people = [member for member in made["members"] if member["licenseClass"] == "F"]
        tickets, entries = made["tickets"], made["entries"]

        assert len(people) == 20
        assert [m["identifier"] for m in people if m["inactiveFlag"]] == ["lsterling"]
        assert [m["identifier"] for m in people if "calendar" not in m] == ["rmenon"]
        assert len({m["timeZone"]["id"] for m in people}) >= 3
        assert len(made["companies"]) == 61
        assert len({c["identifier"] for c in made["companies"]}) == 61
        assert len({c["website"] for c in made["companies"]}) == 61
        assert len(tickets) == 300
        assert {ticket["recordType"] for ticket in tickets} == {"ServiceTicket", "ProjectTicket"}
        assert any(ticket["closedFlag"] for ticket in tickets)
        assert any("contact" not in ticket for ticket in tickets)
        assert {e["status"]["name"] for e in entries} == {"Firm", "Tentative", "Out of Office"}
        assert {e["type"]["identifier"] for e in entries} == {"S", "M", "H", "V", "Private"}
        assert any(e["dateStart"] == e["dateEnd"] for e in entries)
        assert max(e["dateEnd"] for e in entries) > "2027-04-09"

    def test_gives_every_board_its_own_ids_for_the_same_statuses(self) -> None:
        made = build(seed=1, today=TODAY, size="full")
        ids = [status["id"] for status in made["boardStatuses"] if status["name"] == "Scheduled"]

        assert len(ids) == len(set(ids)) == len(made["boards"]) == 5

    def test_fits_in_the_small_size_what_the_full_size_has(self) -> None:
        small = build(seed=1, today=TODAY, size="small")
        full = build(seed=1, today=TODAY, size="full")

        for name in ("members", "boards", "boardStatuses"):
            known = {doc["id"]: doc for doc in full[name]}
            assert all(known[doc["id"]] == doc for doc in small[name])
