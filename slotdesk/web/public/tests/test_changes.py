"""A client moves or cancels the appointment, and everything that may speak against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from slotdesk.domain.booking.models import Appointment, Cancellation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.connections.credentials import seal
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.factories import NOW, make_busy, make_request, make_type

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TOMORROW = NOW + 25 * HOUR  # ten o'clock
CUT_OFF = TOMORROW - 2 * HOUR


@pytest.fixture
def booked(account: Account, agent: Agent) -> SchedulingRequest:
    """Ana Ruiz has tomorrow at ten with Maria, and may change it until eight."""
    with active(account):
        request = make_request(make_type(account, clients_may_change=True), [agent])
        return take(request)


@pytest.fixture
def fixed(account: Account, agent: Agent) -> SchedulingRequest:
    """The same, of a type that clients may not change."""
    with active(account):
        return take(make_request(make_type(account), [agent]))


def take(request: SchedulingRequest, starts_at: Any = TOMORROW) -> SchedulingRequest:
    answers = Answers("America/New_York", "Ana Ruiz", "+1 212-555-0187")
    book_slot(request=request, starts_at=starts_at, answers=answers, key="k" * 16, now=NOW)
    return request


def url(request: SchedulingRequest, page: str = "") -> str:
    return f"/schedule/{request.token}/appointment/{page}"


def epoch(moment: Any) -> str:
    return str(int(moment.timestamp()))


def cancel(browser: Client, request: SchedulingRequest, **changed: str) -> Any:
    return browser.post(url(request, "cancellation/"), {"reason": "We are away.", "sequence": "0"} | changed)


def move(browser: Client, request: SchedulingRequest, starts_at: Any, **changed: str) -> Any:
    sent = {"start": epoch(starts_at), "zone": "America/New_York", "sequence": "0"} | changed
    return browser.post(url(request, "reschedule/"), sent)


def standing(request: SchedulingRequest) -> Appointment:
    with all_accounts():
        return Appointment.objects.get(request=request)


def is_cancelled(request: SchedulingRequest) -> bool:
    with all_accounts():
        return Cancellation.objects.filter(appointment__request=request).exists()


def events(kind: str) -> int:
    with all_accounts():
        return Event.objects.filter(kind=kind).count()


class TestTheAppointmentsPage:
    def test_offers_both_and_says_until_when(self, browser: Client, booked: SchedulingRequest) -> None:
        text = browser.get(url(booked)).content.decode()

        assert f'href="{url(booked, "reschedule/")}"' in text
        assert f'href="{url(booked, "cancellation/")}"' in text
        assert "Both are possible until Tue, May 4, 8:00 AM." in text

    def test_offers_neither_after_the_cut_off_and_says_whom_to_ask(
        self, browser: Client, booked: SchedulingRequest
    ) -> None:
        with time_machine.travel(CUT_OFF + timedelta(seconds=1), tick=False):
            text = browser.get(url(booked)).content.decode()

        assert "reschedule/" not in text
        assert "cancellation/" not in text
        assert "Until Tue, May 4, 8:00 AM you could have changed this here." in text
        assert "(212) 555-0142" in text

    def test_offers_neither_where_the_type_does_not(self, browser: Client, fixed: SchedulingRequest) -> None:
        text = browser.get(url(fixed)).content.decode()

        assert "reschedule/" not in text
        assert "could have changed" not in text
        assert "(212) 555-0142" in text


class TestNothingChanges:
    def test_for_a_mail_scanner_that_follows_every_link(self, browser: Client, booked: SchedulingRequest) -> None:
        with all_accounts():
            before = Event.objects.count()

        later = epoch(TOMORROW + HOUR)
        for page in ("cancellation/", "reschedule/", f"reschedule/?start={later}&sequence=0", "reschedule/times/"):
            assert browser.get(url(booked, page)).status_code == 200
            assert browser.head(url(booked, page)).status_code == 200

        with all_accounts():
            assert Event.objects.count() == before
        assert standing(booked).starts_at == TOMORROW

    @pytest.mark.parametrize("page", ["cancellation/", "reschedule/"])
    def test_before_anything_is_booked(self, browser: Client, invited: SchedulingRequest, page: str) -> None:
        for answer in (browser.get(url(invited, page)), browser.post(url(invited, page), {"sequence": "0"})):
            assert answer.headers["Location"] == url(invited)
        assert browser.get(url(invited, "reschedule/times/")).status_code == 409

    @pytest.mark.parametrize("act", [cancel, lambda browser, booked: move(browser, booked, TOMORROW + HOUR)])
    @pytest.mark.parametrize(
        ("after", "words"),
        [
            (CUT_OFF + timedelta(seconds=1), "It could be changed here until Tue, May 4, 8:00 AM."),
            (TOMORROW + timedelta(minutes=1), "The appointment has begun."),
        ],
    )
    def test_when_it_is_too_late(
        self, browser: Client, booked: SchedulingRequest, act: Callable[..., Any], after: Any, words: str
    ) -> None:
        with time_machine.travel(after, tick=False):
            page = act(browser, booked)

        assert page.status_code == 403
        assert words in page.content.decode()
        assert standing(booked).starts_at == TOMORROW
        assert not is_cancelled(booked)

    @pytest.mark.parametrize("page", ["cancellation/", "reschedule/", "reschedule/?start=x"])
    def test_where_the_type_does_not_offer_it(self, browser: Client, fixed: SchedulingRequest, page: str) -> None:
        for answer in (browser.get(url(fixed, page)), cancel(browser, fixed), move(browser, fixed, TOMORROW + HOUR)):
            assert answer.status_code == 403
            assert "This appointment cannot be changed here." in answer.content.decode()
        assert standing(fixed).starts_at == TOMORROW
        assert not is_cancelled(fixed)


class TestCancel:
    def test_asks_before_it_does(self, browser: Client, booked: SchedulingRequest) -> None:
        text = browser.get(url(booked, "cancellation/")).content.decode()

        assert "Cancel this appointment?" in text
        assert "Tuesday, May 4, 2027" in text
        assert "10:00 AM – 10:30 AM" in text

    def test_cancels_with_the_reason_and_shows_it(self, browser: Client, booked: SchedulingRequest) -> None:
        answer = cancel(browser, booked)

        assert (answer.status_code, answer.headers["Location"]) == (303, url(booked))
        assert "This appointment was cancelled" in browser.get(url(booked)).content.decode()
        with all_accounts():
            cancellation = Cancellation.objects.get()
        assert (cancellation.by, cancellation.reason) == ("Ana Ruiz (client)", "We are away.")

    def test_needs_no_reason(self, browser: Client, booked: SchedulingRequest) -> None:
        cancel(browser, booked, reason="")

        assert is_cancelled(booked)

    def test_twice_is_once(self, browser: Client, booked: SchedulingRequest) -> None:
        first, second = cancel(browser, booked), cancel(browser, booked)

        assert first.headers["Location"] == second.headers["Location"] == url(booked)
        assert events("appointment.cancelled") == 1
        assert browser.get(url(booked, "cancellation/")).headers["Location"] == url(booked)

    def test_keeps_a_reason_that_is_too_long(self, browser: Client, booked: SchedulingRequest) -> None:
        page = cancel(browser, booked, reason="x" * 2001)

        assert page.status_code == 422
        assert "x" * 2001 in page.content.decode()
        assert not is_cancelled(booked)

    def test_does_not_cancel_a_time_that_the_client_has_not_seen(
        self, browser: Client, account: Account, booked: SchedulingRequest
    ) -> None:
        with active(account):
            reschedule_appointment(
                request=booked, starts_at=TOMORROW + HOUR, zone="UTC", actor="Maria Schmidt", now=NOW
            )

        page = cancel(browser, booked)

        assert page.status_code == 409
        assert "The appointment has changed meanwhile" in page.content.decode()
        assert not is_cancelled(booked)

    @pytest.mark.parametrize("sequence", ["", "x", "-1"])
    def test_asks_again_for_a_damaged_form(self, browser: Client, booked: SchedulingRequest, sequence: str) -> None:
        page = cancel(browser, booked, sequence=sequence)

        assert page.status_code == 422
        assert "We are away." in page.content.decode()
        assert not is_cancelled(booked)


class TestChooseAnotherTime:
    def test_shows_the_time_it_has_among_those_that_are_free(self, browser: Client, booked: SchedulingRequest) -> None:
        page = browser.get(url(booked, "reschedule/"), {"from": "2027-05-04"})

        starts = [start for day in page.context["month"].days for part in day.parts for start in part.starts]
        around = {start.epoch: start.is_present for start in starts}
        text = page.content.decode()
        quarter = timedelta(minutes=15)
        assert [around[int(moment.timestamp())] for moment in (TOMORROW - quarter, TOMORROW, TOMORROW + quarter)] == [
            False,
            True,
            False,
        ]
        assert "Your time now" in text
        assert "Tuesday, May 4, 2027" in text

    def test_does_not_suggest_the_time_it_has_as_the_earliest(
        self, browser: Client, account: Account, agent: Agent
    ) -> None:
        eleven = NOW + 2 * HOUR
        with active(account):
            kind = make_type(account, clients_may_change=True, change_notice_amount=0)
            booked = take(make_request(kind, [agent]), eleven)

        earliest = browser.get(url(booked, "reschedule/")).context["month"].earliest

        assert earliest.epoch == int((eleven + timedelta(minutes=15)).timestamp())

    def test_is_on_the_clock_that_was_booked_on(self, browser: Client, booked: SchedulingRequest) -> None:
        text = browser.get(url(booked, "reschedule/")).content.decode()

        assert 'data-zone="America/New_York"' in text
        assert "data-guess" not in text

    def test_gives_the_part_of_the_page_for_another_zone(self, browser: Client, booked: SchedulingRequest) -> None:
        page = browser.get(url(booked, "reschedule/times/"), {"zone": "Asia/Kathmandu"})

        assert page.status_code == 200
        assert 'data-zone="Asia/Kathmandu"' in page.content.decode()
        assert f'action="{url(booked, "reschedule/")}"' in page.content.decode()
        assert browser.get(url(booked, "reschedule/times/"), {"zone": "Mars/Base"}).status_code == 422

    def test_asks_before_it_moves(self, browser: Client, booked: SchedulingRequest) -> None:
        page = browser.get(url(booked, "reschedule/"), {"start": epoch(TOMORROW + 3 * HOUR)})

        text = page.content.decode()
        assert "Move to this time?" in text
        assert "10:00 AM – 10:30 AM" in text
        assert "1:00 PM – 1:30 PM" in text

    def test_says_so_when_it_is_the_time_it_has(self, browser: Client, booked: SchedulingRequest) -> None:
        page = browser.get(url(booked, "reschedule/"), {"start": epoch(TOMORROW)})

        assert "That is the time you have" in page.content.decode()

    def test_of_a_time_that_is_gone_gives_those_that_are_left(
        self, browser: Client, account: Account, agent: Agent, booked: SchedulingRequest
    ) -> None:
        with active(account):
            make_busy(agent, TOMORROW + HOUR, TOMORROW + 2 * HOUR)

        page = browser.get(url(booked, "reschedule/"), {"start": epoch(TOMORROW + HOUR)})

        assert page.status_code == 409
        assert "Tue, May 4, 11:00 AM is not free" in page.content.decode()

    @pytest.mark.parametrize("damage", [{"start": "x"}, {"zone": "Mars/Base"}, {"from": "soon"}])
    def test_of_a_damaged_link_gives_the_times(
        self, browser: Client, booked: SchedulingRequest, damage: dict[str, str]
    ) -> None:
        page = browser.get(url(booked, "reschedule/"), damage)

        assert page.status_code == 422
        assert page.context["month"].count


class TestMove:
    def test_moves_and_leads_to_the_appointment(self, browser: Client, booked: SchedulingRequest) -> None:
        answer = move(browser, booked, TOMORROW + 3 * HOUR)

        assert (answer.status_code, answer.headers["Location"]) == (303, url(booked))
        assert standing(booked).starts_at == TOMORROW + 3 * HOUR
        assert "1:00 PM – 1:30 PM" in browser.get(url(booked)).content.decode()

    def test_the_same_form_twice_moves_it_once(self, browser: Client, booked: SchedulingRequest) -> None:
        first, second = (move(browser, booked, TOMORROW + 3 * HOUR) for _ in range(2))

        assert first.status_code == second.status_code == 303
        assert events("appointment.rescheduled") == 1

    def test_a_double_click_shows_the_new_time_also_when_that_is_too_soon_to_change_again(
        self, browser: Client, booked: SchedulingRequest
    ) -> None:
        soon = NOW + 2 * HOUR
        with time_machine.travel(NOW + timedelta(seconds=-1), tick=False):
            first = move(browser, booked, soon)
        with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
            second = move(browser, booked, soon)

        assert first.status_code == second.status_code == 303
        assert standing(booked).starts_at == soon

    def test_to_the_time_it_has_changes_nothing(self, browser: Client, booked: SchedulingRequest) -> None:
        assert move(browser, booked, TOMORROW).status_code == 303
        assert events("appointment.rescheduled") == 0

    def test_of_two_tabs_one_wins_and_the_other_sees_how_it_stands(
        self, browser: Client, booked: SchedulingRequest
    ) -> None:
        move(browser, booked, TOMORROW + HOUR)

        page = move(browser, booked, TOMORROW + 3 * HOUR)

        assert page.status_code == 409
        assert "The appointment has changed meanwhile" in page.content.decode()
        assert "11:00 AM – 11:30 AM" in page.content.decode()
        assert standing(booked).starts_at == TOMORROW + HOUR

    def test_to_a_time_that_was_taken_keeps_the_old_one_and_shows_fresh_times(
        self, browser: Client, account: Account, agent: Agent, booked: SchedulingRequest
    ) -> None:
        with active(account):
            take(make_request(make_type(account), [agent], name="Somebody Else"), TOMORROW + HOUR)

        page = move(browser, booked, TOMORROW + HOUR)

        text = page.content.decode()
        assert page.status_code == 409
        assert "Tue, May 4, 11:00 AM has just been taken" in text
        assert "Your appointment stays as it was" in text
        assert page.context["month"].count
        assert standing(booked).starts_at == TOMORROW

    def test_to_a_time_that_was_never_offered_changes_nothing(self, browser: Client, booked: SchedulingRequest) -> None:
        assert move(browser, booked, TOMORROW + 12 * HOUR).status_code == 422
        assert standing(booked).starts_at == TOMORROW

    def test_keeps_everything_when_the_calendar_cannot_be_read(
        self, browser: Client, account: Account, agent: Agent, booked: SchedulingRequest
    ) -> None:
        values = {"company_id": "summit", "public_key": "public", "private_key": "private", "client_id": "id"}
        settings = get_manifest("connectwise").settings(**values, base_url="http://127.0.0.1:9")  # nobody answers
        with active(account):
            make_busy(agent, NOW + 50 * HOUR, NOW + 51 * HOUR)
            Connection.objects.filter(account=account).update(settings=seal(settings))

        page = move(browser, booked, TOMORROW + HOUR)

        text = page.content.decode()
        assert (page.status_code, page.headers["Retry-After"]) == (503, "120")
        assert "Your appointment stays as it was" in text
        assert f'name="start" value="{epoch(TOMORROW + HOUR)}"' in text
        assert "Try again</button>" in text
        assert standing(booked).starts_at == TOMORROW

    def test_of_what_was_cancelled_meanwhile_shows_that(
        self, browser: Client, account: Account, booked: SchedulingRequest
    ) -> None:
        with active(account):
            cancel_appointment(request=booked, actor="Maria Schmidt", reason="", now=NOW)

        assert move(browser, booked, TOMORROW + HOUR).headers["Location"] == url(booked)

    @pytest.mark.parametrize("damage", [{"start": ""}, {"zone": "Mars/Base"}, {"sequence": ""}])
    def test_of_a_damaged_form_gives_the_times(
        self, browser: Client, booked: SchedulingRequest, damage: dict[str, str]
    ) -> None:
        page = move(browser, booked, TOMORROW + HOUR, **damage)

        assert page.status_code == 422
        assert page.context["month"].count
        assert standing(booked).starts_at == TOMORROW
