"""When a person works: hours, single dates, zone and holidays, for those who may change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent, Holiday, HolidayList, HoursOverride, TimeOff
from slotdesk.domain.tenants.models import Account
from slotdesk.web.staff.hours_text import read_ranges
from tests.support.factories import NINE_TO_FIVE, NOW, make_agent, make_busy
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
Row = tuple[list[int], str, str]
FRIDAY = date(2027, 5, 7)


def rows(prefix: str, *entered: Row) -> dict[str, object]:
    fields: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(entered), f"{prefix}-INITIAL_FORMS": 0}
    for number, (days, start, end) in enumerate(entered):
        fields |= {f"{prefix}-{number}-days": days, f"{prefix}-{number}-start": start, f"{prefix}-{number}-end": end}
    return fields


def form(own: tuple[Row, ...] = (), free: tuple[Row, ...] = (), **fields: str) -> dict[str, object]:
    return {"hours_from": "own", "holidays": "none"} | rows("hours", *own) | rows("free", *free) | fields


class TestHours:
    def test_are_taken_less_what_is_kept_free(self, agent: Agent, sign_in: SignIn) -> None:
        own = (([1, 2], "09:00", "12:00"), ([1, 2], "13:00", "24:00"), ([5], "22:00", "06:00"))

        answer = sign_in("dispatcher").post(
            f"/app/users/{agent.public_id}/hours/", form(own=own, free=(([1], "09:00", "10:00"),))
        )

        agent.refresh_from_db()
        assert answer.status_code == 302
        assert {"days": [1], "start": "10:00", "end": "12:00"} in agent.hours
        assert {"days": [1, 2], "start": "13:00", "end": "24:00"} in agent.hours
        assert {"days": [5], "start": "22:00", "end": "06:00"} in agent.hours
        assert agent.own_hours is not None
        assert agent.own_hours[0] == {"days": [1, 2], "start": "09:00", "end": "12:00"}

    def test_go_back_to_the_psas_at_once_and_keep_the_own_ones_for_later(self, agent: Agent, sign_in: SignIn) -> None:
        Agent.objects.update(hours_from="own", psa_hours=NINE_TO_FIVE, hours=[])

        sign_in("dispatcher").post(
            f"/app/users/{agent.public_id}/hours/", form(own=(([6], "10:00", "11:00"),), hours_from="psa")
        )

        agent.refresh_from_db()
        assert agent.hours == NINE_TO_FIVE
        assert agent.own_hours == [{"days": [6], "start": "10:00", "end": "11:00"}]

    @pytest.mark.parametrize("prefix", ["own", "free"])
    @pytest.mark.parametrize(
        ("row", "words"),
        [
            (([1], "9", "17:00"), "is not a time such as 09:00"),
            (([1], "09:00", "25:00"), "is not between 00:00 and 24:00"),
            (([1], "09:00", "09:00"), "Must differ from the start"),
            (([1], "", "17:00"), "Enter a time such as 09:00"),
        ],
    )
    def test_say_which_row_is_wrong_and_lose_nothing(
        self, agent: Agent, sign_in: SignIn, prefix: str, row: Row, words: str
    ) -> None:
        good: Row = ([3], "07:15", "08:45")
        entered = form(own=(row, good)) if prefix == "own" else form(own=(good,), free=(row,))

        answer = sign_in("dispatcher").post(f"/app/users/{agent.public_id}/hours/", entered)

        agent.refresh_from_db()
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "07:15" in text_of(answer)
        assert agent.hours == NINE_TO_FIVE

    def test_take_another_list_of_holidays(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        ours = HolidayList.objects.create(account=account, name="Company days")

        sign_in("dispatcher").post(f"/app/users/{agent.public_id}/hours/", form(holidays=ours.public_id))

        agent.refresh_from_db()
        assert (agent.holiday_list, agent.holidays_from) == (ours, "own")

    def test_take_no_list_of_another_account(self, agent: Agent, sign_in: SignIn) -> None:
        answer = sign_in("dispatcher").post(f"/app/users/{agent.public_id}/hours/", form(holidays="hlst_theirs"))

        assert answer.status_code == 422

    def test_ask_for_the_zone_that_nobody_knows(self, agent: Agent, sign_in: SignIn) -> None:
        Agent.objects.update(zone="", zone_from="own", zone_label="Moon Base Alpha")
        browser, url = sign_in("dispatcher"), f"/app/users/{agent.public_id}/hours/"

        page = text_of(browser.get(url))
        assert "cannot be booked: nobody knows their time zone" in page
        assert "Moon Base Alpha" in page
        assert browser.post(url, form(zone="Mars/Olympus")).status_code == 422
        browser.post(url, form(own=(([1], "09:00", "17:00"),), zone="Europe/Berlin"))

        agent.refresh_from_db()
        assert (agent.zone, agent.zone_from) == ("Europe/Berlin", "own")

    def test_leave_the_zone_that_the_psa_says_to_the_psa(self, agent: Agent, sign_in: SignIn) -> None:
        sign_in("dispatcher").post(f"/app/users/{agent.public_id}/hours/", form(zone="Europe/Berlin"))

        agent.refresh_from_db()
        assert agent.zone == "America/New_York"


class TestWhoMay:
    def test_see_and_change_their_own_hours(self, account: Account, agent: Agent) -> None:
        technician = signed_in(account, "user", agent=agent)

        assert technician.get("/app/hours/").headers["Location"] == f"/app/users/{agent.public_id}/hours/"
        answer = technician.post(f"/app/users/{agent.public_id}/hours/", form(own=(([1], "10:00", "12:00"),)))

        agent.refresh_from_db()
        assert answer.status_code == 302
        assert agent.hours == [{"days": [1], "start": "10:00", "end": "12:00"}]

    @pytest.mark.parametrize("page", ["hours", "time-off", "calendars"])
    def test_not_see_those_of_others_as_a_technician(
        self, account: Account, agent: Agent, sign_in: SignIn, page: str
    ) -> None:
        assert sign_in("user").get(f"/app/users/{agent.public_id}/{page}/").status_code == 404

    @pytest.mark.parametrize("page", ["hours", "dates", "time-off", "calendars"])
    def test_only_look_with_finance(self, agent: Agent, sign_in: SignIn, page: str) -> None:
        browser = sign_in("finance")

        assert browser.post(f"/app/users/{agent.public_id}/{page}/", form()).status_code == 403
        assert browser.get(f"/app/users/{agent.public_id}/hours/").status_code == 200

    def test_find_out_that_nobody_can_book_them(self, account: Account, sign_in: SignIn) -> None:
        assert "Nobody can book you" in text_of(sign_in("user").get("/app/hours/"))


class TestTheNextTwoWeeks:
    def test_show_what_is_open_and_what_is_taken(self, agent: Agent, sign_in: SignIn) -> None:
        make_busy(agent, NOW.replace(hour=15), NOW.replace(hour=16))
        HoursOverride.objects.create(agent=agent, date=date(2027, 5, 4), ranges=[{"start": "10:00", "end": "11:00"}])
        TimeOff.objects.create(
            agent=agent, starts_on=date(2027, 5, 5), ends_on=date(2027, 5, 5), name="Clinic", is_private=True
        )

        page = text_of(sign_in("dispatcher").get(f"/app/users/{agent.public_id}/hours/"))

        assert "09:00–11:00, 12:00–17:00" in page
        assert "10:00–11:00" in page
        assert "Time off" in page
        assert "Clinic" not in page

    def test_show_holidays_by_name_and_night_shifts_until_midnight(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        days = HolidayList.objects.create(account=account, name="Days")
        Holiday.objects.create(holiday_list=days, date=FRIDAY, name="Founders’ day")
        Agent.objects.update(holiday_list=days, hours=[{"days": [1, 5], "start": "22:00", "end": "06:00"}])

        page = text_of(sign_in("dispatcher").get(f"/app/users/{agent.public_id}/hours/"))

        assert "Founders’ day" in page
        assert "22:00–24:00" in page
        assert "00:00–06:00" in page

    def test_say_that_a_calendar_is_unknown(self, agent: Agent, sign_in: SignIn) -> None:
        Calendar.objects.update(is_blocking=True, synced_at=None)

        assert "was not read lately" in text_of(sign_in("dispatcher").get(f"/app/users/{agent.public_id}/hours/"))


class TestSingleDates:
    def test_are_set_and_removed(self, agent: Agent, sign_in: SignIn) -> None:
        browser, url = sign_in("dispatcher"), f"/app/users/{agent.public_id}/dates/"

        browser.post(url, {"day": "2027-05-07", "ranges": "09:00-12:00, 13:00–15:00", "note": "Short day"})

        override = HoursOverride.objects.get()
        assert override.ranges == [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "15:00"}]
        assert "09:00–12:00, 13:00–15:00" in text_of(browser.get(f"/app/users/{agent.public_id}/hours/"))
        browser.post(f"{url}{override.pk}/removal/")
        assert not HoursOverride.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"day": "", "ranges": ""}, "This field is required"),
            ({"day": "2027-05-07", "ranges": "morning"}, "is not a stretch such as 09:00-12:00"),
            ({"day": "2027-05-07", "ranges": "09:00-09:00"}, "must not end when it starts"),
        ],
    )
    def test_are_refused_with_a_reason(self, agent: Agent, sign_in: SignIn, fields: dict[str, str], words: str) -> None:
        answer = sign_in("dispatcher").post(f"/app/users/{agent.public_id}/dates/", fields)

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert not HoursOverride.objects.exists()

    def test_of_others_cannot_be_removed_by_number(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        other = HoursOverride.objects.create(agent=make_agent(account), date=FRIDAY)

        answer = sign_in("dispatcher").post(f"/app/users/{agent.public_id}/dates/{other.pk}/removal/")

        assert answer.status_code == 404
        assert HoursOverride.objects.exists()


class TestReadRanges:
    def test_reads_several_stretches_with_either_dash(self) -> None:
        assert read_ranges("9:00-12:00, 22:00–06:00") == [(540, 720), (1320, 360)]
        assert read_ranges(" ") == []
