"""The addresses of links, for people to pass on."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account

# What is written before the signature, see signed.py.
SIGNED = "s"


def link_root(account: Account) -> str:
    """What all links of the account begin with, without a slash behind."""
    return str(settings.PUBLIC_URL) if account.is_first else f"{settings.PUBLIC_URL}/@{account.slug}"


def shareable_link(account: Account, resources: Sequence[Agent | Team], appointment_type: AppointmentType) -> str:
    """Where a time is booked without a ticket."""
    slugs = ",".join(each.slug for each in resources)
    return f"{link_root(account)}/{slugs}/{appointment_type.slug}"


def page_link(account: Account, resource: Agent | Team) -> str:
    """Where the person or team has a page of their own."""
    return f"{link_root(account)}/{resource.slug}/"


def ticket_link(
    account: Account, resources: Sequence[Agent | Team], appointment_type: AppointmentType, number: str
) -> str:
    """Where a time is booked for a ticket. number: the ticket's, or what the PSA puts its number in place of."""
    return f"{shareable_link(account, resources, appointment_type)}/ticket/{number}"
