"""Leave: entering, changing and calling it off, and that a private reason stays private."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from slotdesk.domain.people.models import Agent, TimeOff
from slotdesk.domain.tenants.models import Account
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
FRIDAY = date(2027, 5, 7)


def url_of(agent: Agent, rest: str = "") -> str:
    return f"/app/users/{agent.public_id}/time-off/{rest}"


class TestEnter:
    def test_takes_whole_days_and_parts_of_a_day(self, agent: Agent, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")

        browser.post(url_of(agent), {"starts_on": "2027-05-07", "ends_on": "2027-05-09", "name": "Away"})
        browser.post(url_of(agent), {"starts_on": "2027-05-11", "start": "13:00", "end": "24:00"})

        found = TimeOff.objects.order_by("starts_on").values_list("starts_on", "ends_on", "start", "end")
        assert list(found) == [
            (FRIDAY, date(2027, 5, 9), None, None),
            (date(2027, 5, 11), date(2027, 5, 11), 780, 1440),
        ]
        page = text_of(browser.get(url_of(agent)))
        assert "Fri 07 May 2027 to Sun 09 May 2027" in page
        assert "13:00–24:00" in page

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"starts_on": ""}, "This field is required"),
            ({"starts_on": "2027-05-07", "ends_on": "2027-05-06"}, "must not be before the first"),
            ({"starts_on": "2027-05-07", "start": "13:00", "end": "12:00"}, "Must be after the start"),
            ({"starts_on": "2027-05-07", "start": "noon"}, "is not a time such as 09:00"),
        ],
    )
    def test_names_what_is_wrong_and_loses_nothing(
        self, agent: Agent, sign_in: SignIn, fields: dict[str, str], words: str
    ) -> None:
        answer = sign_in("dispatcher").post(url_of(agent), fields | {"name": "Dentist"})

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "Dentist" in text_of(answer)
        assert not TimeOff.objects.exists()


class TestPrivate:
    @pytest.fixture
    def leave(self, agent: Agent) -> TimeOff:
        return TimeOff.objects.create(
            agent=agent, starts_on=FRIDAY, ends_on=FRIDAY, name="Clinic visit", is_private=True
        )

    def test_reason_is_shown_to_the_person_alone(
        self, account: Account, agent: Agent, leave: TimeOff, sign_in: SignIn
    ) -> None:
        assert "Clinic visit" not in text_of(sign_in("administrator").get(url_of(agent)))
        assert "Clinic visit" in text_of(signed_in(account, "user", agent=agent).get(url_of(agent)))

    def test_leave_is_called_off_by_others_and_edited_by_the_person(
        self, account: Account, agent: Agent, leave: TimeOff, sign_in: SignIn
    ) -> None:
        dispatcher, own = sign_in("dispatcher"), signed_in(account, "user", agent=agent)

        assert dispatcher.get(url_of(agent, f"{leave.pk}/")).status_code == 403
        own.post(url_of(agent, f"{leave.pk}/"), {"starts_on": "2027-05-08", "name": "Clinic visit", "is_private": "on"})
        leave.refresh_from_db()
        assert leave.starts_on == date(2027, 5, 8)
        dispatcher.post(url_of(agent, f"{leave.pk}/removal/"))
        assert not TimeOff.objects.exists()


class TestMirrored:
    def test_leave_is_not_changed_here(self, agent: Agent, sign_in: SignIn) -> None:
        leave = TimeOff.objects.create(agent=agent, starts_on=FRIDAY, ends_on=FRIDAY, source="autotask:1")
        browser = sign_in("administrator")

        assert browser.post(url_of(agent, f"{leave.pk}/removal/")).status_code == 403
        assert browser.get(url_of(agent, f"{leave.pk}/")).status_code == 403
        assert "change it there" in text_of(browser.get(url_of(agent)))
