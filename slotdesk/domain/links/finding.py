"""From the words of a link's address to whom and what it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slotdesk.domain.booking.asked import is_bookable
from slotdesk.domain.booking.drafts import MOST_RESOURCES, is_for
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account


@dataclass(frozen=True, slots=True)
class Link:
    """
    What a link leads to.

    resources   in the order of the address
    """

    account: Account
    resources: tuple[Agent | Team, ...]
    appointment_type: AppointmentType


def find_account(slug: str) -> Account | None:
    """
    Return the account of a link's address, before any account is active.

    slug   as in /@slug/…; empty = the address names none: the installation's first account has the short addresses
    """
    if slug:
        return Account.objects.filter(slug=slug).first()
    return Account.objects.order_by("id").first()


def find_link(account: Account, resource_slugs: Sequence[str], type_slug: str) -> Link | None:
    """
    Return what the address leads to; None where somebody or the type is not there, cannot be booked, or may not be
    asked for with the other, so that nobody learns which. A resource named twice is none.
    """
    if not 0 < len(resource_slugs) <= MOST_RESOURCES or len(set(resource_slugs)) != len(resource_slugs):
        return None
    appointment_type = (
        AppointmentType.objects.select_related("account")
        .prefetch_related("resources")
        .filter(slug=type_slug, is_archived=False)
        .exclude(slug="")
        .first()
    )
    resources = [find_resource(slug) for slug in resource_slugs]
    if appointment_type is None or not all(each and is_for(appointment_type, each) for each in resources):
        return None
    return Link(account, tuple(each for each in resources if each), appointment_type)


def find_resource(slug: str) -> Agent | Team | None:
    """The agent or team of the active account that is called so in links and can be booked."""
    agent = Agent.objects.filter(slug=slug).first()
    if agent is not None:
        return agent if is_bookable(agent) else None
    return Team.objects.filter(slug=slug, is_active=True).first()
