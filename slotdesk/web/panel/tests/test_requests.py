"""What the panel shows of a ticket, and what is done from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import User
from slotdesk.domain.workflows.advance import advance
from slotdesk.domain.workflows.models import StepRun
from slotdesk.web.panel.viewer import sign_token
from tests.support.factories import make_agent, make_busy, make_team, make_type
from tests.support.members import give_place
from tests.support.psa import MEMBER_ID, Desk, broken


@pytest.fixture
def half_hour(desk: Desk) -> AppointmentType:
    return make_type(desk.account, notice_amount=0)


def send(desk: Desk, method: str, path: str, **fields: Any) -> Any:
    token = sign_token(connection=desk.connection, member_id=MEMBER_ID, name="Jordan Doe")
    url = f"/panel/{desk.connection.public_id}/tickets/{path}"
    browser = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}"})
    return browser.get(url, fields) if method == "get" else browser.post(url, fields)


def invite(desk: Desk, ticket: dict[str, Any], kind: AppointmentType, **fields: Any) -> Any:
    choices = {"type": kind.public_id, "resource": desk.agent.public_id, "origin": "panel"} | fields
    return send(desk, "post", f"service_ticket/{ticket['id']}/requests/", **choices)


def give_role(desk: Desk, role: str) -> None:
    user = User.objects.create_user(f"{role}@summit.example")
    membership = give_place(desk.account, user, role)
    Agent.objects.filter(pk=desk.agent.pk).update(membership=membership)


class TestTicket:
    def test_shows_the_contact_and_offers_the_viewer_first(self, desk: Desk, half_hour: AppointmentType) -> None:
        make_agent(desk.account, "Another Technician")
        ticket = desk.ticket()

        page = send(desk, "get", f"{ticket['id']}/")

        assert page.status_code == 200
        assert ticket["contactEmailAddress"] in page.content.decode()
        assert f'value="{desk.agent.public_id}" selected' in page.content.decode()
        assert page.headers["Cache-Control"] == "no-store"

    def test_offers_teams_of_whom_somebody_can_be_booked(self, desk: Desk, half_hour: AppointmentType) -> None:
        make_team(desk.account, [desk.agent], internal_name="Network team")
        make_team(desk.account, [], internal_name="Nobody yet")

        page = send(desk, "get", f"{desk.ticket()['id']}/").content.decode()

        assert "Network team" in page
        assert "Nobody yet" not in page

    def test_says_that_the_contact_has_no_address(self, desk: Desk, half_hour: AppointmentType) -> None:
        page = send(desk, "get", f"{desk.ticket(has_email=False)['id']}/").content.decode()

        assert "disabled" in page
        assert "copy the link" in page

    def test_offers_nothing_on_a_closed_ticket(self, desk: Desk, half_hour: AppointmentType) -> None:
        page = send(desk, "get", f"{desk.ticket(is_closed=True)['id']}/").content.decode()

        assert "This ticket is closed" in page
        assert "Ask client to schedule" not in page

    def test_says_what_is_missing_before_anybody_can_be_asked(self, desk: Desk, half_hour: AppointmentType) -> None:
        Agent.objects.update(is_schedulable=False)

        assert "Nobody can be booked yet" in send(desk, "get", f"{desk.ticket()['id']}/").content.decode()

    def test_that_the_psa_does_not_have_is_not_found(self, desk: Desk) -> None:
        assert send(desk, "get", "99999999/").status_code == 404

    def test_says_that_the_psa_is_down(self, desk: Desk) -> None:
        with broken(desk.sandbox, "down"):
            page = send(desk, "get", f"{desk.ticket()['id']}/")

        assert page.status_code == 503
        assert "does not answer right now" in page.content.decode()

    def test_says_that_the_keys_are_refused(self, desk: Desk) -> None:
        with broken(desk.sandbox, "expired-key"):
            page = send(desk, "get", f"{desk.ticket()['id']}/")

        assert "cannot sign in" in page.content.decode()


class TestStatus:
    def test_is_the_psas_at_this_moment(self, desk: Desk) -> None:
        ticket = desk.ticket()
        path = f"service_ticket/{ticket['id']}/status/"
        before = send(desk, "get", path).content.decode()
        desk.sandbox.store.put("tickets", ticket | {"status": {"id": 1, "name": "Waiting on Client"}})

        after = send(desk, "get", path).content.decode()
        desk.sandbox.store.put("tickets", ticket)

        assert f'data-status="{ticket["status"]["name"]}"' in before
        assert 'data-status="Waiting on Client"' in after
        assert "data-closed" not in after

    def test_says_whether_the_ticket_is_closed(self, desk: Desk) -> None:
        path = f"service_ticket/{desk.ticket(is_closed=True)['id']}/status/"

        assert "data-closed" in send(desk, "get", path).content.decode()

    def test_is_nothing_while_the_psa_is_down(self, desk: Desk) -> None:
        with broken(desk.sandbox, "down"):
            answer = send(desk, "get", f"service_ticket/{desk.ticket()['id']}/status/")

        assert (answer.status_code, answer.content) == (503, b"")


class TestAsking:
    def test_makes_a_request_and_tells_the_screen(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()

        answer = invite(desk, ticket, half_hour)

        made = SchedulingRequest.objects.get()
        assert answer.status_code == 201
        assert answer.headers["X-Panel-Changed"] == "yes"
        assert made.public_id in answer.content.decode()
        assert (made.origin, made.created_by, made.client_email) == (
            "panel",
            "Jordan Doe",
            ticket["contactEmailAddress"],
        )

    def test_for_a_link_shows_it(self, desk: Desk, half_hour: AppointmentType) -> None:
        answer = invite(desk, desk.ticket(has_email=False), half_hour, origin="link")

        made = SchedulingRequest.objects.get()
        assert made.origin == "link"
        assert f"/schedule/{made.token}/" in answer.content.decode()

    def test_takes_the_length_that_was_entered(self, desk: Desk, half_hour: AppointmentType) -> None:
        invite(desk, desk.ticket(), half_hour, minutes="50")

        assert SchedulingRequest.objects.get().terms["duration_minutes"] == 50

    @pytest.mark.parametrize(
        ("fields", "status", "words"),
        [
            ({"minutes": "0"}, 422, "whole minutes"),
            ({"minutes": "half"}, 422, "whole minutes"),
            ({"minutes": "99999"}, 422, "whole minutes"),
            ({"type": "apty_gone"}, 422, "no longer in use"),
            ({"resource": ["", ""]}, 422, "Choose who"),
            ({"resource": "agnt_gone"}, 422, "cannot be booked any more"),
        ],
    )
    def test_refuses_what_cannot_be_chosen(
        self, desk: Desk, half_hour: AppointmentType, fields: dict[str, str], status: int, words: str
    ) -> None:
        answer = invite(desk, desk.ticket(), half_hour, **fields)

        assert answer.status_code == status
        assert words in answer.content.decode()
        assert not SchedulingRequest.objects.exists()

    def test_takes_several_people_and_teams_in_their_order(self, desk: Desk, half_hour: AppointmentType) -> None:
        other = make_agent(desk.account, "Priya Raman")
        team = make_team(desk.account, [other])

        answer = invite(desk, desk.ticket(), half_hour, resource=[team.public_id, "", desk.agent.public_id])

        assert answer.status_code == 201
        asked = SchedulingRequest.objects.get().resources.order_by("position")
        assert [item.name for item in asked] == ["Help desk", "Jordan Doe"]
        assert "with Help desk, Jordan Doe" in answer.content.decode()

    def test_refuses_the_same_name_twice(self, desk: Desk, half_hour: AppointmentType) -> None:
        answer = invite(desk, desk.ticket(), half_hour, resource=[desk.agent.public_id, desk.agent.public_id])

        assert answer.status_code == 422
        assert "chosen twice" in answer.content.decode()

    def test_refuses_more_than_one_appointment_may_have(self, desk: Desk, half_hour: AppointmentType) -> None:
        five = [make_agent(desk.account, f"Technician {number}").public_id for number in range(5)]

        answer = invite(desk, desk.ticket(), half_hour, resource=five)

        assert answer.status_code == 422
        assert "At most 4" in answer.content.decode()
        assert not SchedulingRequest.objects.exists()

    def test_refuses_whom_nobody_can_book(self, desk: Desk, half_hour: AppointmentType) -> None:
        Agent.objects.update(zone="")

        answer = invite(desk, desk.ticket(), half_hour)

        assert answer.status_code == 422
        assert "cannot be booked just now" in answer.content.decode()

    def test_refuses_an_archived_type(self, desk: Desk, half_hour: AppointmentType) -> None:
        AppointmentType.objects.update(is_archived=True)

        assert invite(desk, desk.ticket(), half_hour).status_code == 422

    def test_refuses_a_closed_ticket(self, desk: Desk, half_hour: AppointmentType) -> None:
        answer = invite(desk, desk.ticket(is_closed=True), half_hour)

        assert answer.status_code == 409
        assert "closed" in answer.content.decode()

    def test_refuses_to_invite_whom_it_cannot_write_to(self, desk: Desk, half_hour: AppointmentType) -> None:
        answer = invite(desk, desk.ticket(has_email=False), half_hour)

        assert answer.status_code == 422
        assert not SchedulingRequest.objects.exists()

    def test_makes_nothing_while_the_psa_is_down(self, desk: Desk, half_hour: AppointmentType) -> None:
        with broken(desk.sandbox, "down"):
            answer = invite(desk, desk.ticket(), half_hour)

        assert answer.status_code == 503
        assert "Nothing is lost" in answer.content.decode()
        assert not SchedulingRequest.objects.exists()

    def test_makes_nothing_for_a_ticket_that_the_psa_does_not_have(
        self, desk: Desk, half_hour: AppointmentType
    ) -> None:
        assert invite(desk, {"id": 99999999}, half_hour).status_code == 503
        assert not SchedulingRequest.objects.exists()

    def test_takes_a_role_that_may(self, desk: Desk, half_hour: AppointmentType) -> None:
        give_role(desk, "finance")

        page = send(desk, "get", f"{desk.ticket()['id']}/").content.decode()

        assert "Ask client to schedule" not in page
        assert invite(desk, desk.ticket(), half_hour).status_code == 403
        assert not SchedulingRequest.objects.exists()


class TestCancelling:
    def test_takes_an_open_request_back(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()
        invite(desk, ticket, half_hour)
        made = SchedulingRequest.objects.get()

        answer = send(desk, "post", f"service_ticket/{ticket['id']}/requests/{made.public_id}/cancellation/")

        made.refresh_from_db()
        assert (answer.status_code, made.status) == (200, "cancelled")

    def test_calls_an_appointment_off_with_a_message(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()
        invite(desk, ticket, half_hour)
        made, now = SchedulingRequest.objects.get(), datetime.now(UTC)
        times = list_times(made, starts_at=now, ends_at=now + timedelta(days=7), client_zone="UTC", now=now)
        starts_at = datetime.fromtimestamp(times.slots[0].start, UTC)
        appointment = book_slot(request=made, starts_at=starts_at, answers=Answers("UTC", ""), key="k", now=now)
        path = f"service_ticket/{ticket['id']}/requests/{made.public_id}/cancellation/"

        listed = send(desk, "get", f"{ticket['id']}/").content.decode()
        send(desk, "post", path, reason="Our technician is ill.")

        appointment.refresh_from_db()
        assert "Message for the client" in listed
        assert (appointment.cancellation.by, appointment.cancellation.reason) == (
            "Jordan Doe",
            "Our technician is ill.",
        )

    def test_finds_the_requests_of_this_ticket_only(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()
        invite(desk, ticket, half_hour)
        made, other = SchedulingRequest.objects.get(), desk.ticket(has_email=False)

        answer = send(desk, "post", f"service_ticket/{other['id']}/requests/{made.public_id}/cancellation/")

        made.refresh_from_db()
        assert answer.status_code == 404
        assert made.status == "new"


class TestLookingAgain:
    def test_goes_on_while_something_is_under_way(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()
        asked = invite(desk, ticket, half_hour).content.decode()
        path = f"service_ticket/{ticket['id']}/requests/now/"

        assert f'{path}"' in asked
        for event in Event.objects.all():
            advance(event_id=event.pk, now=datetime.now(UTC))
        assert "data-moving" in send(desk, "get", path).content.decode()
        StepRun.objects.filter(is_timer=False).update(state="done", finished_at=datetime.now(UTC))
        assert "data-moving" not in send(desk, "get", path).content.decode()

    def test_does_not_ask_the_psa(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()
        invite(desk, ticket, half_hour)

        with broken(desk.sandbox, "down"):
            answer = send(desk, "get", f"service_ticket/{ticket['id']}/requests/now/")

        assert SchedulingRequest.objects.get().public_id in answer.content.decode()


class TestWhyNot:
    def test_is_told_for_each_person(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket, day = desk.ticket(), next_weekday()
        invite(desk, ticket, half_hour)
        starts_at = datetime.combine(day, time(10), ZoneInfo(desk.agent.zone))
        make_busy(desk.agent, starts_at, starts_at + timedelta(hours=1), title="Dentist")

        page = self.ask(desk, ticket, date=f"{day}", time="10:00").content.decode()

        assert "The client is not offered this time." in page
        assert "Jordan Doe cannot take it" in page
        assert "Busy “Dentist”" in page
        assert "Move or delete the calendar entry" in page

    def test_is_not_asked_of_a_request_that_is_over(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket = desk.ticket()
        listed = invite(desk, ticket, half_hour).content.decode()
        SchedulingRequest.objects.update(status="cancelled")

        assert "Why not this time?" in listed
        assert self.ask(desk, ticket).status_code == 404
        assert "Why not this time?" not in send(desk, "get", f"{ticket['id']}/").content.decode()

    def test_finds_the_requests_of_this_ticket_only(self, desk: Desk, half_hour: AppointmentType) -> None:
        invite(desk, desk.ticket(), half_hour)

        assert self.ask(desk, {"id": 99999999}).status_code == 404

    @staticmethod
    def ask(desk: Desk, ticket: dict[str, Any], **fields: str) -> Any:
        made = SchedulingRequest.objects.get()
        return send(desk, "get", f"service_ticket/{ticket['id']}/requests/{made.public_id}/explanation/", **fields)


def next_weekday() -> date:
    """A working day that is neither today nor tomorrow."""
    day = datetime.now(UTC).date() + timedelta(days=2)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return day
