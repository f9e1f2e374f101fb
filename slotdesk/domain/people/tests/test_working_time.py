"""Hours, single dates, leave and holidays: stored with what was before, and refused when they make no sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from slotdesk.availability.values import WeeklyRange
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.country_holidays import UnknownCountry
from slotdesk.domain.people.holiday_lists import (
    BadPart,
    DateTaken,
    ListInUse,
    ListIsMirrored,
    add_country,
    add_holiday,
    create_list,
    list_lists,
    remove_holiday,
    remove_list,
)
from slotdesk.domain.people.hours import BadHours
from slotdesk.domain.people.models import Agent, Holiday, HoursOverride, TimeOff
from slotdesk.domain.people.time_off import BadTimeOff, TimeOffIsMirrored, remove_time_off, save_time_off
from slotdesk.domain.people.working_time import WorkingTime, clear_date, save_working_time, set_date
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent

pytestmark = pytest.mark.django_db

FRIDAY = date(2027, 5, 7)
WEEK = frozenset({1, 2, 3, 4, 5})


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account)


def wanted(**changes: object) -> WorkingTime:
    choices: dict[str, object] = {
        "hours_from": "own",
        "own_hours": (WeeklyRange(WEEK, 480, 960),),
        "kept_free": (WeeklyRange(WEEK, 480, 540),),
        "holidays_from": "psa",
        "holiday_list": None,
    }
    return WorkingTime(**(choices | changes))  # type: ignore[arg-type]


class TestSaveWorkingTime:
    def test_lets_what_was_chosen_count_at_once(self, agent: Agent) -> None:
        save_working_time(agent=agent, wanted=wanted(zone="Europe/Berlin"), actor="Ada", now=NOW)

        agent.refresh_from_db()
        assert agent.hours == [{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "16:00"}]
        assert (agent.zone, agent.zone_from) == ("Europe/Berlin", "own")
        event = Event.objects.get(kind="agent.changed")
        assert event.changes["zone"] == ["America/New_York", "Europe/Berlin"]

    def test_tells_nothing_when_nothing_changed(self, agent: Agent) -> None:
        save_working_time(agent=agent, wanted=wanted(), actor="Ada", now=NOW)
        save_working_time(agent=agent, wanted=wanted(), actor="Ada", now=NOW)

        assert Event.objects.count() == 1

    def test_takes_the_holidays_that_were_chosen(self, account: Account, agent: Agent) -> None:
        own = create_list(account=account, name="Ours", actor="Ada", now=NOW)

        save_working_time(agent=agent, wanted=wanted(holidays_from="own", holiday_list=own), actor="Ada", now=NOW)

        agent.refresh_from_db()
        assert agent.holiday_list == own


class TestSetDate:
    def test_opens_closes_and_clears_a_date(self, agent: Agent) -> None:
        set_date(agent=agent, day=FRIDAY, ranges=[(540, 720)], note="Short day", actor="Ada", now=NOW)
        closed = set_date(agent=agent, day=FRIDAY, ranges=[], note="", actor="Ada", now=NOW)

        assert HoursOverride.objects.get().ranges == []
        assert Event.objects.filter(kind="agent.date_set").latest("id").changes == {
            "ranges": [[{"start": "09:00", "end": "12:00"}], []]
        }
        clear_date(override=closed, actor="Ada", now=NOW)
        assert not HoursOverride.objects.exists()

    def test_refuses_a_range_that_ends_when_it_starts(self, agent: Agent) -> None:
        with pytest.raises(BadHours):
            set_date(agent=agent, day=FRIDAY, ranges=[(540, 540)], note="", actor="Ada", now=NOW)

        assert not HoursOverride.objects.exists()


class TestSaveTimeOff:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"ends_on": date(2027, 5, 6)}, "ends_on"),
            ({"start": 600, "end": 600}, "end"),
            ({"start": 600, "end": 540}, "end"),
        ],
    )
    def test_refuses_leave_that_ends_before_it_begins(
        self, agent: Agent, fields: dict[str, object], field: str
    ) -> None:
        leave = TimeOff(agent=agent, **({"starts_on": FRIDAY, "ends_on": FRIDAY} | fields))

        with pytest.raises(BadTimeOff) as refused:
            save_time_off(time_off=leave, actor="Ada", now=NOW)

        assert refused.value.field == field

    def test_never_tells_the_name_of_private_leave(self, agent: Agent) -> None:
        leave = TimeOff(agent=agent, starts_on=FRIDAY, ends_on=FRIDAY, name="Clinic", is_private=True)

        save_time_off(time_off=leave, actor="Ada", now=NOW)
        leave.is_private = False
        leave.name = "Holiday"
        save_time_off(time_off=leave, actor="Ada", now=NOW)
        remove_time_off(time_off=leave, actor="Ada", now=NOW)

        assert "Clinic" not in str(list(Event.objects.values_list("changes", flat=True)))
        assert not TimeOff.objects.exists()

    def test_leaves_alone_what_was_read_from_elsewhere(self, agent: Agent) -> None:
        leave = TimeOff.objects.create(agent=agent, starts_on=FRIDAY, ends_on=FRIDAY, source="autotask:1")

        with pytest.raises(TimeOffIsMirrored):
            save_time_off(time_off=leave, actor="Ada", now=NOW)
        with pytest.raises(TimeOffIsMirrored):
            remove_time_off(time_off=leave, actor="Ada", now=NOW)


class TestHolidayLists:
    def test_take_own_dates_and_give_them_back(self, account: Account) -> None:
        row = create_list(account=account, name="Company days", actor="Ada", now=NOW)

        made = add_holiday(holiday_list=row, day=FRIDAY, name="Founders' day", actor="Ada", now=NOW)
        with pytest.raises(DateTaken):
            add_holiday(holiday_list=row, day=FRIDAY, name="Again", actor="Ada", now=NOW)
        with pytest.raises(BadPart):
            add_holiday(holiday_list=row, day=FRIDAY, name="Half", start=720, end=720, actor="Ada", now=NOW)
        remove_holiday(holiday=made, actor="Ada", now=NOW)

        assert not Holiday.objects.exists()
        assert Event.objects.filter(kind="holiday_list.changed").count() == 2

    def test_follow_a_country_and_cannot_be_edited_then(self, account: Account) -> None:
        row = add_country(account=account, country="DE", part="BY", actor="Ada", now=NOW)
        again = add_country(account=account, country="DE", part="BY", actor="Ada", now=NOW)

        assert row == again
        assert {day.year for day in row.holidays.values_list("date", flat=True)} == {2027, 2028, 2029}
        with pytest.raises(ListIsMirrored):
            add_holiday(holiday_list=row, day=FRIDAY, name="Ours", actor="Ada", now=NOW)
        assert Event.objects.filter(kind="holiday_list.created").count() == 1

    @pytest.mark.parametrize(("country", "part"), [("ZZ", ""), ("DE", "XX"), ("", "")])
    def test_refuse_a_country_nobody_knows(self, account: Account, country: str, part: str) -> None:
        with pytest.raises(UnknownCountry):
            add_country(account=account, country=country, part=part, actor="Ada", now=NOW)

    def test_are_kept_while_somebody_uses_them(self, account: Account, agent: Agent) -> None:
        row = create_list(account=account, name="Company days", actor="Ada", now=NOW)
        Agent.objects.filter(pk=agent.pk).update(holiday_list=row)

        assert [each.users for each in list_lists()] == [1]  # type: ignore[attr-defined]
        with pytest.raises(ListInUse) as refused:
            remove_list(holiday_list=row, actor="Ada", now=NOW)
        assert refused.value.names == ["Jordan Doe"]
        Agent.objects.update(holiday_list=None)
        remove_list(holiday_list=row, actor="Ada", now=NOW)
        assert not list_lists().exists()
