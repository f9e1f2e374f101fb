"""Lists of holidays: own dates, countries, and who may touch them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from slotdesk.domain.people.models import Agent, Holiday, HolidayList
from slotdesk.domain.tenants.models import Account
from tests.support.members import text_of

SignIn = Callable[[str], Client]


@pytest.fixture
def days(account: Account) -> HolidayList:
    return HolidayList.objects.create(account=account, name="Company days")


class TestLists:
    def test_are_made_filled_emptied_and_deleted(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")

        url = browser.post("/app/holidays/", {"name": "Company days"}).headers["Location"]
        browser.post(f"{url}dates/", {"day": "2027-12-24", "name": "Christmas Eve", "part": "12:00-24:00"})
        browser.post(f"{url}dates/", {"day": "2027-12-27", "name": "Between the years"})

        assert list(Holiday.objects.order_by("date").values_list("date", "start", "end")) == [
            (date(2027, 12, 24), 720, 1440),
            (date(2027, 12, 27), None, None),
        ]
        assert "12:00–24:00" in text_of(browser.get(url))
        browser.post(f"{url}dates/{Holiday.objects.order_by('date')[0].pk}/removal/")
        browser.post(url, {"name": "Our days"})
        assert "Our days" in text_of(browser.get("/app/holidays/"))
        browser.post(f"{url}removal/")
        assert not HolidayList.objects.exists()

    def test_follow_a_country(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")

        answer = browser.post("/app/holidays/countries/", {"country": "DE", "part": "by"}, follow=True)

        assert HolidayList.objects.get().source == "country:DE-BY"
        assert "Allerheiligen" in text_of(answer)
        assert "Add a date" not in text_of(answer)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"country": ""}, "This field is required"),
            ({"country": "ZZ"}, "Select a valid choice"),
            ({"country": "DE", "part": "Texas"}, "Nobody knows this part. Known here: BB"),
        ],
    )
    def test_name_what_is_wrong_with_a_country(
        self, account: Account, sign_in: SignIn, fields: dict[str, str], words: str
    ) -> None:
        answer = sign_in("dispatcher").post("/app/holidays/countries/", fields)

        assert answer.status_code == 422
        assert words in text_of(answer)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"day": "", "name": "X"}, "This field is required"),
            ({"day": "2027-12-24", "name": "X", "part": "noon"}, "is not a stretch"),
            ({"day": "2027-12-24", "name": "X", "part": "22:00-06:00"}, "Must end after it begins"),
            ({"day": "2027-12-24", "name": "X", "part": "1:00-2:00,3"}, "is not a stretch"),
            ({"day": "2027-12-31", "name": "X"}, "in the list already"),
        ],
    )
    def test_name_what_is_wrong_with_a_date(
        self, days: HolidayList, sign_in: SignIn, fields: dict[str, str], words: str
    ) -> None:
        Holiday.objects.create(holiday_list=days, date=date(2027, 12, 31), name="New Year’s Eve")

        answer = sign_in("dispatcher").post(f"/app/holidays/{days.public_id}/dates/", fields)

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert Holiday.objects.count() == 1

    def test_that_are_used_are_not_deleted(self, days: HolidayList, agent: Agent, sign_in: SignIn) -> None:
        Agent.objects.update(holiday_list=days)

        answer = sign_in("dispatcher").post(f"/app/holidays/{days.public_id}/removal/", follow=True)

        assert "Still used by Maria Schmidt" in text_of(answer)
        assert HolidayList.objects.exists()

    def test_are_read_by_finance_and_changed_by_dispatchers(self, days: HolidayList, sign_in: SignIn) -> None:
        finance = sign_in("finance")

        assert finance.get("/app/holidays/").status_code == 200
        assert finance.post("/app/holidays/", {"name": "X"}).status_code == 403
        assert finance.post(f"/app/holidays/{days.public_id}/", {"name": "X"}).status_code == 403
        assert sign_in("user").get("/app/holidays/").status_code == 403
