"""Staff → Requests → Links: made for one client or one ticket, copied, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.links.models import SignedLink
from tests.support.factories import make_team, make_type
from tests.support.links import make_signed_link
from tests.support.members import signed_in, text_of
from tests.support.psa import Desk, broken

URL = "/app/requests/links/"
NEW = f"{URL}new/"
# A Monday, 09:00 in New York.
NOW = datetime(2027, 5, 3, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def kind(desk: Desk) -> AppointmentType:
    return make_type(desk.account, internal_name="Review call", slug="review", shareable="activity")


@pytest.fixture
def technician(desk: Desk) -> Client:
    return signed_in(desk.account, "user", agent=desk.agent)


def entered(desk: Desk, kind: AppointmentType, **changed: Any) -> dict[str, Any]:
    return {
        "type": kind.public_id,
        "resource": desk.agent.public_id,
        "name": "Nina New",
        "email": "nina@newcomer.example",
        "company": "Newcomer Ltd",
        "expires_on": "2027-06-02",
    } | changed


def contact_of(desk: Desk) -> dict[str, str]:
    """Somebody whom the PSA knows: id, name, address and company."""
    ticket = desk.ticket()
    return {
        "id": str(ticket["contact"]["id"]),
        "name": ticket["contact"]["name"],
        "email": ticket["contactEmailAddress"],
        "company": ticket["company"]["name"],
    }


class TestLinkForAClient:
    def test_is_filled_in_with_a_contact_found_by_name_or_address(
        self, desk: Desk, kind: AppointmentType, technician: Client
    ) -> None:
        contact = contact_of(desk)

        found = text_of(technician.get(NEW, {"q": contact["email"], "type": kind.public_id}))
        filled = technician.get(NEW, {"q": contact["name"], "contact": contact["id"]}).content.decode()

        assert f"&amp;contact={contact['id']}" in found
        for value in (contact["name"], contact["email"], contact["company"]):
            assert f'value="{value}"' in filled

    def test_is_made_and_shown_to_be_copied(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        answer = technician.post(NEW, entered(desk, kind))

        made = SignedLink.objects.get()
        page = text_of(technician.get(answer.headers["Location"]))
        assert answer.headers["Location"] == f"{URL}?made={made.public_id}"
        assert (made.name, made.email, made.company, made.contact_id) == (
            "Nina New",
            "nina@newcomer.example",
            "Newcomer Ltd",
            "",
        )
        # The whole last day on the technician's clock.
        assert made.expires_at == datetime(2027, 6, 3, 4, tzinfo=UTC)
        assert made.opens_at is None
        assert f"/{desk.agent.slug}/review/?s={made.public_id}." in page
        assert "It works until <time" in page
        assert ">Wed 2 Jun</time>" in page
        assert "&lt;a href=&quot;" in page

    def test_is_bound_to_the_contact_whose_address_it_is(
        self, desk: Desk, kind: AppointmentType, technician: Client
    ) -> None:
        contact = contact_of(desk)

        technician.post(NEW, entered(desk, kind, email=contact["email"].upper()))

        assert SignedLink.objects.get().contact_id == contact["id"]

    def test_may_open_later(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        technician.post(NEW, entered(desk, kind, opens_on="2027-05-10"))

        assert SignedLink.objects.get().opens_at == datetime(2027, 5, 10, 4, tzinfo=UTC)
        assert "Not yet" in text_of(technician.get(URL))

    @pytest.mark.parametrize(
        ("changed", "problem"),
        [
            ({"expires_on": "2027-05-02"}, "It would be over before anybody could book by it."),
            ({"expires_on": "2027-05-09", "opens_on": "2027-05-10"}, "It would be over before"),
            ({"expires_on": "2029-01-01"}, "A year at most."),
            ({"email": "nina"}, "E-mail address"),
            ({"name": ""}, "Name"),
            ({"resource": ""}, "Choose who takes the appointment."),
        ],
    )
    def test_is_not_made_from_what_does_not_fit(
        self, desk: Desk, kind: AppointmentType, technician: Client, changed: dict[str, str], problem: str
    ) -> None:
        answer = technician.post(NEW, entered(desk, kind, **changed))

        assert answer.status_code == 422
        assert problem in text_of(answer)
        assert not SignedLink.objects.exists()

    def test_is_offered_with_shareable_types_only(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        closed = make_type(desk.account, internal_name="Not for all", slug="closed")

        page = technician.get(NEW)
        answer = technician.post(NEW, entered(desk, closed))

        assert "Not for all" not in text_of(page)
        assert answer.status_code == 422

    def test_is_not_made_for_a_stranger_where_the_type_refuses_them(
        self, desk: Desk, kind: AppointmentType, technician: Client
    ) -> None:
        AppointmentType.objects.filter(pk=kind.pk).update(new_contacts=NewContacts.REJECT_ADDRESS)

        stranger = technician.post(NEW, entered(desk, kind))
        known = technician.post(NEW, entered(desk, kind, email=contact_of(desk)["email"]))

        assert "it does not know this address" in text_of(stranger)
        assert known.status_code == 302

    def test_can_be_made_while_the_psa_is_down(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        with broken(desk.sandbox, "down"):
            searched = technician.get(NEW, {"q": "ana"})
            made = technician.post(NEW, entered(desk, kind))

        assert "does not answer" in text_of(searched)
        assert made.status_code == 302

    def test_names_several_people_in_their_order(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        team = make_team(desk.account, [desk.agent], slug="help-desk")

        technician.post(NEW, entered(desk, kind, resource=[team.public_id, desk.agent.public_id]))

        assert SignedLink.objects.get().resources == [team.public_id, desk.agent.public_id]


class TestLinkForATicket:
    def test_is_made_for_a_ticket_that_was_searched_for(
        self, desk: Desk, kind: AppointmentType, technician: Client
    ) -> None:
        ticket = desk.ticket()
        address = f"{NEW}?for=ticket&ticket=service_ticket:{ticket['id']}"

        found = text_of(technician.get(NEW, {"for": "ticket", "q": str(ticket["id"])}))
        answer = technician.post(address, {"expires_on": "2027-06-02"} | entered(desk, kind))

        made = SignedLink.objects.get()
        assert f"?for=ticket&amp;ticket=service_ticket:{ticket['id']}" in found
        assert answer.status_code == 302
        assert (made.ticket_number, made.ticket_summary) == (str(ticket["id"]), ticket["summary"])
        assert made.email == ticket["contactEmailAddress"]
        assert f"/ticket/{ticket['id']}/?s=" in text_of(technician.get(URL))

    def test_is_not_made_for_a_closed_one(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        ticket = desk.ticket(is_closed=True)

        answer = technician.post(f"{NEW}?for=ticket&ticket=service_ticket:{ticket['id']}", entered(desk, kind))

        assert "is closed. Reopen it" in text_of(answer)
        assert not SignedLink.objects.exists()


class TestTheList:
    def test_shows_members_their_own(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        make_signed_link(kind, [desk.agent], name="Somebody elses")

        assert "Somebody elses" not in text_of(technician.get(URL))
        assert "Somebody elses" in text_of(signed_in(desk.account, "dispatcher").get(URL))

    def test_is_paged(self, desk: Desk, kind: AppointmentType) -> None:
        for number in range(30):
            make_signed_link(kind, [desk.agent], name=f"Client {number}")

        page = text_of(signed_in(desk.account, "dispatcher").get(URL, {"page": "2"}))

        assert "26–30 of 30" in page

    def test_offers_nothing_to_copy_of_what_is_over(self, desk: Desk, kind: AppointmentType) -> None:
        make_signed_link(kind, [desk.agent], expires_at=NOW - timedelta(hours=1))

        page = text_of(signed_in(desk.account, "dispatcher").get(URL))

        assert "Expired" in page
        assert "data-copy" not in page
        assert "Take back" not in page


class TestTakingBack:
    def test_ends_the_link(self, desk: Desk, kind: AppointmentType, technician: Client) -> None:
        technician.post(NEW, entered(desk, kind))
        made = SignedLink.objects.get()

        answer = technician.post(f"{URL}{made.public_id}/revocation/", follow=True)

        assert "Taken back" in text_of(answer)
        made.refresh_from_db()
        assert made.revoked_at is not None

    def test_of_somebody_elses_is_for_those_who_cancel_for_all(
        self, desk: Desk, kind: AppointmentType, technician: Client
    ) -> None:
        from tests.support.members import make_member

        made = make_signed_link(kind, [desk.agent], maker=make_member(desk.account, "user"))

        assert technician.post(f"{URL}{made.public_id}/revocation/").status_code == 404
        assert signed_in(desk.account, "dispatcher").post(f"{URL}{made.public_id}/revocation/").status_code == 302


class TestWaysThere:
    def test_lead_from_the_type_and_from_the_requests(self, desk: Desk, kind: AppointmentType) -> None:
        browser = signed_in(desk.account, "dispatcher")

        assert f'href="{NEW}?type={kind.public_id}"' in browser.get(f"/app/types/{kind.public_id}/").content.decode()
        assert f'href="{URL}"' in browser.get("/app/requests/").content.decode()
