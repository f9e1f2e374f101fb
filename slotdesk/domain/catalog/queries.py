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
