"""Signed links for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.people.models import Agent, Team
from tests.support.factories import NOW


def make_signed_link(appointment_type: AppointmentType, resources: Sequence[Agent | Team], **fields: Any) -> SignedLink:
    """For Nina New, from NOW on for thirty days, unless said."""
    client = {"name": "Nina New", "email": "nina@newcomer.example", "company": "Newcomer Ltd"}
    defaults = {"made_by": "Jordan Doe", "made_at": NOW, "expires_at": NOW + timedelta(days=30)}
    return SignedLink.objects.create(
        account=appointment_type.account,
        appointment_type=appointment_type,
        resources=[each.public_id for each in resources],
        **(defaults | ({} if "ticket_number" in fields else client) | fields),
    )
