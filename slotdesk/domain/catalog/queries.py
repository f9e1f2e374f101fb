"""Reading appointment types of the active account."""

from __future__ import annotations

from django.db.models import Q, QuerySet

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


def search_types(words: str, *, is_archived: bool = False) -> QuerySet[AppointmentType]:
    """Types in whose names or address part every one of these words occurs; without words all."""
    types = list_archived_types() if is_archived else list_types()
    for word in words.split():
        named = Q(internal_name__icontains=word) | Q(external_name__icontains=word) | Q(slug__icontains=word)
        types = types.filter(named)
    return types
