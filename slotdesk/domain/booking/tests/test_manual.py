"""A time agreed with the client, entered by staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox.connectwise.server import Options as SandboxOptions
from sandbox.connectwise.server import Sandbox, running
from slotdesk.availability.values import BusyKind
from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.drafts import Client, NotWithThisType, Options
from slotdesk.domain.booking.invitations import TicketClosed
from slotdesk.domain.booking.manual import Agreed, book_manually, explain_manual_time, list_manual_times
from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType, TypeResource
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.connections.registry import PROMPT, open_psa
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active
from slotdesk.ports.psa import TicketRef
from tests.support.factories import make_agent, make_team, make_type
from tests.support.psa import MEMBER_ID, Desk, make_desk

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(SandboxOptions(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(db: None, sandbox: Sandbox) -> Iterator[Desk]:
    desk = make_desk(sandbox)
    with active(desk.account):
        yield desk


@pytest.fixture
def half_hour(desk: Desk) -> AppointmentType:
    return make_type(desk.account, notice_amount=48, notice_unit="hours", buffer_after=timedelta(minutes=15))


def now() -> datetime:
    return datetime.now(UTC)


def weekday_at(hour: int, *, days: int = 4) -> datetime:
    """A coming weekday at this hour in New York, beyond the notice."""
    day = (now() + timedelta(days=days)).date()
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), NEW_YORK).astimezone(UTC)


def ref(ticket: dict[str, Any]) -> TicketRef:
    return TicketRef("service_ticket", str(ticket["id"]))


def book(desk: Desk, kind: AppointmentType, starts_at: datetime, *, key: str = "form-1", **fields: Any) -> Appointment:
    ticket = fields.pop("ticket", None) or desk.ticket()
    overrides = fields.pop("overrides_rules", False)
    resources = fields.pop("resources", [desk.agent])
    return book_manually(
        psa=desk.connection,
        ticket=ref(ticket),
        agreed=Agreed(kind, resources, "America/New_York", **fields),
        starts_at=starts_at,
        key=key,
        actor="Jordan Doe",
        now=now(),
        overrides_rules=overrides,
    )


class TestBookManually:
    def test_makes_request_and_appointment_in_one(self, desk: Desk, half_hour: AppointmentType) -> None:
        ticket, guest = desk.ticket(), "bo@client.example"

        made = book(desk, half_hour, weekday_at(10), ticket=ticket, note="By phone", options=Options(guests=[guest]))

        request = SchedulingRequest.objects.get()
        assert (request.status, request.origin) == ("scheduled", "manual")
        assert request.client_email == ticket["contactEmailAddress"]
        assert request.ticket_id == str(ticket["id"])
        assert [each.email for each in request.guests.all()] == [guest]
        assert made.note == "By phone"
        assert [event.kind for event in Event.objects.filter(subject=request.public_id).order_by("id")] == [
            "request.created",
            "appointment.booked",
        ]
        assert set(Event.objects.filter(subject=request.public_id).values_list("actor", flat=True)) == {"Jordan Doe"}

    def test_books_an_equal_form_once(self, desk: Desk, half_hour: AppointmentType) -> None:
        first = book(desk, half_hour, weekday_at(10))
        second = book(desk, half_hour, weekday_at(10))

        assert first == second
        assert SchedulingRequest.objects.count() == 1

    def test_leaves_nothing_behind_when_the_time_is_taken(self, desk: Desk, half_hour: AppointmentType) -> None:
        book(desk, half_hour, weekday_at(10))

        with pytest.raises(SlotTaken):
            book(desk, half_hour, weekday_at(10), key="form-2", overrides_rules=True)

        assert SchedulingRequest.objects.count() == 1

    def test_keeps_to_the_rules_unless_told(self, desk: Desk, half_hour: AppointmentType) -> None:
        with pytest.raises(SlotNotOffered) as refused:
            book(desk, half_hour, weekday_at(22))

        assert not refused.value.explanation.is_offered
        assert not SchedulingRequest.objects.exists()

    @pytest.mark.parametrize("hour", [3, 7, 22], ids=["at night", "before hours", "after hours"])
    def test_may_set_hours_aside(self, desk: Desk, half_hour: AppointmentType, hour: int) -> None:
        starts_at = weekday_at(hour) + timedelta(minutes=7)  # and the round times

        made = book(desk, half_hour, starts_at, overrides_rules=True)

        assert made.starts_at == starts_at
        assert Reservation.objects.get().buffer_after == timedelta(minutes=15)

    def test_may_set_notice_and_window_aside(self, desk: Desk, half_hour: AppointmentType) -> None:
        soon, late = now().replace(second=0, microsecond=0) + timedelta(minutes=5), weekday_at(10, days=60)

        assert book(desk, half_hour, soon, overrides_rules=True).starts_at == soon
        assert book(desk, half_hour, late, overrides_rules=True, key="form-2").starts_at == late

    def test_never_takes_what_the_calendar_says_is_taken(self, desk: Desk, half_hour: AppointmentType) -> None:
        Calendar.objects.filter(agent=desk.agent).update(is_blocking=True)
        psa = open_psa(desk.connection, seconds=PROMPT)
        entries = psa.list_entries(MEMBER_ID, now() + timedelta(days=1), now() + timedelta(days=30))
        taken = next(entry for entry in entries if entry.kind == BusyKind.BUSY)

        with pytest.raises(SlotTaken):
            book(desk, half_hour, taken.starts_at, overrides_rules=True)

    def test_never_takes_unknown_for_free(self, desk: Desk, half_hour: AppointmentType) -> None:
        Calendar.objects.filter(agent=desk.agent).update(is_blocking=True, external_id="4711", synced_at=None)

        with pytest.raises(AvailabilityUnknown):
            book(desk, half_hour, weekday_at(10), overrides_rules=True)

    def test_lets_a_teams_rule_choose_who(self, desk: Desk, half_hour: AppointmentType) -> None:
        other = make_agent(desk.account, "Ali", now=now())
        team = make_team(desk.account, [desk.agent, other])
        book(desk, half_hour, weekday_at(10))

        made = book(desk, half_hour, weekday_at(10), resources=[team], key="form-2")

        assert made.reservations.get().agent == other

    def test_refuses_a_closed_ticket(self, desk: Desk, half_hour: AppointmentType) -> None:
        with pytest.raises(TicketClosed):
            book(desk, half_hour, weekday_at(10), ticket=desk.ticket(is_closed=True))

    def test_refuses_by_name_whom_the_type_may_not_ask(self, desk: Desk, half_hour: AppointmentType) -> None:
        TypeResource.objects.create(appointment_type=half_hour, agent=make_agent(desk.account, "Ali"))

        with pytest.raises(NotWithThisType, match="Jordan Doe"):
            book(desk, half_hour, weekday_at(10))

    def test_takes_another_client_than_the_tickets_contact(self, desk: Desk, half_hour: AppointmentType) -> None:
        made = book(
            desk, half_hour, weekday_at(10), client=Client("Zoe New", "zoe@client.example", phone="+1 212 555 0100")
        )

        assert (made.request.client_email, made.request.client_phone) == ("zoe@client.example", "+1 212 555 0100")
        assert made.request.contact_id == ""


class TestListManualTimes:
    def test_proposes_what_a_client_would_be_offered(self, desk: Desk, half_hour: AppointmentType) -> None:
        times = list_manual_times(
            account=desk.account,
            agreed=Agreed(half_hour, [desk.agent], "America/New_York"),
            starts_at=weekday_at(0),
            ends_at=weekday_at(0) + timedelta(days=1),
            now=now(),
        )

        assert datetime.fromtimestamp(times.slots[0].start, UTC) == weekday_at(9)

    def test_and_the_reasons_against_any_other(self, desk: Desk, half_hour: AppointmentType) -> None:
        agreed = Agreed(half_hour, [desk.agent], "America/New_York")

        explained = explain_manual_time(account=desk.account, agreed=agreed, starts_at=weekday_at(22), now=now())

        assert [why.text for why in explained.people[0].reasons] == ["Outside of working hours."]
