"""What is noticed of tickets, how often it is told, and what is not taken for a change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.ticket_changes import follow_tickets
from slotdesk.domain.connections.models import Connection, WatchedTicket
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.connections.ticket_watch import MOST_AT_ONCE, note_changed, set_own_status
from slotdesk.domain.events.models import Event
from slotdesk.ports import errors
from slotdesk.ports.psa import TicketRef
from tests.support.msp import Msp, connected_msp
from tests.support.psa import broken

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


@pytest.fixture
def ticket(msp: Msp) -> dict[str, Any]:
    return msp.open_ticket()


@pytest.fixture
def request_(msp: Msp, ticket: dict[str, Any]) -> SchedulingRequest:
    return msp.invite(ticket)


def statuses(msp: Msp, ticket: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = msp.api(f"/service/boards/{ticket['board']['id']}/statuses", pageSize=100)
    return {row["name"]: row for row in rows}


def give(msp: Msp, ticket: dict[str, Any], name: str) -> None:
    """What somebody in the PSA does."""
    status = statuses(msp, ticket)[name]
    held = msp.psa.store.get("tickets", ticket["id"])
    reference = {"id": status["id"], "name": status["name"]}
    msp.psa.store.put("tickets", {**held, "status": reference, "closedFlag": status["closedStatus"]})


def hook(msp: Msp, ticket: dict[str, Any]) -> None:
    """The vendor says that the ticket changed."""
    note_changed(connection=msp.connection, ticket_id=str(ticket["id"]), now=timezone.now())


def look(msp: Msp, at: datetime | None = None) -> None:
    follow_tickets(connection_id=msp.connection.pk, clock=lambda: at or timezone.now())


def told() -> list[tuple[str, str, str]]:
    events = Event.objects.filter(kind__startswith="ticket.").order_by("id")
    return [(event.kind, event.data["from"], event.data["to"]) for event in events]


class TestAStatusThatChanges:
    def test_is_told_once_however_often_the_vendor_calls(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        before = ticket["status"]["name"]
        give(msp, ticket, "Waiting on Client")
        for _ in range(2):
            hook(msp, ticket)
            look(msp)

        assert told() == [("ticket.status_changed", before, "Waiting on Client")]
        event = Event.objects.get(kind="ticket.status_changed")
        assert event.subject == request_.public_id
        assert event.data["board"] == ticket["board"]["name"]

    def test_is_not_told_for_other_changes_of_the_ticket(self, msp: Msp, ticket: dict[str, Any]) -> None:
        msp.invite(ticket)
        held = msp.psa.store.get("tickets", ticket["id"])
        msp.psa.store.put("tickets", {**held, "summary": "Something else"})
        hook(msp, ticket)
        look(msp)

        assert told() == []

    def test_is_noticed_without_a_hook(self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest) -> None:
        give(msp, ticket, "Waiting on Client")

        look(msp)
        assert told() == []

        look(msp, timezone.now() + timedelta(minutes=3))
        assert len(told()) == 1

    def test_is_told_to_each_request_that_waits_and_to_no_other(self, msp: Msp, ticket: dict[str, Any]) -> None:
        waiting, booked, over = msp.invite(ticket), msp.invite(ticket), msp.invite(ticket)
        msp.book_first(booked)
        cancel_request(request=over, actor="Jordan Doe", now=timezone.now())
        give(msp, ticket, "Waiting on Client")
        hook(msp, ticket)
        look(msp)

        subjects = Event.objects.filter(kind="ticket.status_changed").values_list("subject", flat=True)
        assert set(subjects) == {waiting.public_id, booked.public_id}

    def test_is_not_told_to_a_request_that_was_made_after_it(self, msp: Msp, ticket: dict[str, Any]) -> None:
        first = msp.invite(ticket)
        give(msp, ticket, "Waiting on Client")
        msp.invite(ticket)
        hook(msp, ticket)
        look(msp)

        assert [event.subject for event in Event.objects.filter(kind="ticket.status_changed")] == [first.public_id]

    def test_is_not_told_when_a_look_comes_in_late(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        before = timezone.now()
        give(msp, ticket, "Waiting on Client")
        hook(msp, ticket)
        look(msp)
        give(msp, ticket, ticket["status"]["name"])
        hook(msp, ticket)

        look(msp, before)  # as if it had begun before the other one, and its answer had been held up

        assert len(told()) == 1
        look(msp)
        assert len(told()) == 2


class TestAClosedTicket:
    def test_is_told_beside_its_status_and_again_when_it_was_reopened(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        before = ticket["status"]["name"]
        for name in ("Closed", before, "Closed"):
            give(msp, ticket, name)
            hook(msp, ticket)
            look(msp)

        assert told() == [
            ("ticket.status_changed", before, "Closed"),
            ("ticket.closed", before, "Closed"),
            ("ticket.status_changed", "Closed", before),
            ("ticket.status_changed", before, "Closed"),
            ("ticket.closed", before, "Closed"),
        ]

    def test_is_one_that_was_deleted(self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest) -> None:
        msp.psa.store.remove("tickets", ticket["id"])
        for _ in range(2):
            hook(msp, ticket)
            look(msp)

        event = Event.objects.get(kind__startswith="ticket.")
        assert (event.kind, event.data["is_deleted"]) == ("ticket.closed", True)

    def test_is_not_one_that_became_a_project_ticket(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        held = msp.psa.store.get("tickets", ticket["id"])
        msp.psa.store.put("tickets", {**held, "recordType": "ProjectTicket"})
        hook(msp, ticket)
        look(msp)

        assert told() == []

    def test_is_not_believed_while_the_psa_finds_nothing_at_all(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        msp.psa.store.remove("tickets", ticket["id"])
        for row in msp.psa.store.all("priorities"):
            msp.psa.store.remove("priorities", row["id"])
        hook(msp, ticket)
        look(msp)

        assert told() == []
        assert WatchedTicket.objects.get().changed_at is not None


class TestOurOwnDoing:
    def own(self, msp: Msp, ticket: dict[str, Any], name: str) -> None:
        status = statuses(msp, ticket)[name]
        set_own_status(
            msp.connection,
            open_psa(msp.connection, seconds=PATIENT),
            TicketRef("service_ticket", str(ticket["id"])),
            {"id": str(status["id"]), "name": name, "is_closed": status["closedStatus"]},
        )

    @pytest.mark.parametrize("name", ["Scheduled", "Closed"])
    def test_is_no_change(self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest, name: str) -> None:
        self.own(msp, ticket, name)
        hook(msp, ticket)
        look(msp)
        look(msp, timezone.now() + timedelta(hours=2))

        assert told() == []

    def test_is_no_change_for_a_look_in_between(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        status = statuses(msp, ticket)["Scheduled"]
        WatchedTicket.objects.update(expected_status_id=str(status["id"]), expected_at=timezone.now())
        give(msp, ticket, "Scheduled")  # carried out, and we were killed before we could write it down
        hook(msp, ticket)
        look(msp)

        assert told() == []

    def test_leaves_what_the_psas_rules_make_of_it_a_change(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        self.own(msp, ticket, "Scheduled")
        give(msp, ticket, "In Progress")
        hook(msp, ticket)
        look(msp)

        assert told() == [("ticket.status_changed", "Scheduled", "In Progress")]

    def test_is_not_expected_any_more_once_it_was_refused(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        with pytest.raises(errors.Rejected):
            set_own_status(
                msp.connection,
                open_psa(msp.connection, seconds=PATIENT),
                TicketRef("service_ticket", str(ticket["id"])),
                {"id": "987654", "name": "Elsewhere", "is_closed": False},
            )

        assert WatchedTicket.objects.get().expected_status_id == ""

    def test_is_not_expected_for_ever(self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest) -> None:
        status = statuses(msp, ticket)["Scheduled"]
        long_ago = timezone.now() - timedelta(hours=2)
        WatchedTicket.objects.update(expected_status_id=str(status["id"]), expected_at=long_ago)
        give(msp, ticket, "Scheduled")
        hook(msp, ticket)
        look(msp)

        assert len(told()) == 1


class TestFollowing:
    def test_tells_it_when_the_psa_answers_again(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        give(msp, ticket, "Waiting on Client")
        hook(msp, ticket)
        with broken(msp.psa, "500"):
            look(msp)
        assert told() == []

        look(msp)

        assert len(told()) == 1

    def test_stops_watching_what_nobody_waits_for(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        cancel_request(request=request_, actor="Jordan Doe", now=timezone.now())
        look(msp, timezone.now() + timedelta(hours=1))
        assert not WatchedTicket.objects.exists()

        msp.invite(ticket)
        assert WatchedTicket.objects.count() == 1

    def test_reads_no_more_tickets_in_a_turn_than_are_allowed(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        row = WatchedTicket.objects.get()
        old = timezone.now() - timedelta(days=1)
        copies = [
            WatchedTicket(connection=msp.connection, kind=row.kind, external_id=f"x{n}", seen_at=old)
            for n in range(MOST_AT_ONCE + 5)
        ]
        WatchedTicket.objects.bulk_create(copies)

        look(msp)

        assert WatchedTicket.objects.exclude(pk=row.pk).count() == 5

    def test_does_nothing_for_a_connection_that_is_gone(self, msp: Msp) -> None:
        follow_tickets(connection_id=Connection.objects.order_by("-pk")[0].pk + 1, clock=timezone.now)
