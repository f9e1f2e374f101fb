"""Users: who can be booked, and when they work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from slotdesk.availability.values import WeeklyRange
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.web.staff.hours_form import summarize_hours
from tests.support.factories import NINE_TO_FIVE, NOW, make_agent
from tests.support.members import text_of

SignIn = Callable[[str], Client]


def hours(*rows: tuple[list[int], str, str]) -> dict[str, object]:
    """The rows as the form sends them."""
    fields: dict[str, object] = {"hours-TOTAL_FORMS": len(rows), "hours-INITIAL_FORMS": 0}
    for number, (days, start, end) in enumerate(rows):
        fields |= {f"hours-{number}-days": days, f"hours-{number}-start": start, f"hours-{number}-end": end}
    return fields


class TestList:
    def test_shows_hours_zone_and_calendar(self, agent: Agent, sign_in: SignIn) -> None:
        page = text_of(sign_in("dispatcher").get("/app/users/"))

        assert "Maria Schmidt" in page
        assert "Mon–Fri 09:00–17:00" in page
        assert "America/New_York" in page
        assert "Up to date" in page

    def test_says_that_a_calendar_is_too_old_or_cannot_be_read(self, agent: Agent, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")

        Calendar.objects.update(synced_at=NOW - timedelta(minutes=20))
        assert "too old to offer times" in text_of(browser.get("/app/users/"))
        Calendar.objects.update(problem="The PSA refuses the keys.")
        assert "The PSA refuses the keys." in text_of(browser.get("/app/users/"))

    def test_says_how_people_come_here(self, account: Account, sign_in: SignIn) -> None:
        assert "Users come from your PSA" in text_of(sign_in("administrator").get("/app/users/"))

    def test_leaves_out_who_has_gone(self, account: Account, sign_in: SignIn) -> None:
        make_agent(account, "Ben Gone", is_active=False)

        assert "Ben Gone" not in text_of(sign_in("dispatcher").get("/app/users/"))


class TestSwitch:
    @pytest.mark.parametrize(("sent", "is_on"), [("yes", True), ("no", False)])
    def test_lets_clients_book_or_no_longer(self, agent: Agent, sign_in: SignIn, sent: str, is_on: bool) -> None:
        Agent.objects.update(is_schedulable=not is_on)

        sign_in("dispatcher").post(f"/app/users/{agent.public_id}/schedulable/", {"is_schedulable": sent})

        agent.refresh_from_db()
        assert agent.is_schedulable is is_on

    def test_is_not_for_every_role(self, agent: Agent, sign_in: SignIn) -> None:
        browser, url = sign_in("finance"), f"/app/users/{agent.public_id}/schedulable/"

        assert browser.post(url, {"is_schedulable": "no"}).status_code == 403
        assert 'role="switch"' not in text_of(browser.get("/app/users/"))


class TestEdit:
    def test_takes_own_hours(self, agent: Agent, sign_in: SignIn) -> None:
        rows = hours(([1, 2], "08:00", "12:00"), ([5], "22:00", "06:00"), ([], "", ""))
        entered = {"slug": "maria", "hours_from": "own", "is_schedulable": "on"} | rows

        answer = sign_in("dispatcher").post(f"/app/users/{agent.public_id}/", entered)

        agent.refresh_from_db()
        assert answer.status_code == 302
        assert (agent.slug, agent.hours_from) == ("maria", "own")
        assert agent.hours == [
            {"days": [1, 2], "start": "08:00", "end": "12:00"},
            {"days": [5], "start": "22:00", "end": "06:00"},
        ]

    def test_leaves_the_psas_hours_alone(self, agent: Agent, sign_in: SignIn) -> None:
        entered = {"slug": "maria", "hours_from": "psa"} | hours(([6], "10:00", "11:00"))

        sign_in("dispatcher").post(f"/app/users/{agent.public_id}/", entered)

        agent.refresh_from_db()
        assert (agent.hours, agent.is_schedulable) == (NINE_TO_FIVE, False)

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            (([1], "9", "17:00"), "is not a time such as 09:00"),
            (([1], "09:00", "25:00"), "is not between 00:00 and 24:00"),
            (([1], "09:00", "09:00"), "Must differ from the start"),
            (([1], "", "17:00"), "Enter a time such as 09:00"),
        ],
    )
    def test_names_the_hours_that_are_wrong(
        self, agent: Agent, sign_in: SignIn, row: tuple[list[int], str, str], words: str
    ) -> None:
        entered = {"slug": "maria", "hours_from": "own"} | hours(row)

        answer = sign_in("dispatcher").post(f"/app/users/{agent.public_id}/", entered)

        agent.refresh_from_db()
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert agent.hours == NINE_TO_FIVE

    def test_refuses_an_address_part_that_is_taken(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        make_agent(account, "Jordan Doe", slug="jordan")

        answer = sign_in("dispatcher").post(
            f"/app/users/{agent.public_id}/", {"slug": "jordan", "hours_from": "psa"} | hours()
        )

        assert answer.status_code == 422
        assert "Somebody else has this address part" in text_of(answer)

    def test_is_not_for_every_role(self, agent: Agent, sign_in: SignIn) -> None:
        browser, url = sign_in("finance"), f"/app/users/{agent.public_id}/"

        assert browser.get(url).status_code == 200
        assert browser.post(url, {"slug": "x", "hours_from": "psa"} | hours()).status_code == 403


class TestSummary:
    @pytest.mark.parametrize(
        ("days", "text"),
        [
            ({1, 2, 3, 4, 5}, "Mon–Fri"),
            ({1, 2}, "Mon, Tue"),
            ({1, 3, 5}, "Mon, Wed, Fri"),
            (set(range(1, 8)), "Daily"),
            ({7}, "Sun"),
        ],
    )
    def test_joins_days_that_follow_each_other(self, days: set[int], text: str) -> None:
        assert summarize_hours([WeeklyRange(frozenset(days), 540, 1440)]) == [f"{text} 09:00–24:00"]
