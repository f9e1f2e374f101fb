"""Calls from vendors: kept first, handled by a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from slotdesk.domain.connections.mirror_upkeep import forget_freshness
from slotdesk.domain.connections.models import BusyPeriod, Connection, InboundCall
from slotdesk.domain.connections.registry import PROMPT, open_psa
from slotdesk.domain.connections.ticket_watch import note_changed
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports.psa import Change

HANDLE = "handle_hook"
# Long enough to look into what a vendor sent when something went wrong.
_KEPT_FOR = timedelta(days=7)


def receive_call(*, connection: Connection, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """
    Verify a vendor's call, keep it, and defer the job that handles it, all or nothing.

    A call that says nothing we follow is not kept. Raises ports.errors.NotAuthorized for a wrong signature.
    """
    changes = open_psa(connection, seconds=PROMPT).read_hook(headers, body)
    if not changes:
        return
    with transaction.atomic(durable=True):
        call = InboundCall.objects.create(
            connection=connection,
            body=body.decode("utf-8", "replace").replace("\x00", ""),
            changes=[asdict(change) for change in changes],
            received_at=now,
        )
        app.configure_task(HANDLE, queue="calendars").defer(call_id=call.pk)


@dataclass(frozen=True, slots=True)
class ToRead:
    """What is to be read anew through a connection."""

    connection_id: int
    calendars: bool
    tickets: bool


def handle_call(*, call_id: int, now: datetime) -> ToRead | None:
    """
    Mark the calendars and watched tickets that the call is about as changed, and return what is to be read.

    None for a call that is gone or was handled; handling a call twice changes nothing.

    A message that names no member is about whoever has the entry in the mirror, or, for one that we do not know yet,
    about everybody.
    """
    with all_accounts():  # the job knows the call by its id alone
        call = InboundCall.objects.select_related("connection__account").filter(pk=call_id).first()
    if call is None or call.handled_at is not None:
        return None
    with active(call.connection.account):
        changes = [Change(**item) for item in call.changes]
        schedules = [change for change in changes if change.kind == "schedule"]
        for change in schedules:
            for member_id in _members(call.connection, change):
                forget_freshness(connection=call.connection, member_id=member_id)
        tickets = {change.id for change in changes if change.kind == "ticket"}
        is_watched = [note_changed(connection=call.connection, ticket_id=id_, now=now) for id_ in sorted(tickets)]
        InboundCall.objects.filter(pk=call.pk).update(handled_at=now)
    return ToRead(call.connection_id, calendars=bool(schedules), tickets=any(is_watched))


def _members(connection: Connection, change: Change) -> set[str]:
    known = BusyPeriod.objects.filter(calendar__connection=connection, external_id=change.id)
    members = set(known.values_list("calendar__external_id", flat=True))
    if change.member_id:
        members.add(change.member_id)
    return members or {""}


def delete_old_calls(*, now: datetime) -> int:
    """
    Delete every account's calls that were kept long enough, and return how many.

    Also those that were never handled: the calendars were read anew many times since.
    """
    with all_accounts():
        deleted, _ = InboundCall.objects.filter(received_at__lt=now - _KEPT_FOR).delete()
    return deleted
