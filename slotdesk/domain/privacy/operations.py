"""Saying how long data are kept, and taking one client's data out or away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.connections.models import InboundCall
from slotdesk.domain.events.changes import changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.links.models import EmailProof, OpeningAlert, SignedLink
from slotdesk.domain.messages.models import Email
from slotdesk.domain.privacy.export import client_data
from slotdesk.domain.privacy.forget import forget_client
from slotdesk.domain.privacy.mentions import mask_address
from slotdesk.domain.privacy.models import Retention
from slotdesk.domain.privacy.queries import calls_about, emails_to, get_retention, guests_with, requests_of
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.workflows.models import StepRun


class AppointmentAhead(Exception):
    """The client has an appointment that is still to come; it must be cancelled before their data go."""


class AtWork(Exception):
    """Something is being done for the client at this moment, such as an e-mail being sent; try again in a minute."""


@dataclass(frozen=True, slots=True)
class Erased:
    """
    How much was taken out.

    guests     how often they were named as a guest; mentions: other people's rows that said the address
    """

    requests: int
    emails: int
    calls: int
    guests: int = 0
    mentions: int = 0


@transaction.atomic(durable=True)
def save_retention(*, retention: Retention, actor: str, now: datetime) -> None:
    """Store how long each kind of data is kept; the next nightly run keeps to it."""
    before = values_of(get_retention(retention.account))
    retention.save()
    record(
        account=retention.account,
        kind="privacy.retention_changed",
        subject=retention.account.public_id,
        now=now,
        actor=actor,
        changes=changes_between(before, values_of(retention)),
    )


@transaction.atomic(durable=True)
def export_client(*, account: Account, email: str, actor: str, now: datetime) -> Mapping[str, Any]:
    """Return everything that is kept about whoever has this address, as plain JSON; the export itself is told."""
    found = client_data(email=email, now=now)
    record(
        account=account,
        kind="privacy.exported",
        subject=account.public_id,
        now=now,
        actor=actor,
        data={"requests": len(found["requests"]), "emails": len(found["emails"])},
    )
    return found


@transaction.atomic(durable=True)
def erase_client(*, account: Account, email: str, actor: str, now: datetime) -> Erased:
    """
    Take whoever has this address out of everything, for good: their requests, and where others named them. Erasing
    twice changes nothing more.

    What the PSA and mailboxes hold is theirs and stays. The record of it says how much, not who. Raises
    AppointmentAhead, AtWork; then nothing is changed.
    """
    requests = list(requests_of(email).select_related("account").order_by("pk").select_for_update(of=("self",)))
    if Appointment.objects.filter(request__in=requests, cancellation=None, ends_at__gt=now).exists():
        raise AppointmentAhead
    guests = guests_with(email)
    concerned = Q(request__in=requests) | Q(request__guests__in=guests)
    if StepRun.objects.filter(concerned, state=StepRun.State.RUNNING, claimed_until__gt=now).exists():
        raise AtWork
    emails = Email.objects.filter(subject_id__in=[request.public_id for request in requests]) | emails_to(email)
    calls = calls_about(email)
    counts = (len(requests), emails.count(), calls.count(), guests.exclude(request__in=requests).count())
    emails.delete()
    guests.delete()
    EmailProof.objects.filter(email__iexact=email).delete()
    OpeningAlert.objects.filter(email__iexact=email).delete()
    SignedLink.objects.filter(email__iexact=email).delete()
    InboundCall.objects.filter(pk__in=calls.values("pk")).delete()
    forget_client(requests, actor=actor, by="erasure", now=now)
    erased = Erased(*counts, mentions=mask_address(email))
    if erased != Erased(0, 0, 0):
        record(
            account=account,
            kind="privacy.erased",
            subject=account.public_id,
            now=now,
            actor=actor,
            data=asdict(erased),
        )
    return erased
