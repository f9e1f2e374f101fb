from __future__ import annotations

import copy
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from slotdesk.config.slots_command import main

NINE, TEN = 1_813_050_000, 1_813_053_600  # 15 June 2027, a Tuesday, 09:00 and 10:00 UTC

WORKLOAD: dict[str, Any] = {
    "now": NINE - 86_400,
    "window": [NINE - 9 * 3600, NINE + 15 * 3600],
    "booker_tz": "UTC",
    "event": {
        "duration_min": 30,
        "increment_min": 30,
        "buffer_before_min": 0,
        "buffer_after_min": 0,
        "min_notice_min": 0,
    },
    "mode": "any",
    "agents": [
        {
            "id": 2,
            "tz": "UTC",
            "hours": [{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "10:00"}],
            "overrides": {},
            "busy": [],
        },
        {
            "id": 1,
            "tz": "Europe/Berlin",
            "hours": [],
            "overrides": {"2027-06-15": [["11:30", "12:30"]]},
            "busy": [[TEN, TEN + 60]],
        },
    ],
}


@pytest.fixture
def workload() -> dict[str, Any]:
    return copy.deepcopy(WORKLOAD)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(workload: object, *options: str) -> tuple[int, Any, str]:
        path = tmp_path / "workload.json"
        path.write_text(workload if isinstance(workload, str) else json.dumps(workload))
        code = main([str(path), *options])
        output = capsys.readouterr()
        return code, json.loads(output.out) if output.out else None, output.err

    return run


class TestSlots:
    def test_prints_every_start_and_who_could_take_it(self, run: Any, workload: dict[str, Any]) -> None:
        code, answer, errors = run(workload)

        assert (code, errors) == (0, "")
        assert answer == {"slots": [NINE, NINE + 1800], "agents": {str(NINE): [2], str(NINE + 1800): [1, 2]}}

    def test_prints_only_the_starts_when_asked_to(self, run: Any, workload: dict[str, Any]) -> None:
        assert run(workload, "--no-agents")[1] == {"slots": [NINE, NINE + 1800]}

    def test_asks_for_everybody_in_mode_all(self, run: Any, workload: dict[str, Any]) -> None:
        workload["mode"] = "all"

        assert run(workload)[1] == {"slots": [NINE + 1800], "agents": {str(NINE + 1800): [1, 2]}}

    @pytest.mark.parametrize("mode", ["any", "all"])
    def test_finds_nothing_for_nobody(self, mode: str, run: Any, workload: dict[str, Any]) -> None:
        workload |= {"mode": mode, "agents": []}

        assert run(workload)[1] == {"slots": [], "agents": {}}

    def test_takes_busy_time_buffers_and_notice_as_none_when_they_are_left_out(
        self, run: Any, workload: dict[str, Any]
    ) -> None:
        workload["event"] = {"duration_min": 30, "increment_min": 30}
        del workload["agents"][0]["overrides"], workload["agents"][0]["busy"]

        assert run(workload)[1]["slots"] == [NINE, NINE + 1800]

    def test_takes_a_whole_number_that_is_written_as_a_fraction(self, run: Any, workload: dict[str, Any]) -> None:
        workload["window"] = [float(each) for each in workload["window"]]
        workload["agents"][0]["busy"] = [[float(NINE), NINE + 60.0]]

        assert run(workload, "--no-agents")[1] == {"slots": [NINE + 1800]}

    @pytest.mark.parametrize("arguments", [[], ["-"]])
    def test_reads_standard_input(
        self, arguments: list[str], workload: dict[str, Any], monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        content = json.dumps(workload).encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

        assert main([*arguments, "--no-agents"]) == 0

        assert json.loads(capsys.readouterr().out) == {"slots": [NINE, NINE + 1800]}

    def test_explains_a_start(self, run: Any, workload: dict[str, Any]) -> None:
        code, answer, _ = run(workload, "--explain", str(TEN))

        assert code == 0
        assert not answer["is_offered"]
        berlin, utc = answer["agents"]
        assert [(each["id"], each["can_take"]) for each in (berlin, utc)] == [(1, False), (2, False)]
        assert [(each["reason"], each["start"], each["end"]) for each in berlin["findings"]] == [
            ("busy", TEN, TEN + 60)
        ]
        assert [each["reason"] for each in utc["findings"]] == ["hours"]

    def test_prints_its_own_time_to_standard_error(self, run: Any, workload: dict[str, Any]) -> None:
        code, answer, errors = run(workload, "--repeat", "3")

        cold, warm = errors.splitlines()
        assert (code, answer["slots"]) == (0, [NINE, NINE + 1800])
        assert cold.startswith("cold: median ")
        assert warm.startswith("warm: median ")

    def test_needs_no_django(self) -> None:
        script = "import sys, slotdesk.config.slots_command; sys.exit('django' in sys.modules)"

        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


class TestABadWorkload:
    @pytest.mark.parametrize(
        ("path", "value", "field"),
        [
            (["now"], "today", "now"),
            (["now"], True, "now"),
            (["now"], 1 << 60, "now"),
            (["window"], [1], "window"),
            (["window"], [NINE, NINE - 1], "window"),
            (["window"], [NINE, NINE + 20 * 366 * 86_400], "window"),
            (["window", 1], 1.5, "window[1]"),
            (["booker_tz"], "Mars/Base", "booker_tz"),
            (["booker_tz"], 5, "booker_tz"),
            (["booker_tz"], "localtime", "booker_tz"),
            (["booker_tz"], "right/Europe/Berlin", "booker_tz"),
            (["mode"], "some", "mode"),
            (["event"], [], "event"),
            (["event", "duration_min"], 0, "event.duration_min"),
            (["event", "increment_min"], -5, "event.increment_min"),
            (["event", "buffer_after_min"], "5", "event.buffer_after_min"),
            (["event", "bufer_after_min"], 5, "event.bufer_after_min"),
            (["agents"], {}, "agents"),
            (["agents", 1, "id"], 2, "agents[1].id"),
            (["agents", 1, "id"], None, "agents[1].id"),
            (["agents", 1, "tz"], "W. Europe Standard Time", "agents[1].tz"),
            (["agents", 0, "bussy"], [], "agents[0].bussy"),
            (["agents", 0, "two\nlines"], [], "agents[0].'two\\nlines'"),
            (["agents", 0, "overrides", "two\nlines"], None, "agents[0].overrides"),
            (["agents", 0, "hours", 0, "days"], [0], "agents[0].hours[0].days[0]"),
            (["agents", 0, "hours", 0, "start"], "9:00", "agents[0].hours[0].start"),
            (["agents", 0, "hours", 0, "start"], "24:00", "agents[0].hours[0].start"),
            (["agents", 0, "hours", 0, "end"], "25:00", "agents[0].hours[0].end"),
            (["agents", 0, "overrides"], {"2027-02-30": []}, "agents[0].overrides"),
            (["agents", 0, "overrides"], {"20270215": []}, "agents[0].overrides"),
            (["agents", 0, "overrides"], {"2027-06-15": [["09:00"]]}, "agents[0].overrides.2027-06-15[0]"),
            (["agents", 0, "busy"], [[1, 2], [3]], "agents[0].busy[1]"),
            (["agents", 0, "busy"], [[1, "2"]], "agents[0].busy[0][1]"),
            (["agents", 0, "busy"], [[1, 2.5]], "agents[0].busy[0][1]"),
            (["agents", 0, "busy"], [[1, 2], [1, 1 << 60]], "agents[0].busy[1][1]"),
        ],
    )
    def test_is_refused_in_one_line_that_names_the_field(
        self, path: list[Any], value: Any, field: str, run: Any, workload: dict[str, Any]
    ) -> None:
        *way, last = path
        target: Any = workload
        for step in way:
            target = target[step]
        target[last] = value

        code, answer, errors = run(workload)

        assert (code, answer) == (2, None)
        assert errors.startswith(f"slotdesk slots: {field}: ")
        assert errors.count("\n") == 1

    def test_b7_is_refused_when_a_range_ends_where_it_starts(self, run: Any, workload: dict[str, Any]) -> None:
        workload["agents"][0]["hours"][0]["end"] = "09:00"

        code, _, errors = run(workload)

        assert code == 2
        assert "agents[0].hours[0].end" in errors

    @pytest.mark.parametrize("field", ["now", "window", "booker_tz", "event", "mode", "agents"])
    def test_is_refused_when_a_field_is_missing(self, field: str, run: Any, workload: dict[str, Any]) -> None:
        del workload[field]

        code, _, errors = run(workload)

        assert (code, errors) == (2, f"slotdesk slots: {field}: is missing.\n")

    def test_d11_is_refused_when_it_is_too_much_work(self, run: Any, workload: dict[str, Any]) -> None:
        workload["window"][1] = NINE + 365 * 86_400
        workload["agents"] = [workload["agents"][0] | {"id": n} for n in range(1_000)]

        code, _, errors = run(workload)

        assert code == 2
        assert "1,000 agents" in errors

    @pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"\\ud800"', "NaN", "[]"])
    def test_is_refused_when_it_is_no_json_object(self, text: str, run: Any) -> None:
        code, _, errors = run(text)

        assert code == 2
        assert errors.count("\n") == 1

    def test_is_refused_when_there_is_no_file(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["/nowhere/workload.json"]) == 2

        assert "/nowhere/workload.json: No such file or directory." in capsys.readouterr().err

    def test_is_refused_when_the_start_to_explain_is_no_time(self, run: Any, workload: dict[str, Any]) -> None:
        code, _, errors = run(workload, "--explain", str(1 << 60))

        assert code == 2
        assert "starts_at" in errors
