"""Deleting what has been kept long enough: in batches, each a transaction of its own, safe to run twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.connections.models import BusyPeriod, InboundCall
from slotdesk.domain.events.door import Purpose, open_door
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.models import EmailProof, OpeningAlert, SignedLink
from slotdesk.domain.messages.models import Email
from slotdesk.domain.privacy.forget import anything_of_client, forget_client
from slotdesk.domain.privacy.queries import get_retention
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.workflows.models import StepRun

_BATCH = 200


def keep_retention(*, account: Account, now: datetime) -> None:
    """
    Make the active account hold nothing that is older than it says.

    Two exceptions wait for a later night: a request that something is being done for at this moment, and an event whose
    effects are still to come. A run that is broken off leaves whole batches, and the next one goes on.
    """
    kept = get_retention(account)
    _until_done(lambda: _forget_requests(now - timedelta(days=kept.request_days), now))
    _until_done(lambda: _delete_entries(now - timedelta(days=kept.request_days)))
    _until_done(lambda: _delete_emails(now - timedelta(days=kept.email_days)))
    _until_done(lambda: _delete_proofs(now - timedelta(days=kept.email_days)))
    _until_done(lambda: _delete_alerts(now - timedelta(days=kept.email_days)))
    _until_done(lambda: _delete_links(now - timedelta(days=kept.request_days)))
    _until_done(lambda: _delete_calls(now - timedelta(days=kept.call_days)))
    _until_done(lambda: _delete_events(now - timedelta(days=kept.audit_days)))
    _end_sessions(account, now - timedelta(days=kept.session_days))


def delete_expired_sessions(*, now: datetime) -> None:
    """Sign-in sessions of everybody that have run out: nobody can use them, and they name people and addresses."""
    Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()


def _until_done(batch: Callable[[], int]) -> None:
    while True:
        with transaction.atomic(durable=True):
            if batch() < _BATCH:
                return


def _forget_requests(before: datetime, now: datetime) -> int:
    later = Appointment.objects.filter(request=OuterRef("pk"), ends_at__gte=before)
    at_work = StepRun.objects.filter(request=OuterRef("pk"), state=StepRun.State.RUNNING, claimed_until__gt=now)
    old = SchedulingRequest.objects.filter(
        anything_of_client(), ~Exists(later), ~Exists(at_work), created_at__lt=before
    )
    batch = list(
        old.select_related("account").order_by("pk").select_for_update(of=("self",), skip_locked=True)[:_BATCH]
    )
    forget_client(batch, actor="", by="retention", now=now)
    return len(batch)


def _delete_entries(before: datetime) -> int:
    old = BusyPeriod.objects.filter(ends_at__lt=before).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    return _delete(BusyPeriod.objects.filter(pk__in=list(old)))


def _delete_emails(before: datetime) -> int:
    old = Email.objects.filter(created_at__lt=before).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    return _delete(Email.objects.filter(pk__in=list(old)))


def _delete_proofs(before: datetime) -> int:
    old = EmailProof.objects.filter(created_at__lt=before).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    return _delete(EmailProof.objects.filter(pk__in=list(old)))


def _delete_alerts(before: datetime) -> int:
    old = OpeningAlert.objects.filter(asked_at__lt=before).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    return _delete(OpeningAlert.objects.filter(pk__in=list(old)))


def _delete_links(before: datetime) -> int:
    old = SignedLink.objects.filter(expires_at__lt=before).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    return _delete(SignedLink.objects.filter(pk__in=list(old)))


def _delete_calls(before: datetime) -> int:
    old = InboundCall.objects.filter(received_at__lt=before).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    return _delete(InboundCall.objects.filter(pk__in=list(old)))


def _delete_events(before: datetime) -> int:
    """With the step runs that followed from them. One whose effects are to be made or to be run is left."""
    to_come = StepRun.objects.filter(event=OuterRef("pk"), finished_at=None)
    old = Event.objects.filter(~Exists(to_come), created_at__lt=before, advanced_at__isnull=False)
    batch = list(old.order_by("pk").values_list("pk", flat=True)[:_BATCH])
    with open_door(Purpose.RETENTION):
        StepRun.objects.filter(event__in=batch).delete()
        Event.objects.filter(pk__in=batch).delete()
    return len(batch)


def _delete(rows: QuerySet[Any]) -> int:
    deleted, _by_table = rows.delete()
    return deleted


def _end_sessions(account: Account, before: datetime) -> None:
    """Somebody with a place in several accounts is signed out by the strictest of them."""
    unused = UserSession.objects.filter(user__memberships__account=account, last_seen_at__lt=before)
    for session in unused:
        session.end()
