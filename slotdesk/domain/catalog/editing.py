"""Changing appointment types, told in the audit trail. Requests that exist keep the rules they were made with."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.terms import freeze_terms
from slotdesk.domain.events.changes import changes_between, values_of
from slotdesk.domain.events.operations import record


class SlugTaken(Exception):
    """Another appointment type of the account has this slug."""


def save_type(*, appointment_type: AppointmentType, actor: str, now: datetime) -> None:
    """Store a new or changed type. Raises BadTerms when its rules contradict themselves, SlugTaken."""
    freeze_terms(appointment_type)
    kind = "appointment_type.changed" if appointment_type.pk else "appointment_type.created"
    try:
        with transaction.atomic(durable=True):
            stored = AppointmentType.objects.select_for_update().filter(pk=appointment_type.pk).first()
            appointment_type.save()
            record(
                account=appointment_type.account,
                kind=kind,
                subject=appointment_type.public_id,
                now=now,
                actor=actor,
                changes=changes_between(values_of(stored) if stored else None, values_of(appointment_type)),
            )
    except IntegrityError as error:
        if "appointment_type_slug_once" in str(error):
            raise SlugTaken(appointment_type.slug) from error
        raise


@transaction.atomic(durable=True)
def archive_type(*, appointment_type: AppointmentType, is_archived: bool, actor: str, now: datetime) -> None:
    """Take a type out of use, or back into it. Open requests of it can be booked either way."""
    changed = AppointmentType.objects.filter(pk=appointment_type.pk, is_archived=not is_archived).update(
        is_archived=is_archived
    )
    if changed:
        verb = "archived" if is_archived else "restored"
        record(
            account=appointment_type.account,
            kind=f"appointment_type.{verb}",
            subject=appointment_type.public_id,
            now=now,
            actor=actor,
            changes={"is_archived": (not is_archived, is_archived)},
        )
