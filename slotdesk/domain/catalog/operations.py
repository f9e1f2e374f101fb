"""Making and changing appointment types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.tenants.models import Account


@dataclass(frozen=True, slots=True)
class _Default:
    name: str
    slug: str
    minutes: int
    place: str
    phone: str


_DEFAULTS = (
    _Default("15-minute phone call", "15-minute-call", 15, AppointmentType.Place.PHONE, "required"),
    _Default("30-minute phone call", "30-minute-call", 30, AppointmentType.Place.PHONE, "required"),
    _Default("30-minute remote access to PC", "30-minute-remote", 30, AppointmentType.Place.REMOTE, "optional"),
    _Default("30-minute in-person", "30-minute-in-person", 30, AppointmentType.Place.ONSITE, "required"),
)


@transaction.atomic
def create_default_types(account: Account) -> list[AppointmentType]:
    """Give a new account the four types that every account begins with; those that it has stay as they are."""
    types = []
    for position, default in enumerate(_DEFAULTS):
        made, _created = AppointmentType.objects.get_or_create(
            account=account,
            slug=default.slug,
            defaults={
                "internal_name": default.name,
                "duration": timedelta(minutes=default.minutes),
                "place": default.place,
                "phone_rule": default.phone,
                # On-site visits are planned into routes: those are moved by talking to each other.
                "clients_may_change": default.place != AppointmentType.Place.ONSITE,
                "position": position,
            },
        )
        types.append(made)
    return types
