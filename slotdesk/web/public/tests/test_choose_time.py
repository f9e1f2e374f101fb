"""The page of times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.web.public.months import Day, Month
from tests.support.factories import NOW, make_agent, make_busy, make_request, make_team, make_type

pytestmark = pytest.mark.django_db


def link(request: SchedulingRequest, query: str = "") -> str:
    return f"/schedule/{request.token}/{query}"


def day_of(month: Month, day: date) -> Day:
    return next(each for each in month.days if each.date == day)


class TestChooseTime:
    def test_offers_the_earliest_time_first(self, browser: Client, invited: SchedulingRequest) -> None:
        page = browser.get(link(invited))

        assert page.status_code == 200
        assert page.context["month"].earliest.label == "Mon, May 3, 11:00 AM"

    def test_names_the_team_that_is_asked_and_not_everybody_in_it(self, browser: Client, account: Account) -> None:
        with active(account):
            people = [make_agent(account, "Maria Schmidt"), make_agent(account, "Sam Lee")]
            team = make_team(account, people, internal_name="Tier 1", external_name="Our help desk")
            asked = make_request(make_type(account), [team, make_agent(account, "Priya Raman")])

            page = browser.get(link(asked)).content.decode()
            cancel_request(request=asked, actor="Jo", now=NOW)
            closed = browser.get(link(asked)).content.decode()

        assert "Our help desk and Priya Raman" in page
        for name in ("Maria Schmidt", "Sam Lee", "Tier 1"):
            assert name not in page + closed

    def test_a14_groups_times_by_the_days_of_the_clients_zone(
        self, browser: Client, account: Account, invited: SchedulingRequest
    ) -> None:
        page = browser.get(link(invited, "?zone=Asia/Tokyo"))

        month = page.context["month"]
        # Monday 11:00 to 16:30 in New York is Tuesday 00:00 to 05:30 in Tokyo, then 22:00 to 23:45.
        assert [day.count for day in month.days][2:4] == [23 + 8, 23 + 8]
        assert month.days[2].label == "Tuesday, May 4"
        assert [part.name for part in month.days[2].parts] == ["Early morning", "Evening"]

    def test_a16_offers_the_same_instants_in_every_zone(self, browser: Client, invited: SchedulingRequest) -> None:
        def instants(zone: str) -> set[int]:
            month = browser.get(link(invited, f"?zone={zone}")).context["month"]
            found = {start.epoch for day in month.days for part in day.parts for start in part.starts}
            return {instant for instant in found if instant < (NOW + timedelta(days=4)).timestamp()}

        assert instants("America/New_York") == instants("Europe/Berlin") == instants("Pacific/Auckland")

    def test_a5_shows_both_halves_of_the_repeated_hour(self, browser: Client, account: Account) -> None:
        at = datetime(2027, 11, 6, 16, tzinfo=UTC)
        with active(account):
            night_owl = make_agent(account, "Noor", hours=[{"days": [7], "start": "00:00", "end": "04:00"}])
            Calendar.objects.filter(agent=night_owl).update(synced_at=at, read_until=at + timedelta(days=92))
            invited = make_request(make_type(account, increment=timedelta(minutes=60)), [night_owl])

        with time_machine.travel(at, tick=False):
            month = browser.get(link(invited, "?from=2027-11-07&zone=America/New_York")).context["month"]

        labels = [start.label for part in day_of(month, date(2027, 11, 7)).parts for start in part.starts]
        assert labels == ["12:00 AM", "1:00 AM EDT", "1:00 AM EST", "2:00 AM", "3:00 AM"]

    def test_turns_to_the_first_month_with_a_free_time(self, browser: Client, account: Account, agent: Agent) -> None:
        with active(account):
            kind = make_type(account, notice_amount=35, notice_unit="days", window_amount=60)
            invited = make_request(kind, [agent])

        month = browser.get(link(invited)).context["month"]

        assert month.label == "June 2027"
        assert month.chosen == date(2027, 6, 7)
        assert month.earliest.label == "Mon, Jun 7, 9:00 AM"

    def test_says_when_the_next_free_time_is(self, browser: Client, account: Account, agent: Agent) -> None:
        with active(account):
            kind = make_type(account, notice_amount=35, notice_unit="days", window_amount=60)
            invited = make_request(kind, [agent])

        page = browser.get(link(invited, "?from=2027-05-03"))

        assert page.context["month"].earliest is None
        assert "The next free time is Mon, Jun 7, 9:00 AM" in page.content.decode()

    def test_ends_where_nothing_more_can_be_booked(self, browser: Client, invited: SchedulingRequest) -> None:
        month = browser.get(link(invited, "?from=2029-01-01")).context["month"]

        assert month.next is None
        assert month.first <= (NOW + timedelta(days=32)).date()

    def test_begins_today_when_the_address_names_the_past(self, browser: Client, invited: SchedulingRequest) -> None:
        month = browser.get(link(invited, "?from=2019-01-01")).context["month"]

        assert month.first == NOW.date()
        assert month.previous is None

    def test_never_offers_a_time_that_is_taken_in_the_calendar(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        with active(account):
            make_busy(agent, NOW + timedelta(hours=2), NOW + timedelta(hours=5), title="Dentist of the boss")

        page = browser.get(link(invited))

        assert page.context["month"].earliest.label == "Mon, May 3, 2:00 PM"
        assert "Dentist" not in page.content.decode()

    def test_names_a_way_out_when_nothing_is_free(self, browser: Client, account: Account, agent: Agent) -> None:
        with active(account):
            invited = make_request(make_type(account, window_amount=1, window_unit="minutes"), [agent])

        text = browser.get(link(invited)).content.decode()

        assert "No free times at the moment" in text
        assert "help@summit.example" in text
        assert "(212) 555-0142" in text

    def test_shows_nothing_while_the_calendar_cannot_be_read(
        self, browser: Client, account: Account, agent: Agent, invited: SchedulingRequest
    ) -> None:
        with active(account):
            make_busy(agent, NOW, NOW + timedelta(hours=1))
            Calendar.objects.filter(agent=agent).update(synced_at=NOW - timedelta(hours=1))

        page = browser.get(link(invited))

        assert page.status_code == 503
        assert page.headers["Retry-After"] == "120"
        assert "the calendar of Maria Schmidt can be read again" in page.content.decode()

    @pytest.mark.parametrize("query", ["?zone=Mars/Base", "?from=yesterday", "?from=2027-02-30"])
    def test_still_shows_times_when_the_address_is_damaged(
        self, browser: Client, invited: SchedulingRequest, query: str
    ) -> None:
        page = browser.get(link(invited, query))

        assert page.status_code == 422
        assert "That link was not complete" in page.content.decode()
        assert page.context["month"].count

    def test_f14_says_that_an_invitation_was_taken_back(self, browser: Client, invited: SchedulingRequest) -> None:
        with active(invited.account):
            cancel_request(request=invited, actor="Maria Schmidt", now=NOW)

        page = browser.get(link(invited))

        assert page.status_code == 410
        assert "This invitation was taken back" in page.content.decode()

    def test_does_not_know_a_made_up_link(self, browser: Client) -> None:
        page = browser.get("/schedule/AAAAAAAAAAAAAAAAAAAA/")

        assert page.status_code == 404
        assert "This link leads nowhere" in page.content.decode()

    def test_sets_no_cookie_and_loads_nothing_from_elsewhere(self, browser: Client, invited: SchedulingRequest) -> None:
        page = browser.get(link(invited))

        assert not page.cookies
        assert "http" not in page.content.decode()
        assert page.headers["Cache-Control"] == "no-store"

    def test_asks_a_few_questions_of_the_database_however_much_is_free(
        self, browser: Client, invited: SchedulingRequest, django_assert_max_num_queries: object
    ) -> None:
        with django_assert_max_num_queries(10):  # type: ignore[operator]
            browser.get(link(invited))


class TestTimes:
    def test_are_the_part_of_the_page_that_changes(self, browser: Client, invited: SchedulingRequest) -> None:
        page = browser.get(f"/schedule/{invited.token}/times/?zone=Europe/Berlin&from=2027-05-10")

        text = page.content.decode()
        assert text.startswith('<div class="month" data-zone="Europe/Berlin" data-zone-label="Berlin (UTC+02:00)"')
        assert "<html" not in text

    def test_send_the_script_to_the_page_once_the_request_is_closed(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        with active(invited.account):
            cancel_request(request=invited, actor="Maria Schmidt", now=NOW)

        assert browser.get(f"/schedule/{invited.token}/times/").status_code == 409


class TestBrand:
    def test_serves_the_accounts_colours_to_be_kept(self, browser: Client, account: Account) -> None:
        sheet = browser.get(f"/brand/{account.public_id}.css")

        assert "--brand:#1f5eff" in sheet.content.decode()
        assert sheet.headers["Cache-Control"] == "public, max-age=86400"

    def test_does_not_know_other_accounts(self, browser: Client) -> None:
        assert browser.get("/brand/acct_nobody.css").status_code == 404
