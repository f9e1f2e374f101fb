"""Vendors' calls: which are believed, and what is kept of them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from sandbox.connectwise.callbacks import sign, signing_key
from slotdesk.domain.connections.inbound import ToRead, delete_old_calls, handle_call
from slotdesk.domain.connections.models import BusyPeriod, Calendar, InboundCall, WatchedTicket
from tests.support.factories import make_agent
from tests.support.psa import Desk


def message(desk: Desk, *, kind: str = "schedule", id_: int = 7, **fields: Any) -> bytes:
    key_url = f"{desk.sandbox.url}/v4_6_release/apis/3.0/keys/{signing_key(desk.sandbox.store)['keyId']}"
    body = {
        "Action": "updated",
        "CompanyId": desk.sandbox.company_id,
        "Entity": json.dumps({"id": id_}),
        "FromUrl": desk.sandbox.url,
        "ID": id_,
        "MemberId": None,
        "MessageId": "m",
        "Metadata": {"key_url": key_url},
        "Type": kind,
    }
    return json.dumps(body | fields).encode()


def call(desk: Desk, body: bytes, *, signature: str | None = None) -> int:
    signature = sign(desk.sandbox.store, body) if signature is None else signature
    return (
        Client(enforce_csrf_checks=True)
        .post(
            f"/hooks/{desk.connection.public_id}/?recordId=7",
            body,
            content_type="application/json",
            headers={"x-content-signature": signature},
        )
        .status_code
    )


class TestReceive:
    def test_keeps_a_signed_call_and_defers_its_job(self, desk: Desk) -> None:
        body = message(desk)

        assert call(desk, body) == 204

        kept = InboundCall.objects.get()
        assert kept.body == body.decode()
        assert [change["kind"] for change in kept.changes] == ["schedule"]
        job = ProcrastinateJob.objects.get(task_name="handle_hook")
        assert job.args == {"call_id": kept.pk}

    def test_refuses_a_wrong_signature_and_keeps_nothing(self, desk: Desk) -> None:
        assert call(desk, message(desk), signature="AAAA") == 401
        assert call(desk, message(desk), signature="") == 401
        assert not InboundCall.objects.exists()

    def test_refuses_a_body_that_was_changed_on_the_way(self, desk: Desk) -> None:
        body = message(desk)

        assert call(desk, body.replace(b'"updated"', b'"deleted"'), signature=sign(desk.sandbox.store, body)) == 401

    def test_refuses_a_big_body_unread(self, desk: Desk) -> None:
        assert call(desk, b"x" * (256 * 1024 + 1), signature="AAAA") == 413

    def test_does_not_find_an_unknown_address(self, desk: Desk) -> None:
        url = "/hooks/conn_0000000000000000000000/"

        assert Client().post(url, b"{}", content_type="application/json").status_code == 404

    def test_takes_calls_only(self, desk: Desk) -> None:
        assert Client().get(f"/hooks/{desk.connection.public_id}/").status_code == 405


class TestHandle:
    def test_marks_the_calendar_that_has_the_entry(self, desk: Desk) -> None:
        other = make_agent(desk.account, "Another Technician")
        calendar = Calendar.objects.get(agent=desk.agent)
        now = timezone.now()
        BusyPeriod.objects.create(calendar=calendar, external_id="7", starts_at=now, ends_at=now, kind="busy")
        call(desk, message(desk, id_=7))

        handle_call(call_id=InboundCall.objects.get().pk, now=now)

        assert Calendar.objects.get(agent=desk.agent).is_changed
        assert not Calendar.objects.get(agent=other).is_changed
        assert InboundCall.objects.get().handled_at == now

    def test_marks_every_calendar_for_an_entry_that_nobody_knows(self, desk: Desk) -> None:
        make_agent(desk.account, "Another Technician")
        call(desk, message(desk, id_=4711))

        handle_call(call_id=InboundCall.objects.get().pk, now=timezone.now())

        assert set(Calendar.objects.values_list("is_changed", flat=True)) == {True}

    def test_has_the_ticket_looked_at_that_a_request_waits_for(self, desk: Desk) -> None:
        seen = {"seen_at": timezone.now(), "external_id": "7"}
        WatchedTicket.objects.create(connection=desk.connection, kind="service_ticket", **seen)
        call(desk, message(desk, kind="ticket", id_=7))
        call(desk, message(desk, kind="ticket", id_=8))
        now = timezone.now()

        watched, other = (handle_call(call_id=each.pk, now=now) for each in InboundCall.objects.order_by("id"))

        assert watched == ToRead(desk.connection.pk, calendars=False, tickets=True)
        assert other == ToRead(desk.connection.pk, calendars=False, tickets=False)
        assert WatchedTicket.objects.get().changed_at == now

    def test_does_nothing_the_second_time(self, desk: Desk) -> None:
        call(desk, message(desk))
        pk, first = InboundCall.objects.get().pk, timezone.now()
        handle_call(call_id=pk, now=first)
        Calendar.objects.update(is_changed=False)

        assert handle_call(call_id=pk, now=timezone.now()) is None

        assert InboundCall.objects.get().handled_at == first
        assert not Calendar.objects.filter(is_changed=True).exists()


class TestDelete:
    def test_takes_what_was_kept_for_a_week(self, desk: Desk) -> None:
        call(desk, message(desk, id_=1))
        call(desk, message(desk, id_=2))
        now = timezone.now()
        old, young = InboundCall.objects.order_by("id")
        InboundCall.objects.filter(pk=old.pk).update(received_at=now - timedelta(days=7, seconds=1))

        assert delete_old_calls(now=now) == 1

        assert InboundCall.objects.get() == young
