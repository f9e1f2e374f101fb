"""Everything about one client as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from slotdesk.domain.attributes.queries import list_filled
from slotdesk.domain.booking.models import Appointment, Cancellation, Guest, SchedulingRequest
from slotdesk.domain.connections.models import BusyPeriod, ExternalLink
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.models import EmailProof, OpeningAlert, SignedLink
from slotdesk.domain.messages.models import Email
from slotdesk.domain.privacy.queries import calls_about, emails_to, guests_with, requests_of
from slotdesk.domain.workflows.models import StepRun

# Keys to the client's own pages, and how a request was set up, which says nothing about them.
_LEFT_OUT = frozenset({"id", "account", "token", "key", "terms", "workflow", "settings"})


def client_data(*, email: str, now: datetime) -> dict[str, Any]:
    """
    Return what is kept about whoever has this address: requests with all that hangs on them, where they are a guest,
    e-mails, links made for them, vendors' calls, and the titles of the calendar entries that were written for their
    appointments. Times are UTC.
    """
    requests = list(requests_of(email).order_by("pk"))
    public_ids = [request.public_id for request in requests]
    emails = Email.objects.filter(subject_id__in=public_ids) | emails_to(email)
    return {
        "email": email,
        "exported_at": now.isoformat(),
        "requests": [_request(request) for request in requests],
        "guest_of": [_guest(guest) for guest in guests_with(email).select_related("request").order_by("pk")],
        "emails": _rows(emails.distinct().order_by("pk")),
        "codes": _rows(EmailProof.objects.filter(email__iexact=email).order_by("pk")),
        "wants_to_be_told": _rows(OpeningAlert.objects.filter(email__iexact=email).order_by("pk")),
        "links": _rows(SignedLink.objects.filter(email__iexact=email).order_by("pk")),
        "calls_from_the_psa": _rows(calls_about(email).order_by("pk")),
        "calendar_entries": _rows(_entries(requests)),
    }


def _request(request: SchedulingRequest) -> dict[str, Any]:
    appointments = Appointment.objects.filter(request=request).order_by("pk")
    return _row(request) | {
        "appointments": [
            _row(each) | {"cancellation": _rows(Cancellation.objects.filter(appointment=each))} for each in appointments
        ],
        "guests": _rows(Guest.objects.filter(request=request).order_by("pk")),
        "attributes": [
            {"name": filled.attribute.name, "value": filled.value} for filled in list_filled(request) if filled.value
        ],
        "done": _rows(StepRun.objects.filter(request=request).order_by("pk")),
        "history": _rows(Event.objects.filter(subject=request.public_id).order_by("pk")),
    }


def _guest(guest: Guest) -> dict[str, Any]:
    """Of somebody else's request no more than the guest was told: what for, and when."""
    appointments = Appointment.objects.filter(request=guest.request).order_by("pk")
    return {
        "email": guest.email,
        "added_at": guest.added_at.isoformat(),
        "appointment_type": guest.request.external_name,
        "appointments": [{"starts_at": each.starts_at.isoformat()} for each in appointments],
    }


def _entries(requests: Sequence[SchedulingRequest]) -> models.QuerySet[BusyPeriod]:
    """Entries in our mirror that we had written for the requests' appointments."""
    found = BusyPeriod.objects.none()
    for public_id in Appointment.objects.filter(request__in=requests).values_list("public_id", flat=True):
        links = ExternalLink.objects.filter(kind="entry", subject__startswith=f"{public_id}:")
        for link in links:
            found |= BusyPeriod.objects.filter(calendar__connection_id=link.connection_id, external_id=link.external_id)
    return found.order_by("pk")


def _rows(rows: models.QuerySet[Any]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: models.Model) -> dict[str, Any]:
    values = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001 — documented for everybody's use
        if field.name not in _LEFT_OUT
    }
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain
