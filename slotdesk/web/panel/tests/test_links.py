"""Links made in the ticket, by which more than one appointment can be booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import User
from slotdesk.web.panel.viewer import sign_token
from tests.support.factories import make_type
from tests.support.links import make_signed_link
from tests.support.members import give_place, make_member
from tests.support.psa import MEMBER_ID, Desk


@pytest.fixture
def kind(desk: Desk) -> AppointmentType:
    return make_type(desk.account, internal_name="Visit", slug="visit")


def send(desk: Desk, method: str, path: str, **fields: Any) -> Any:
    token = sign_token(connection=desk.connection, member_id=MEMBER_ID, name="Jordan Doe")
    url = f"/panel/{desk.connection.public_id}/tickets/{path}"
    browser = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}"})
    return browser.get(url, fields) if method == "get" else browser.post(url, fields)


def make(desk: Desk, ticket: dict[str, Any], kind: AppointmentType, **fields: Any) -> Any:
    until = datetime.now(UTC).date() + timedelta(days=10)
    choices = {"type": kind.public_id, "resource": desk.agent.public_id, "until": until.isoformat()} | fields
    return send(desk, "post", f"service_ticket/{ticket['id']}/links/", **choices)


class TestLink:
    def test_is_offered_with_a_last_day(self, desk: Desk, kind: AppointmentType) -> None:
        page = send(desk, "get", f"{desk.ticket()['id']}/").content.decode()

        assert "Link for more than one booking" in page
        assert 'name="until" value="20' in page

    def test_is_made_and_stands_with_the_ticket(self, desk: Desk, kind: AppointmentType) -> None:
        ticket = desk.ticket()

        answer = make(desk, ticket, kind)

        made, page = SignedLink.objects.get(), answer.content.decode()
        assert answer.status_code == 201
        assert (made.ticket_number, made.made_by, made.email) == (
            str(ticket["id"]),
            "Jordan Doe",
            ticket["contactEmailAddress"],
        )
        assert f"/{desk.agent.slug}/visit/ticket/{ticket['id']}/?s={made.public_id}." in page
        assert "Take it back" in page
        assert made.public_id in send(desk, "get", f"{ticket['id']}/").content.decode()

    @pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2999-01-01"])
    def test_needs_a_day_that_it_can_end_on(self, desk: Desk, kind: AppointmentType, until: str) -> None:
        assert make(desk, desk.ticket(), kind, until=until).status_code == 422
        assert not SignedLink.objects.exists()

    def test_is_none_for_a_closed_ticket(self, desk: Desk, kind: AppointmentType) -> None:
        assert make(desk, desk.ticket(is_closed=True), kind).status_code == 409

    def test_needs_a_type_with_an_address_part(self, desk: Desk) -> None:
        answer = make(desk, desk.ticket(), make_type(desk.account, slug=""))

        assert "has no address part" in answer.content.decode()

    def test_is_not_for_whoever_may_not_ask_clients(self, desk: Desk, kind: AppointmentType) -> None:
        membership = give_place(desk.account, User.objects.create_user("finance@summit.example"), "finance")
        Agent.objects.filter(pk=desk.agent.pk).update(membership=membership)

        assert make(desk, desk.ticket(), kind).status_code == 403

    def test_is_taken_back(self, desk: Desk, kind: AppointmentType) -> None:
        ticket = desk.ticket()
        make(desk, ticket, kind)
        made = SignedLink.objects.get()

        answer = send(desk, "post", f"service_ticket/{ticket['id']}/links/{made.public_id}/revocation/")

        assert "Taken back" in answer.content.decode()
        assert "Take it back" not in answer.content.decode()
        made.refresh_from_db()
        assert made.revoked_at is not None

    def test_of_a_colleague_or_another_ticket_is_left_alone(self, desk: Desk, kind: AppointmentType) -> None:
        ticket = desk.ticket()
        of_ticket = {"ticket_number": str(ticket["id"]), "ticket_kind": "service_ticket"}
        theirs = make_signed_link(
            kind,
            [desk.agent],
            **of_ticket,
            ticket_id=str(ticket["id"]),
            maker=make_member(desk.account, "user"),
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        elsewhere = make_signed_link(kind, [desk.agent], **of_ticket, ticket_id="1")

        for made in (theirs, elsewhere):
            path = f"service_ticket/{ticket['id']}/links/{made.public_id}/revocation/"
            assert send(desk, "post", path).status_code == 404
