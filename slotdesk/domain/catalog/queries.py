"""Reading appointment types of the active account."""

from __future__ import annotations

from django.db.models import QuerySet

from slotdesk.domain.catalog.models import AppointmentType


def list_types() -> QuerySet[AppointmentType]:
    """Types in use, in the account's order."""
    return AppointmentType.objects.filter(is_archived=False).order_by("position", "internal_name", "id")


def get_type(public_id: str) -> AppointmentType:
    """Raises AppointmentType.DoesNotExist."""
    return AppointmentType.objects.get(public_id=public_id)


def list_archived_types() -> QuerySet[AppointmentType]:
    """Types that are no longer offered; requests made from them live on."""
    return AppointmentType.objects.filter(is_archived=True).order_by("internal_name", "id")
