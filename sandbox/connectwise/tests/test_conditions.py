from __future__ import annotations

import pytest

from sandbox.connectwise.conditions import compile_child_conditions, compile_conditions
from sandbox.connectwise.errors import ApiError
from sandbox.connectwise.store import Doc

TICKET: Doc = {
    "id": 48201,
    "summary": 'Printer "Bertha" down',
    "board": {"id": 1, "name": "Service Desk"},
    "closedFlag": False,
    "budgetHours": 1.5,
    "requiredDate": "2027-03-01T14:00:00Z",
    "contact": None,
    "_info": {"lastUpdated": "2027-03-02T00:00:00Z"},
}


class TestConditions:
    @pytest.mark.parametrize(
        "text",
        [
            "id=48201",
            "id = 48201 and board/name = 'service desk'",
            'summary contains "PRINTER"',
            'summary like "printer*down"',
            r'summary = "Printer \"Bertha\" down"',
            'summary not contains "scanner"',
            'summary not like "scanner*"',
            "id in (1, 48201)",
            "id not in (1,2)",
            'board/name in ("Service Desk","Field")',
            "closedFlag = False",
            "closedFlag != true",
            "contact = null",
            "board != null",
            "budgetHours >= 1.5 AND budgetHours < 2",
            "requiredDate < [2027-03-01T09:30:00-05:00]",
            "lastUpdated > [2027-03-01T00:00:00Z]",
            "_info/lastUpdated >= [2027-03-02]",
            "id=1 or (board/id=1 and not_there = null)",
            "id=48201 or id=1 and id=2",
        ],
    )
    def test_hold(self, text: str) -> None:
        assert compile_conditions(text)(TICKET)

    @pytest.mark.parametrize(
        "text",
        [
            "(id=48201 or id=1) and id=2",
            'summary like "printer"',
            "requiredDate < [2027-03-01T14:00:00Z]",
            "contact/id = 5",
            "contact/id > 0",
            "budgetHours > 1.5",
            'board/name not in ("Service Desk")',
        ],
    )
    def test_do_not_hold(self, text: str) -> None:
        assert not compile_conditions(text)(TICKET)

    @pytest.mark.parametrize(
        "text",
        [
            "summary =",
            "= 5",
            "id 5",
            "id = 5 and",
            "id = 5 id = 6",
            "(id = 5",
            "id in ()",
            "id in 5",
            "id = 'open",
            "dateStart > [yesterday]",
            "closedFlag > true",
            "id not = 5",
            "id == 5",
            "id = 5; drop",
        ],
    )
    def test_refuse_what_is_not_in_the_language(self, text: str) -> None:
        with pytest.raises(ApiError) as refused:
            compile_conditions(text)

        assert refused.value.status == 400

    def test_refuse_a_field_that_does_not_exist(self) -> None:
        with pytest.raises(ApiError):
            compile_conditions("colour = 'red'", known_field=lambda name: name in TICKET)


class TestChildConditions:
    CONTACT: Doc = {  # noqa: RUF012  (read only)
        "communicationItems": [
            {"value": "jo@contoso.example", "communicationType": "Email"},
            {"value": "6145550100", "communicationType": "Phone"},
        ]
    }

    def test_hold_for_one_child_that_meets_all_of_them(self) -> None:
        test = compile_child_conditions(
            'communicationItems/value like "jo@*" AND communicationItems/communicationType="Email"'
        )

        assert test(self.CONTACT)

    def test_do_not_mix_two_children(self) -> None:
        test = compile_child_conditions(
            'communicationItems/value like "614*" AND communicationItems/communicationType="Email"'
        )

        assert not test(self.CONTACT)
        assert not test({"communicationItems": []})
