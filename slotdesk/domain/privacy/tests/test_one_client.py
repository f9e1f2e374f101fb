"""Export and erasure of one client: complete, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.events.operations import record
from slotdesk.domain.privacy.classified import CLIENT_DATA
from slotdesk.domain.privacy.operations import AppointmentAhead, AtWork, Erased, erase_client, export_client
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import NOW, make_account
from tests.support.traces import leave_traces as leave_traces_at

Leave = Callable[..., SchedulingRequest]
LATER = NOW + timedelta(days=10)
EMAIL = "Zebra@client.example"


def tables_with(mark: str) -> dict[str, int]:
    """Every table of the database with rows that say the mark anywhere, and how many."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s', [f"%{mark}%"])
            (count,) = cursor.fetchone() or (0,)
            if count:
                found[table] = count
    return found


def erase(account: Account) -> Erased:
    return erase_client(account=account, email=EMAIL, actor="Alex", now=LATER)


class TestExport:
    def test_holds_every_field_that_is_classified_as_the_clients(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)

        found = export_client(account=account, email=EMAIL, actor="Alex", now=LATER)

        request = found["requests"][0]
        parts = {
            "booking.SchedulingRequest": request,
            "booking.Appointment": request["appointments"][0],
            "booking.Cancellation": request["appointments"][0]["cancellation"][0],
            "booking.Guest": request["guests"][0],
            "attributes.AttributeValue": request["attributes"][0],
            "workflows.StepRun": request["done"][0],
            "client_messages.Email": found["emails"][0],
            "links.EmailProof": found["codes"][0],
            "links.OpeningAlert": found["wants_to_be_told"][0],
            "links.SignedLink": found["links"][0],
            "connections.InboundCall": found["calls_from_the_psa"][0],
            "connections.BusyPeriod": found["calendar_entries"][0],
            "events.Event": next(event for event in request["history"] if event["kind"] == "appointment.cancelled"),
        }
        assert set(parts) == {kept.table for kept in CLIENT_DATA}
        for kept in CLIENT_DATA:
            for field in kept.fields:
                assert field in parts[kept.table], f"{kept.table}.{field}"
        json.dumps(found)

    def test_holds_nobody_elses_and_no_key(self, account: Account, leave_traces: Leave) -> None:
        mine = leave_traces(NOW)
        leave_traces(NOW, "okapi")

        found = json.dumps(export_client(account=account, email=EMAIL, actor="Alex", now=LATER))

        assert "okapi" not in found
        assert mine.token not in found

    def test_is_told_without_saying_of_whom(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)

        export_client(account=account, email=EMAIL, actor="Alex", now=LATER)

        event = Event.objects.get(kind="privacy.exported")
        assert event.data == {"requests": 1, "emails": 1}

    def test_says_where_they_are_somebody_elses_guest_and_nothing_of_that_person(
        self, account: Account, leave_traces: Leave
    ) -> None:
        leave_traces(NOW, "okapi")

        found = export_client(account=account, email="Okapi.Guest@client.example", actor="Alex", now=LATER)

        assert [each["email"] for each in found["guest_of"]] == ["okapi.guest@client.example"]
        assert found["guest_of"][0]["appointments"]
        assert "okapi name" not in json.dumps(found)


class TestErase:
    def test_takes_somebody_elses_guest_out_and_leaves_that_person(self, account: Account, leave_traces: Leave) -> None:
        request = leave_traces(NOW, "okapi")
        guest, like = "okapi.guest@client.example", "an-okapi.guest@client.example"
        StepRun.objects.filter(request=request).update(outcome=f"Sent to Okapi.Guest@client.example, {like}.")
        with transaction.atomic():
            changes: dict[str, tuple[list[str], list[str]]] = {"guests": ([], [guest])}
            record(account=account, kind="request.guests_added", subject=request.public_id, now=NOW, changes=changes)

        erased = erase_client(account=account, email=guest.upper(), actor="Alex", now=LATER)

        assert (erased.requests, erased.guests) == (0, 1)
        assert not request.guests.exists()
        assert StepRun.objects.filter(request=request).first().outcome == f"Sent to (removed), {like}."  # type: ignore[union-attr]
        assert Event.objects.get(kind="request.guests_added").changes == {"guests": [[], ["(removed)"]]}
        request.refresh_from_db()
        assert request.client_name == "okapi name"
        assert erase_client(account=account, email=guest, actor="Alex", now=LATER) == Erased(0, 0, 0)

    def test_leaves_no_trace_in_any_table(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        before = tables_with("zebra")

        erased = erase(account)

        assert {
            "booking_schedulingrequest",
            "attributes_attributevalue",
            "client_messages_email",
            "events_event",
            "workflows_steprun",
        } <= set(before)
        # The calendar's own entry is the vendor's, and goes when it is gone there.
        assert set(tables_with("zebra")) <= {"connections_busyperiod"}
        assert erased == Erased(requests=1, emails=1, calls=1)

    def test_keeps_what_statistics_count(self, account: Account, leave_traces: Leave) -> None:
        request = leave_traces(NOW)
        count = (SchedulingRequest.objects.count(), Appointment.objects.count(), StepRun.objects.count())
        appointment = Appointment.objects.get()

        erase(account)

        after = SchedulingRequest.objects.get()
        assert count == (SchedulingRequest.objects.count(), Appointment.objects.count(), StepRun.objects.count())
        assert (after.status, after.appointment_type_id, after.created_at) == (
            request.status,
            request.appointment_type_id,
            request.created_at,
        )
        assert (Appointment.objects.get().starts_at, Appointment.objects.get().is_cancelled) == (
            appointment.starts_at,
            True,
        )

    def test_leaves_no_clock_that_tells_where_they_were(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        Appointment.objects.update(zone="Asia/Kathmandu", wall_start="2027-05-04T22:30")

        erase(account)

        appointment = Appointment.objects.get()
        assert appointment.zone == account.zone
        assert appointment.wall_start == f"{appointment.starts_at.astimezone(ZoneInfo(account.zone)):%Y-%m-%dT%H:%M}"

    def test_says_that_it_was_done_and_not_to_whom(self, account: Account, leave_traces: Leave) -> None:
        request = leave_traces(NOW)

        erase(account)

        event = Event.objects.get(kind="privacy.erased")
        assert (event.actor, event.data) == (
            "Alex",
            {"requests": 1, "emails": 1, "calls": 1, "guests": 0, "mentions": 0},
        )
        assert Event.objects.get(kind="request.client_removed").subject == request.public_id

    def test_kills_the_link_and_closes_what_was_open(self, account: Account, leave_traces: Leave) -> None:
        request = leave_traces(NOW)
        SchedulingRequest.objects.filter(pk=request.pk).update(status="sent")

        erase(account)

        after = SchedulingRequest.objects.get()
        assert after.status == "closed"
        assert after.token != request.token

    def test_twice_changes_nothing_more(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        erase(account)
        events = Event.objects.count()

        assert erase(account) == Erased(0, 0, 0)
        assert Event.objects.count() == events

    def test_leaves_other_clients_and_other_accounts_alone(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW, "okapi")
        leave_traces(NOW)
        other = make_account("Another MSP")
        with active(other):
            theirs = leave_traces_at(other, now=NOW, mark="zebra", is_cancelled=True)
        okapis = tables_with("okapi")

        erase(account)

        assert tables_with("okapi") == okapis
        with active(other):
            theirs.refresh_from_db()
        assert theirs.client_name == "zebra name"

    def test_refuses_while_an_appointment_lies_ahead(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW, is_cancelled=False)
        before = tables_with("zebra")

        with pytest.raises(AppointmentAhead):
            erase_client(account=account, email=EMAIL, actor="Alex", now=NOW)

        assert tables_with("zebra") == before

    def test_waits_for_a_step_that_is_at_work(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        StepRun.objects.update(state="running", claimed_until=LATER + timedelta(minutes=1), finished_at=None)

        with pytest.raises(AtWork):
            erase(account)
