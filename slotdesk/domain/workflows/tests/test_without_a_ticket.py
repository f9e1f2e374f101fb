"""Booking without a ticket: the client's contact, a ticket and an activity in the PSA."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pydantic import ValidationError

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment, reschedule_appointment
from slotdesk.domain.events.models import Event
from slotdesk.domain.workflows.actions import Context, Done, Skipped, Will, get_action
from slotdesk.domain.workflows.models import StepRun
from slotdesk.ports.errors import Rejected
from tests.support.factories import make_request
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


def request_of(msp: Msp, email: str, company: str = "Fabrikam", name: str = "Ana Ruiz") -> SchedulingRequest:
    return make_request(msp.type, [msp.agent], now=timezone.now(), email=email, company=company, name=name)


def booked(msp: Msp, email: str) -> tuple[SchedulingRequest, Appointment]:
    request = request_of(msp, email)
    return request, msp.book_first(request)


def prepare(action: str, request: SchedulingRequest, **settings: Any) -> Will | Skipped:
    event = Event.objects.filter(subject=request.public_id, data__has_key="appointment").order_by("-id").first()
    fresh = SchedulingRequest.objects.select_related("account", "connection").get(pk=request.pk)
    run = StepRun(account=fresh.account, request=fresh, event=event or Event(), step_key="x", settings=settings)
    return get_action(action).prepare(Context(run=run, now=timezone.now()))


def do(action: str, request: SchedulingRequest, **settings: Any) -> Done | Skipped:
    prepared = prepare(action, request, **settings)
    assert isinstance(prepared, Will), prepared
    done = prepared.do()
    request.refresh_from_db()
    return done


def contact(msp: Msp) -> dict[str, Any]:
    """A contact with an address, at a company."""
    contacts = msp.api("/company/contacts", pageSize=100)
    return next(each for each in contacts if each["communicationItems"][0]["communicationType"] == "Email")


def address(contact: dict[str, Any]) -> str:
    return str(contact["communicationItems"][0]["value"])


class TestFindOrCreateTheContact:
    def test_takes_the_contact_with_the_address_in_any_spelling(self, msp: Msp) -> None:
        known = contact(msp)
        request = request_of(msp, address(known).upper())

        assert do("create_or_match_contact", request).text.startswith("Found ")

        assert request.contact_id == str(known["id"])
        assert (request.company_id, request.company_name) == (str(known["company"]["id"]), known["company"]["name"])
        assert msp.effects("contact.created") == []

    def test_creates_a_contact_in_the_company_of_the_domain(self, msp: Msp) -> None:
        known = contact(msp)
        request = request_of(msp, f"new.person@{address(known).partition('@')[2]}", company="Something Else")

        do("create_or_match_contact", request)

        assert request.company_id == str(known["company"]["id"])
        assert len(msp.effects("contact.created")) == 1
        assert msp.effects("company.created") == []

    def test_creates_company_and_contact_for_somebody_new(self, msp: Msp) -> None:
        request = request_of(msp, "ana@fabrikam.example")

        do("create_or_match_contact", request, company_type_id="2", company_status_id="13")

        (made,) = msp.effects("company.created")
        assert (made["object"]["name"], made["object"]["status"]["name"]) == ("Fabrikam", "Credit Hold")
        assert request.company_id == str(made["id"])
        assert Event.objects.get(kind="request.contact_attached").data["is_new"] is True

    def test_never_matches_a_free_provider_by_its_domain(self, msp: Msp) -> None:
        first, second = request_of(msp, "ana@gmail.com"), request_of(msp, "bo@gmail.com", company="Tailspin")
        do("create_or_match_contact", first)

        do("create_or_match_contact", second)

        assert second.company_id != first.company_id
        assert second.company_name == "Tailspin"

    def test_creates_nothing_twice_after_being_killed_half_way(self, msp: Msp) -> None:
        request = request_of(msp, "ana@fabrikam.example")
        prepared = prepare("create_or_match_contact", request)
        assert isinstance(prepared, Will)
        prepared.do()
        SchedulingRequest.objects.filter(pk=request.pk).update(contact_id="", company_id="")

        do("create_or_match_contact", request)

        assert len(msp.effects("company.created")) == len(msp.effects("contact.created")) == 1
        assert request.contact_id

    def test_puts_everybody_new_into_one_company_where_wanted(self, msp: Msp) -> None:
        request, other = request_of(msp, "ana@fabrikam.example"), msp.api("/company/companies")[0]

        do("create_or_match_contact", request, new_contacts="catch_all", catch_all_company_id=str(other["id"]))

        assert request.company_id == str(other["id"])

    @pytest.mark.parametrize("mode", ["reject_address", "reject_domain"])
    def test_refuses_strangers_where_wanted(self, msp: Msp, mode: str) -> None:
        request = request_of(msp, "ana@fabrikam.example")

        prepared = prepare("create_or_match_contact", request, new_contacts=mode)

        assert isinstance(prepared, Will)
        with pytest.raises(Rejected, match="no contact"):
            prepared.do()
        assert msp.effects("contact.created") == []

    def test_lets_colleagues_in_where_the_domain_decides(self, msp: Msp) -> None:
        known = contact(msp)
        email = f"new.person@{address(known).partition('@')[2]}"
        request = request_of(msp, email)

        do("create_or_match_contact", request, new_contacts="reject_domain")

        assert request.company_id == str(known["company"]["id"])
        with pytest.raises(Rejected):
            do("create_or_match_contact", request_of(msp, f"x.{email}"), new_contacts="reject_address")

    def test_is_skipped_where_there_is_nothing_to_do(self, msp: Msp) -> None:
        assert isinstance(prepare("create_or_match_contact", request_of(msp, "")), Skipped)
        assert isinstance(prepare("create_or_match_contact", msp.invite(msp.open_ticket())), Skipped)

    def test_wants_to_know_the_company_for_all(self) -> None:
        with pytest.raises(ValidationError, match="Choose the company"):
            get_action("create_or_match_contact").settings.model_validate({"new_contacts": "catch_all"})


class TestCreateTicket:
    def test_makes_the_requests_ticket_once(self, msp: Msp) -> None:
        request, _appointment = booked(msp, "ana@fabrikam.example")
        do("create_or_match_contact", request)

        do("create_ticket", request, board_id="1", priority_id="1")

        (made,) = msp.effects("ticket.created")
        assert request.ticket_id == request.ticket_number == str(made["id"])
        assert made["object"]["summary"] == f"{msp.type.internal_name}: Ana Ruiz"
        assert made["object"]["priority"]["id"] == 1
        assert str(made["object"]["contact"]["id"]) == request.contact_id
        assert isinstance(prepare("create_ticket", request, board_id="1"), Skipped)
        assert do("write_entry", request).text.startswith("Written")

    def test_finds_the_ticket_again_after_being_killed_half_way(self, msp: Msp) -> None:
        request, _appointment = booked(msp, "ana@fabrikam.example")
        do("create_or_match_contact", request)
        do("create_ticket", request, board_id="1")
        first = request.ticket_id
        SchedulingRequest.objects.filter(pk=request.pk).update(ticket_id="")

        do("create_ticket", request, board_id="1")

        assert request.ticket_id == first
        assert len(msp.effects("ticket.created")) == 1

    def test_is_skipped_without_a_company(self, msp: Msp) -> None:
        prepared = prepare("create_ticket", request_of(msp, "ana@fabrikam.example"), board_id="1")

        assert isinstance(prepared, Skipped)
        assert "compan" in prepared.text


class TestActivity:
    def test_follows_the_appointment(self, msp: Msp) -> None:
        request, appointment = booked(msp, "ana@fabrikam.example")
        do("create_or_match_contact", request)
        do("create_activity", request)
        do("create_activity", request)
        (made,) = msp.api("/sales/activities", conditions=f"contact/id={request.contact_id}")
        assert made["dateStart"] == appointment.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert made["assignTo"]["name"] == msp.agent.name

        later = appointment.starts_at + timedelta(days=7)
        reschedule_appointment(request=request, starts_at=later, zone="UTC", actor="Jordan Doe", now=timezone.now())
        do("create_activity", request)
        (moved,) = msp.api("/sales/activities", conditions=f"contact/id={request.contact_id}")
        assert (moved["id"], moved["dateStart"]) == (made["id"], later.strftime("%Y-%m-%dT%H:%M:%SZ"))

        cancel_appointment(request=request, actor="Jordan Doe", reason="", now=timezone.now())
        do("create_activity", request)
        assert msp.api("/sales/activities", conditions=f"contact/id={request.contact_id}") == []
        assert isinstance(prepare("create_activity", request), Skipped)

    def test_is_skipped_while_nobody_is_chosen(self, msp: Msp) -> None:
        assert isinstance(prepare("create_activity", request_of(msp, "ana@fabrikam.example")), Skipped)
