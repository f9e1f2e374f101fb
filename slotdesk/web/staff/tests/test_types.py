"""Appointment types: the list, the form, the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.models import Account
from tests.support.factories import make_type
from tests.support.members import text_of

SignIn = Callable[[str], Client]
ENTERED = {
    "internal_name": "Onsite visit",
    "external_name": "Visit",
    "slug": "visit",
    "place": "onsite",
    "description": "We come to you.",
    "duration": "90",
    "increment": "30",
    "buffer_before": "15",
    "buffer_after": "45",
    "notice_amount": "4",
    "notice_unit": "business_hours",
    "window_amount": "0",
    "window_unit": "days",
    "daily_maximum": "3",
    "phone_rule": "required",
    "change_notice_amount": "1",
    "change_notice_unit": "days",
    "reminder_1": "24",
    "reminder_2": "48",
    "no_response_amount": "4",
}


def create(browser: Client, **changed: str) -> Any:
    return browser.post("/app/types/new/", ENTERED | changed)


class TestForm:
    def test_creates_a_type_with_every_field(self, account: Account, sign_in: SignIn) -> None:
        assert create(sign_in("administrator"), is_silent="on", clients_may_change="on").status_code == 302

        made = AppointmentType.objects.get()
        assert (made.internal_name, made.client_name, made.slug, made.place) == (
            "Onsite visit",
            "Visit",
            "visit",
            "onsite",
        )
        assert (made.duration, made.increment) == (timedelta(minutes=90), timedelta(minutes=30))
        assert (made.buffer_before, made.buffer_after) == (timedelta(minutes=15), timedelta(minutes=45))
        assert (made.notice_amount, made.notice_unit) == (4, "business_hours")
        assert (made.window_amount, made.window_unit, made.daily_maximum) == (0, "days", 3)
        assert (made.phone_rule, made.no_response_amount) == ("required", 4)
        assert [reminder["after_minutes"] for reminder in made.reminders] == [24 * 60, 48 * 60]
        assert (made.clients_may_change, made.change_notice) == (True, timedelta(days=1))
        assert made.is_silent
        assert Event.objects.get(kind="appointment_type.created").subject == made.public_id

    def test_shows_minutes_and_reminders_again(self, account: Account, sign_in: SignIn) -> None:
        create(browser := sign_in("administrator"))
        made = AppointmentType.objects.get()

        page = text_of(browser.get(f"/app/types/{made.public_id}/"))

        assert 'name="duration" value="90"' in page
        assert 'name="reminder_2" value="48"' in page

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"internal_name": ""}, "Internal name"),
            ({"duration": "0"}, "greater than or equal to 1"),
            ({"duration": "half an hour"}, "whole number"),
            ({"increment": "0"}, "greater than or equal to 1"),
            ({"buffer_after": "-5"}, "greater than or equal to 0"),
            ({"slug": "30 minutes!"}, "Address part"),
            ({"reminder_1": "", "reminder_2": "24"}, "no second reminder without a first"),
            ({"reminder_1": "48", "reminder_2": "24"}, "later than the first reminder"),
            ({"no_response_amount": "1"}, "later than the last reminder"),
            ({"notice_unit": "weeks"}, "Unit of the notice"),
            ({"change_notice_unit": "business_hours"}, "Unit of the notice for changes"),
        ],
    )
    def test_names_the_field_that_is_wrong_and_saves_nothing(
        self, account: Account, sign_in: SignIn, changed: dict[str, str], words: str
    ) -> None:
        answer = create(sign_in("administrator"), **changed)

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert not AppointmentType.objects.exists()

    def test_refuses_an_address_part_that_is_taken(self, account: Account, sign_in: SignIn) -> None:
        make_type(account, slug="visit")

        answer = create(sign_in("administrator"))

        assert answer.status_code == 422
        assert "Another appointment type has this address part" in text_of(answer)

    def test_says_how_many_open_requests_keep_the_old_rules(
        self, half_hour: AppointmentType, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        browser, url = sign_in("administrator"), f"/app/types/{half_hour.public_id}/"

        page = text_of(browser.get(url))
        browser.post(url, ENTERED)

        request_.refresh_from_db()
        half_hour.refresh_from_db()
        assert "1 open request keeps the rules that it was made with" in page
        assert half_hour.duration == timedelta(minutes=90)
        assert request_.terms["duration_minutes"] == 30


class TestArchive:
    def test_takes_a_type_out_of_use_and_back(self, half_hour: AppointmentType, sign_in: SignIn) -> None:
        browser, url = sign_in("administrator"), f"/app/types/{half_hour.public_id}/archive/"

        browser.post(url, {"is_archived": "yes"})

        assert half_hour.internal_name not in text_of(browser.get("/app/types/")).partition("<main")[2].replace(
            f"{half_hour.internal_name} is archived", ""
        )
        assert half_hour.internal_name in text_of(browser.get("/app/types/archived/"))
        browser.post(url, {"is_archived": "no"})
        assert half_hour.internal_name in text_of(browser.get("/app/types/"))
        assert [event.kind for event in Event.objects.order_by("id")] == [
            "appointment_type.archived",
            "appointment_type.restored",
        ]


class TestRoles:
    def test_a_dispatcher_looks_and_changes_nothing(self, half_hour: AppointmentType, sign_in: SignIn) -> None:
        browser, url = sign_in("dispatcher"), f"/app/types/{half_hour.public_id}/"

        page = text_of(browser.get(url))

        assert "disabled" in page
        assert ">Save<" not in page
        assert browser.post(url, ENTERED).status_code == 403
        assert browser.get("/app/types/new/").status_code == 403
        half_hour.refresh_from_db()
        assert half_hour.duration == timedelta(minutes=30)

    def test_a_user_sees_none_of_it(self, half_hour: AppointmentType, sign_in: SignIn) -> None:
        assert sign_in("user").get("/app/types/").status_code == 403


class TestAudit:
    def test_keeps_what_an_edit_changed_and_nothing_else(self, account: Account, sign_in: SignIn) -> None:
        create(browser := sign_in("administrator"))
        made = AppointmentType.objects.get()

        browser.post(f"/app/types/{made.public_id}/", ENTERED | {"duration": "60", "place": "phone"})

        event = Event.objects.get(kind="appointment_type.changed")
        assert event.changes == {"duration": [90, 60], "place": ["onsite", "phone"]}
        assert event.member_id.startswith("user_")
        assert Event.objects.get(kind="appointment_type.created").changes["internal_name"] == [None, "Onsite visit"]
